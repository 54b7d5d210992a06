"""One contract for both versions of the bus, then what only Redis can do: go away, hang, and come back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import redis.asyncio as redis

from storage.bus import Bus, MemoryBus
from storage.redis_bus import RedisBus
from tests.eventually import eventually
from tests.servers import ValkeyServer

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    bus: Bus = MemoryBus() if request.param == "memory" else RedisBus(url=request.getfixturevalue("redis_url"))
    await bus.start()
    yield bus
    await bus.close()


async def test_a_subscriber_hears_everything_in_order_also_from_itself(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("log", heard.append)
    sent = [str(number).encode() for number in range(200)]
    for payload in sent:
        await bus.publish("log", payload)
    await eventually(lambda: len(heard) >= len(sent))
    assert heard == sent


async def test_what_is_published_right_after_the_start_is_heard(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("log", heard.append)
    await bus.publish("log", b"first")
    await eventually(lambda: heard == [b"first"])
    assert bus.connected


async def test_topics_are_apart(bus: Bus) -> None:
    heard: list[tuple[str, bytes]] = []
    bus.subscribe("log", lambda payload: heard.append(("log", payload)))
    bus.subscribe("signal", lambda payload: heard.append(("signal", payload)))
    for topic in ("log", "signal", "nobody", "lo", "log:x"):
        await bus.publish(topic, topic.encode())
    await bus.publish("signal", b"last")
    await eventually(lambda: ("signal", b"last") in heard)
    assert heard == [("log", b"log"), ("signal", b"signal"), ("signal", b"last")]


async def test_everybody_who_listens_hears_and_who_stopped_does_not(bus: Bus) -> None:
    first: list[bytes] = []
    second: list[bytes] = []
    stop = bus.subscribe("log", first.append)
    bus.subscribe("log", second.append)
    await bus.publish("log", b"1")
    await eventually(lambda: first == second == [b"1"])
    stop()
    stop()
    await bus.publish("log", b"2")
    await eventually(lambda: second == [b"1", b"2"])
    assert first == [b"1"]


async def test_a_handler_may_stop_while_it_is_called(bus: Bus) -> None:
    heard: list[bytes] = []

    def once(payload: bytes) -> None:
        heard.append(payload)
        stop()

    stop = bus.subscribe("log", once)
    bus.subscribe("log", heard.append)
    await bus.publish("log", b"1")
    await bus.publish("log", b"2")
    await eventually(lambda: heard == [b"1", b"1", b"2"])


async def test_any_bytes_arrive_as_they_were_sent(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("log", heard.append)
    sent = [b"", b"\x00\xff\r\n", bytes(range(256)) * 400]
    for payload in sent:
        await bus.publish("log", payload)
    await eventually(lambda: len(heard) == len(sent))
    assert heard == sent


async def test_a_closed_bus_delivers_nothing_and_takes_anything(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("log", heard.append)
    await bus.close()
    assert not bus.connected
    await bus.publish("log", b"late")
    await asyncio.sleep(0)
    assert heard == []


async def test_a_bus_without_trouble_reports_no_gap_after_its_start(bus: Bus) -> None:
    gaps: list[None] = []
    stop = bus.on_gap(lambda: gaps.append(None))
    heard: list[bytes] = []
    bus.subscribe("log", heard.append)
    await bus.publish("log", b"1")
    await eventually(lambda: heard == [b"1"])
    assert gaps == []
    stop()


async def test_the_memory_bus_reaches_nobody_else() -> None:
    one, other = MemoryBus(), MemoryBus()
    heard: list[bytes] = []
    other.subscribe("log", heard.append)
    await one.start()
    await other.start()
    await one.publish("log", b"1")
    assert heard == []
    assert not one.reaches_others


# -- between workers, and when Redis is in trouble


@pytest.fixture(scope="module")
def troubled() -> Iterator[ValkeyServer]:
    """A Valkey that tests stop and freeze."""
    with ValkeyServer.launch() as server:
        yield server


@pytest.fixture
async def two(troubled: ValkeyServer) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    one, other = RedisBus(url=troubled.url, patience=0.5), RedisBus(url=troubled.url, patience=0.5)
    await one.start()
    await other.start()
    yield one, other
    await one.close()
    await other.close()


@pytest.mark.servers
async def test_two_workers_hear_each_other(two: tuple[RedisBus, RedisBus]) -> None:
    heard: list[bytes] = []
    two[1].subscribe("log", heard.append)
    assert two[0].reaches_others
    for number in range(50):
        await two[0].publish("log", b"%d" % number)
    await eventually(lambda: len(heard) == 50)
    assert heard == [b"%d" % number for number in range(50)]


@pytest.mark.servers
async def test_a_redis_that_stops_is_noticed_and_its_return_reported_as_a_gap(
    troubled: ValkeyServer, two: tuple[RedisBus, RedisBus]
) -> None:
    one, other = two
    gaps: list[float] = []
    heard: list[bytes] = []
    other.on_gap(lambda: gaps.append(time.monotonic()))
    other.subscribe("log", heard.append)
    troubled.stop()
    try:
        await eventually(lambda: not one.connected and not other.connected)
        await eventually(lambda: gaps)
        for number in range(100):  # never raises, never waits
            await one.publish("log", b"%d" % number)
    finally:
        troubled.start()
    gaps.clear()
    await eventually(lambda: one.connected and other.connected, within=8)
    await eventually(lambda: gaps, what="whoever missed something is told to look")
    heard.clear()
    await one.publish("log", b"again")
    await eventually(lambda: b"again" in heard)


@pytest.mark.servers
async def test_publishing_is_quick_while_redis_hangs_and_the_loss_is_told(
    troubled: ValkeyServer, two: tuple[RedisBus, RedisBus]
) -> None:
    one, other = two
    gaps: list[None] = []
    other.on_gap(lambda: gaps.append(None))
    with troubled.paused():
        began = time.monotonic()
        for _ in range(1000):
            await one.publish("log", b"x" * 1000)
        assert time.monotonic() - began < 0.5
        await eventually(lambda: not one.connected, within=5, what="what could not be sent is owed as a gap")
        await asyncio.sleep(1.2)  # so long that telling it fails as well
    gaps.clear()
    await eventually(lambda: one.connected, within=8, what="the gap is told without waiting for the next message")
    await eventually(lambda: gaps)


@pytest.mark.servers
async def test_more_than_can_be_kept_is_given_up_and_told_as_a_gap(two: tuple[RedisBus, RedisBus]) -> None:
    gaps: list[None] = []
    two[1].on_gap(lambda: gaps.append(None))
    for _ in range(10_001):  # never yields to the sender: the queue only grows
        await two[0].publish("log", b"x")
    await eventually(lambda: gaps)
    await eventually(lambda: two[0].connected)


@pytest.mark.servers
async def test_a_bus_starts_without_redis_and_finds_it_later(troubled: ValkeyServer) -> None:
    bus = RedisBus(url=troubled.url, patience=0.5)
    gaps: list[None] = []
    heard: list[bytes] = []
    bus.on_gap(lambda: gaps.append(None))
    bus.subscribe("log", heard.append)
    troubled.stop()
    try:
        began = time.monotonic()
        await bus.start()
        assert time.monotonic() - began < 3
        assert not bus.connected
        gaps.clear()
    finally:
        troubled.start()
    await eventually(lambda: bus.connected, within=8)
    assert gaps, "what others sent in between was missed"
    await bus.publish("log", b"1")
    await eventually(lambda: heard == [b"1"])
    await bus.close()


@pytest.mark.servers
async def test_a_stranger_on_redis_cannot_silence_the_bus(troubled: ValkeyServer) -> None:
    bus = RedisBus(url=troubled.url, patience=0.5)
    heard: list[bytes] = []

    def strict(payload: bytes) -> None:
        if payload == b"nonsense":
            raise ValueError
        heard.append(payload)

    bus.subscribe("log", strict)
    await bus.start()
    stranger = redis.from_url(troubled.url)
    for channel, payload in ((b"ql:\xff", b""), (b"ql:log", b"nonsense"), (b"ql:", b"x"), (b"other", b"x")):
        await stranger.publish(channel, payload)
        await eventually(lambda: bus.connected)
    await eventually(lambda: bus.connected)
    for _ in range(100):
        await bus.publish("log", b"1")
        await asyncio.sleep(0.02)
        if heard:
            break
    assert set(heard) == {b"1"}
    await stranger.aclose()
    await bus.close()
