"""One WebSocket at the level of ASGI: handshake, deadlines, outbox, close codes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Scope
from structlog.types import EventDict

from chat.close_codes import Close
from chat.rate import Rate
from chat.socket import LONGEST_OUTBOX, SEND_WITHIN, SILENCE_LIMIT, Closed, Connection, Conversant, Pulse, SocketDoor
from chat.strict_json import LARGEST_FRAME, BadFrame
from storage.clock import ManualClock
from tests.eventually import eventually
from tests.sockets import ORIGIN
from tests.stores import NOON

pytestmark = pytest.mark.anyio


@dataclass
class Wire:
    """What uvicorn is to an application. A test holds `reading` back to play a browser that does not read."""

    origins: list[bytes] = field(default_factory=lambda: [ORIGIN.encode()])
    sent: list[Message] = field(default_factory=list)
    incoming: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    reading: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.reading.set()

    @property
    def scope(self) -> Scope:
        headers = [(b"host", b"localhost:8000"), *((b"origin", value) for value in self.origins)]
        return {"type": "websocket", "headers": headers}

    async def receive(self) -> Message:
        return await self.incoming.get()

    async def send(self, message: Message) -> None:
        await self.reading.wait()
        self.sent.append(message)

    def says(self, text: str) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def goes(self) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1005})

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if message["type"] == "websocket.send"]

    @property
    def code(self) -> int | None:
        """The close code that was sent; None before."""
        return next((message["code"] for message in self.sent if message["type"] == "websocket.close"), None)

    @property
    def accepted(self) -> bool:
        return any(message["type"] == "websocket.accept" for message in self.sent)


class Parrot:
    """A conversant that says everything again, and does what it is told to."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.heard: list[str] = []
        self.went = 0

    async def opened(self, connection: Connection, first: str) -> None:
        self.connection = connection
        await self.received(first)

    async def received(self, text: str) -> None:
        self.heard.append(text)
        assert self.connection is not None
        match text:
            case "nonsense":
                raise BadFrame
            case "over":
                raise Closed(Close.OVER)
            case "close":
                self.connection.close(Close.REPLACED)
            case "fault":
                raise ZeroDivisionError
            case "slow database":
                raise TimeoutError
            case "flood":
                for number in range(LONGEST_OUTBOX + 2):
                    self.connection.send(str(number))
            case _:
                self.connection.send(text)

    async def gone(self) -> None:
        self.went += 1


GENEROUS = Rate(1.0, 100.0)


