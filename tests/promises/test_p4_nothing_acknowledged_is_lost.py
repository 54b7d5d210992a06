"""P4: an acknowledged message is never lost, never doubled, never out of order, whatever is killed."""

import asyncio
import random
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from tests.served import Served, served
from tests.talkers import Frame, Operator, Talker, Visitor

pytestmark = pytest.mark.anyio

IN_FLIGHT = 5
#: Seconds between messages: below what one connection may send at once (chat/rate.py).
PACE = 0.04


class Side:
    """One end of the conversation: sends numbered messages, keeps what is not acknowledged, resends it in order."""

    def __init__(self, name: str, talker: Talker, contact: str | None = None) -> None:
        self.name = name
        self.talker = talker
        self.acknowledged: dict[str, int] = {}
        self.shown: dict[int, Frame] = {}
        self._contact = contact
        self._unacknowledged: dict[str, str] = {}
        self._count = 0

    @property
    def after(self) -> int:
        """The last number up to which nothing is missing."""
        last = 0
        known = {*self.shown, *self.acknowledged.values()}
        while last + 1 in known:
            last += 1
        return last

    async def run(self, until: asyncio.Event) -> None:
        """Talk until told to stop or the line breaks."""
        with suppress(WebSocketException, OSError):
            for message_id, text in list(self._unacknowledged.items()):
                await self._send(message_id, text)
            while not until.is_set():
                self.take_in()
                if len(self._unacknowledged) < IN_FLIGHT:
                    self._count += 1
                    message_id, text = str(uuid.uuid4()), f"{self.name} {self._count}"
                    self._unacknowledged[message_id] = text
                    await self._send(message_id, text)
                await asyncio.sleep(PACE)

    async def settle(self) -> None:
        """Wait until everything sent is acknowledged."""
        async with asyncio.timeout(15):
            while self._unacknowledged:
                self.take_in()
                await asyncio.sleep(0.01)

    def take_in(self) -> None:
        """Read what came."""
        frames, self.talker.frames[:] = list(self.talker.frames), []
        for frame in frames:
            if frame["t"] == "ack":
                self._acknowledge(frame["id"], frame["seq"])
            elif frame["t"] == "entry":
                assert self.shown.get(frame["seq"], frame) == frame, "a number never changes its meaning"
                self.shown[frame["seq"]] = frame
                self._acknowledge(frame["id"], frame["seq"])

    def _acknowledge(self, message_id: str | None, seq: int) -> None:
        if message_id is not None and (message_id in self._unacknowledged or message_id in self.acknowledged):
            assert self.acknowledged.get(message_id, seq) == seq, "an acknowledgement never changes"
            self.acknowledged[message_id] = seq
            self._unacknowledged.pop(message_id, None)

    async def _send(self, message_id: str, text: str) -> None:
        frame: Frame = {"t": "say", "id": message_id, "text": text}
        await self.talker.send(frame if self._contact is None else {**frame, "contact": self._contact})


async def test_p4_killing_the_service_while_both_write(tmp_path: Path) -> None:
    await _kill_repeatedly(tmp_path, kills=5)


@pytest.mark.fault
async def test_p4_killing_the_service_fifty_times(tmp_path: Path) -> None:
    await _kill_repeatedly(tmp_path, kills=50)


async def _kill_repeatedly(tmp_path: Path, *, kills: int) -> None:
    chance = random.Random(4)
    async with served(tmp_path / "data") as service:
        operator = await Operator.signed_in(service.url, *service.sign_in())
        await operator.come()
        await operator.frame("welcome")
        visitor = await Visitor.started(service.url)
        await visitor.come()
        await visitor.frame("welcome")
        contact = (await operator.frame("offer"))["contact"]
        await operator.take(contact)
        sides = [Side("visitor", visitor), Side("worker", operator, contact)]
        for _ in range(kills):
            await _talk(sides, seconds=chance.uniform(0.3, 0.8), ending=service.kill())
            await _come_back(service, sides, contact)
        await _talk(sides, seconds=0.2, ending=None)
        for side in sides:
            await side.settle()
        replayed = await _replayed(service, contact, operator)
        for side in sides:
            await side.talker.close()

    messages = [entry for entry in replayed if entry["kind"] == "message"]
    assert [entry["seq"] for entry in replayed] == list(range(1, len(replayed) + 1))
    assert len({entry["id"] for entry in messages}) == len(messages)
    for side in sides:
        stored = {entry["id"]: entry["seq"] for entry in messages if entry["by"] == side.name}
        assert stored == side.acknowledged
        texts = [entry["text"] for entry in messages if entry["by"] == side.name]
        assert texts == [f"{side.name} {number}" for number in range(1, len(texts) + 1)]
    assert all(len(side.acknowledged) > kills for side in sides)


async def _talk(sides: list[Side], *, seconds: float, ending: object) -> None:
    stop = asyncio.Event()
    talking = [asyncio.create_task(side.run(stop)) for side in sides]
    await asyncio.sleep(seconds)
    if ending is not None:
        await ending  # type: ignore[misc]
    stop.set()
    await asyncio.gather(*talking)


async def _come_back(service: Served, sides: list[Side], contact: str) -> None:
    for side in sides:
        await side.talker.close()
        side.take_in()
    await service.start()
    visitor, worker = sides
    assert isinstance(visitor.talker, Visitor)
    assert isinstance(worker.talker, Operator)
    await visitor.talker.come(after=visitor.after)
    await worker.talker.come((contact, worker.after))
    await worker.talker.frame("opened", contact=contact)


async def _replayed(service: Served, contact: str, operator: Operator) -> list[Frame]:
    """The whole conversation as a new page of the operator's gets it."""
    operator.frames.clear()
    await operator.send({"t": "open", "contact": contact, "after": 0})
    newest = (await operator.frame("opened", contact=contact))["seq"]
    await operator.frame("entry", contact=contact, seq=newest)
    return [frame for frame in operator.frames if frame["t"] == "entry"]