@dataclass
class Door:
    """A socket door with short deadlines, on a clock that stands still."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    rate: Rate = GENEROUS
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pulse = Pulse(clock=self.clock)
        self.door = SocketDoor(
            clock=self.clock, pulse=self.pulse, origin=ORIGIN, rate=self.rate, hello_within=0.2, send_within=0.2
        )

    def open(self, wire: Wire, who: Conversant | Close) -> asyncio.Task[None]:
        serving = self.door.serve(wire.scope, wire.receive, wire.send, lambda _scope: who)
        self.tasks.append(asyncio.create_task(serving))
        return self.tasks[-1]


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    yield door
    for task in door.tasks:
        task.cancel()
    await asyncio.gather(*door.tasks, return_exceptions=True)


async def talked(door: Door, *texts: str) -> tuple[Wire, Parrot]:
    """A socket on which this was said, and the end of it waited for."""
    wire, parrot = Wire(), Parrot()
    for text in texts:
        wire.says(text)
    await asyncio.wait_for(door.open(wire, parrot), 5)
    return wire, parrot


@pytest.mark.parametrize(
    "origins",
    [
        [],
        [b"null"],
        [b""],
        [b"http://localhost"],
        [b"http://localhost:8001"],
        [b"https://localhost:8000"],
        [b"http://localhost:8000/"],
        [b"http://localhost:8000.evil.example"],
        [b"HTTP://LOCALHOST:8000"],
        [ORIGIN.encode(), ORIGIN.encode()],
        [ORIGIN.encode(), b"http://evil.example"],
    ],
    ids=repr,
)
async def test_another_origin_is_refused_before_there_is_a_socket(door: Door, origins: list[bytes]) -> None:
    wire, parrot = Wire(origins=origins), Parrot()
    await door.open(wire, parrot)
    assert [message["type"] for message in wire.sent] == ["websocket.close"]
    assert (parrot.heard, parrot.went) == ([], 0)


async def test_who_is_not_let_in_is_told_why(door: Door) -> None:
    wire = Wire()
    await door.open(wire, Close.NO_SESSION)
    assert wire.accepted
    assert wire.code == 4401


async def test_a_conversation_goes_both_ways_until_somebody_goes(door: Door) -> None:
    wire, parrot = Wire(), Parrot()
    for text in ("a", "b", "c"):
        wire.says(text)
    serving = door.open(wire, parrot)
    await eventually(lambda: wire.texts == ["a", "b", "c"])
    assert len(door.pulse) == 1
    wire.goes()
    await serving
    assert parrot.went == 1
    assert len(door.pulse) == 0


async def test_a_first_frame_that_does_not_come_in_time_closes(door: Door) -> None:
    wire, parrot = await talked(door)
    assert wire.code == 4408
    assert parrot.went == 1


async def test_who_goes_before_saying_anything_is_gone(door: Door) -> None:
    wire, parrot = Wire(), Parrot()
    wire.goes()
    await door.open(wire, parrot)
    assert (parrot.heard, parrot.went) == ([], 1)


@pytest.mark.parametrize("first", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", 4400),
        ("over", 4410),
        ("close", 4409),
        ("fault", 4503),
        ("slow database", 4503),
        ("x" * (LARGEST_FRAME + 1), 1009),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_every_trouble_has_its_code_and_ends_the_conversation(
    door: Door, text: str, code: int, first: bool
) -> None:
    wire, parrot = await talked(door, *([] if first else ["a"]), text, "never heard")
    assert wire.code == code
    assert "never heard" not in parrot.heard
    assert parrot.went == 1
    assert len(door.pulse) == 0


async def test_a_fault_of_ours_is_told_to_us_and_not_to_them(door: Door, told: list[EventDict]) -> None:
    wire, _ = await talked(door, "fault")
    assert [line["event"] for line in told] == ["socket_failed"]
    assert [message for message in wire.sent if message["type"] == "websocket.close"] == [
        {"type": "websocket.close", "code": 4503, "reason": ""}
    ]


@pytest.mark.parametrize("message", [{"bytes": b"\x00"}, {"bytes": b"{}", "text": None}, {}], ids=repr)
async def test_a_binary_frame_is_a_bad_frame(door: Door, message: Message) -> None:
    wire, parrot = Wire(), Parrot()
    wire.incoming.put_nowait({"type": "websocket.receive", **message})
    await door.open(wire, parrot)
    assert wire.code == 4400
    assert parrot.heard == []


async def test_more_frames_than_allowed_close(door: Door) -> None:
    door = Door(rate=Rate(1.0, 3.0))
    wire, parrot = await talked(door, "hello", "a", "b", "c", "d", "e")
    assert wire.code == 4429
    assert parrot.heard == ["hello", "a", "b", "c"]


async def test_somebody_else_can_close_and_what_was_queued_is_sent_first(door: Door) -> None:
    wire, parrot = Wire(), Parrot()
    wire.says("a")
    serving = door.open(wire, parrot)
    await eventually(lambda: parrot.connection)
    assert parrot.connection is not None
    wire.reading.clear()
    parrot.connection.send("b")
    parrot.connection.send("c")
    parrot.connection.close(Close.OVER)
    parrot.connection.close(Close.NORMAL)  # the first reason counts
    parrot.connection.send("too late")
    wire.reading.set()
    await serving
    assert wire.texts == ["a", "b", "c"]
    assert wire.code == 4410
    assert parrot.went == 1


async def test_frames_stay_in_order_when_the_reader_falls_behind_and_catches_up(door: Door) -> None:
    wire, parrot = Wire(), Parrot()
    wire.says("a")
    door.open(wire, parrot)
    await eventually(lambda: parrot.connection)
    assert parrot.connection is not None
    wire.reading.clear()
    expected = ["a", *(str(number) for number in range(LONGEST_OUTBOX))]
    for text in expected[1:]:
        parrot.connection.send(text)
    assert wire.texts == ["a"]
    wire.reading.set()
    await eventually(lambda: len(wire.texts) == len(expected))
    assert wire.texts == expected
    assert parrot.connection.sending_since is None


@pytest.mark.parametrize("own_task", [True, False], ids=["while answering", "from outside"])
async def test_a_reader_that_never_reads_is_dropped(door: Door, own_task: bool) -> None:
    wire, parrot = Wire(), Parrot()
    wire.says("a")
    serving = door.open(wire, parrot)
    await eventually(lambda: parrot.connection)
    wire.reading.clear()
    if own_task:
        wire.says("flood")
    else:
        await parrot.received("flood")
    await asyncio.wait_for(serving, 5)
    assert parrot.connection is not None
    assert parrot.connection.closing is Close.TOO_SLOW
    assert parrot.went == 1
    assert wire.texts == ["a"]


async def test_a_line_that_breaks_while_sending_ends_quietly(door: Door, told: list[EventDict]) -> None:
    wire, parrot = Wire(), Parrot()
    wire.says("a")
    serving = door.open(wire, parrot)
    await eventually(lambda: parrot.connection)
    wire.sent = Broken()
    assert parrot.connection is not None
    parrot.connection.send("b")
    wire.goes()
    await serving
    assert parrot.went == 1
    assert told == []


class Broken(list[Message]):
    """A list that takes nothing, as a transport that is gone."""

    def append(self, _message: Message) -> None:
        raise RuntimeError("the transport is closed")


# -- heartbeats


async def opened(door: Door) -> tuple[Wire, Parrot, asyncio.Task[None]]:
    wire, parrot = Wire(), Parrot()
    wire.says("a")
    serving = door.open(wire, parrot)
    await eventually(lambda: wire.texts == ["a"])
    return wire, parrot, serving


async def test_silence_beyond_the_limit_closes_and_a_word_starts_it_anew(door: Door) -> None:
    wire, _, serving = await opened(door)
    door.clock.advance(SILENCE_LIMIT)
    door.pulse.beat()
    wire.says("b")
    await eventually(lambda: wire.texts == ["a", "b"])
    door.clock.advance(SILENCE_LIMIT)
    door.pulse.beat()
    assert wire.code is None
    door.clock.advance(0.1)
    door.pulse.beat()
    await serving
    assert wire.code == 4408


async def test_a_send_that_does_not_end_closes(door: Door) -> None:
    wire, parrot, serving = await opened(door)
    wire.reading.clear()
    assert parrot.connection is not None
    parrot.connection.send("b")
    door.clock.advance(SEND_WITHIN)
    door.pulse.beat()
    assert parrot.connection.closing is None
    door.clock.advance(0.1)
    door.pulse.beat()
    await serving
    assert parrot.connection.closing is Close.TOO_SLOW


async def test_a_worker_that_stops_tells_everybody_to_come_back(door: Door) -> None:
    first, second = await opened(door), await opened(door)
    door.pulse.close_all(Close.RESTART)
    await asyncio.gather(first[2], second[2])
    assert (first[0].code, second[0].code) == (1012, 1012)
    assert len(door.pulse) == 0


async def test_a_server_that_is_stopped_by_force_still_lets_everybody_go(door: Door) -> None:
    _, parrot, serving = await opened(door)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert parrot.went == 1


@pytest.mark.parametrize("moment", range(8))
async def test_closing_and_going_at_the_same_moment_is_one_end(door: Door, moment: int) -> None:
    wire, parrot, serving = await opened(door)
    connection = parrot.connection
    assert connection is not None

    def close() -> None:
        connection.close(Close.OVER)

    first, second = (wire.goes, close) if moment % 2 else (close, wire.goes)
    first()
    for _ in range(moment // 2):
        await asyncio.sleep(0)
    second()
    await asyncio.wait_for(serving, 5)
    assert parrot.went == 1
    assert len(door.pulse) == 0
