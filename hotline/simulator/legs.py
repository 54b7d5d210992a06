"""One leg of a call: carries out documents, is pressed keys on, is connected to another leg, ends."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from hotline.simulator.phones import Phone
from hotline.simulator.sound import recording_fields

if TYPE_CHECKING:
    from hotline.simulator.network import Network

#: What a document is followed by: an address and the fields that go with it.
Next = tuple[str, dict[str, str]]


class Over(Exception):
    """This leg has been hung up."""


class LeftQueue(Exception):
    """`<Leave>` was carried out."""


class Taken(Exception):
    """Somebody takes this leg out of its queue."""


class Sent(Exception):
    """The provider was told to send this leg to another address."""


class Leg:
    """A leg. `who`: its name in the transcript; `origin` and `to`: as the provider reports `From` and `To`."""

    def __init__(
        self,
        network: "Network",
        *,
        sid: str,
        who: str,
        origin: str,
        to: str,
        direction: str,
        phone: Phone,
        parent: "Leg | None" = None,
        callback: str = "",
    ) -> None:
        self.network = network
        self.sid = sid
        self.who = who
        self.origin = origin
        self.to = to
        self.direction = direction
        self.phone = phone
        self.parent = parent
        self.callback = callback
        self.status = "queued"
        self.over = False
        self.picked_up = False
        self.peer: Leg | None = None
        self.was_bridged = False
        self.taker: Leg | None = None
        self.taker_url = ""
        self.sent_to = ""
        self.queued_at = 0.0
        self.gathering = False
        self._keys: deque[str] = deque()
        self._presses = deque(phone.presses)
        self._woken: asyncio.Future[None] | None = None
        self._sequence = 0

    # --- what others do to it ---

    def press(self, key: str) -> None:
        """A key on the telephone."""
        if not self.over:
            self.network.tell(self.who, "pressed", key)
            self._keys.append(key)
            self.poke()

    def pick_up(self) -> None:
        """Somebody answers by hand."""
        self.picked_up = True
        self.poke()

    def hang_up(self) -> None:
        """The owner hangs up, or the provider is told to."""
        self.over = True
        self.poke()

    def send(self, url: str) -> None:
        """The provider is told to send it elsewhere."""
        self.sent_to = url
        self.poke()

    def poke(self) -> None:
        """Something has changed: look."""
        if self._woken is not None:
            self.network.timing.wake(self._woken)

    # --- its life ---

    async def arrives(self, url: str) -> None:
        """A caller: answered at once, until the end."""
        self.status = "ringing"
        with contextlib.suppress(Over):
            await self.run(url)
        await self.finished("completed")

    async def rings(self, url: str, seconds: float) -> None:
        """A phone of staff: rung, answered or not, until the end."""
        try:
            status = await self.answered(seconds)
            if status is None:
                status = "completed"
                await self.run(url)
        except Over:
            status = "completed" if self.status == "in-progress" else "canceled"
        await self.finished(status)

    async def answered(self, seconds: float) -> str | None:
        """Ring for so long. None when it was picked up, else how it ended. Raises `Over`."""
        phone, tell = self.phone, self.network.tell
        tell(self.who, "dialled", self.to)
        self.network.report(self, "initiated")
        if not phone.exists:
            return "failed"
        if phone.busy:
            return "busy"
        self.status = "ringing"
        self.network.report(self, "ringing")
        patience = seconds if phone.answers_after is None else min(seconds, phone.answers_after)
        await self._until(lambda: self.picked_up, patience)
        if not self.picked_up and (phone.answers_after is None or phone.answers_after > seconds):
            return "no-answer"
        tell(self.who, "answered")
        self.status = "in-progress"
        self.network.report(self, "in-progress")
        return None

    async def finished(self, status: str) -> None:
        """It is over; whoever was connected to it hears so."""
        self.over = True
        self.status = status
        self.network.gone(self)
        if self.peer is not None:
            self.peer.peer = None
            self.peer.poke()
        self.network.tell(self.who, "cancelled" if status == "canceled" else "ended", status)
        self.network.report(self, status)

    # --- documents ---

    async def run(self, url: str, fields: Mapping[str, str] | None = None) -> None:
        """Carry out what this address answers, and what follows from it, until a document simply ends."""
        following: Next | None = (url, dict(fields or {}))
        while following is not None:
            document = await self.network.fetched(self, *following)
            self.status = "in-progress"
            try:
                following = await self._play(document, following[0])
            except Sent:
                following = self._leave_for_elsewhere()

    def _leave_for_elsewhere(self) -> Next:
        """Whoever was connected to it is alone; nothing of what it was doing follows."""
        if self.peer is not None:
            self.peer.peer = None
            self.peer.poke()
            self.peer = None
        self.network.gone(self)
        url, self.sent_to = self.sent_to, ""
        return url, {}

    async def _play(self, document: Element, base: str) -> Next | None:
        for verb in document:
            following = await self._do(verb, base)
            if following is not None:
                return following
        return None

    async def _do(self, verb: Element, base: str) -> Next | None:
        """One verb; what follows instead of the rest of the document, if anything."""
        action = urljoin(base, verb.get("action", base))
        match verb.tag:
            case "Say" | "Play" | "Pause":
                await self._hear(verb)
            case "Gather":
                keys = await self._gather(verb)
                return (action, {"Digits": keys}) if keys else None
            case "Redirect":
                return urljoin(base, verb.text or base), {}
            case "Enqueue":
                return await self._enqueue(verb, base)
            case "Dial":
                return await self._dial(verb, base)
            case "Record":
                return await self._record(verb, base)
            case "Leave":
                raise LeftQueue
            case "Hangup":
                self.over = True
                raise Over
            case _:
                self.network.tell(self.who, "heard", f"(a verb the network does not know: {verb.tag})")
        return None

    async def _record(self, verb: Element, base: str) -> Next | None:
        """Its owner speaks; whoever says nothing goes on with the next verb, as at the provider."""
        phone, longest, quiet = self.phone, float(verb.get("maxLength", "3600")), float(verb.get("timeout", "5"))
        action, began = urljoin(base, verb.get("action", base)), self.network.timing.now()
        told = verb.get("recordingStatusCallback")
        silent = phone.speaks is None and not phone.by_hand
        self._keys.clear()

        def left(digits: str) -> dict[str, str]:
            seconds = self.network.timing.now() - began
            name = self.network.recorded(self, seconds, urljoin(base, told) if told else "")
            return {**recording_fields(self.network.account, name, seconds), "Digits": digits}

        try:
            pause = 0 if phone.hangs_up_then else quiet
            pressed = await self._key_within(longest if phone.by_hand else min((phone.speaks or 0) + pause, longest))
            if phone.hangs_up_then:
                self.over = True
                raise Over
        except Over:  # the answer of `action` is heard by nobody
            if not silent:
                self.network.timing.spawn(self._told_unheard(action, left("hangup")))
            raise
        return None if silent else (action, left(self._keys.popleft() if pressed else ""))

    async def _told_unheard(self, url: str, fields: Mapping[str, str]) -> None:
        await self.network.fetched(self, url, fields)

    async def _hear(self, said: Element) -> None:
        """Listen to a sentence, a recording or silence."""
        await self._pause(self._spoken(said))

    def _spoken(self, said: Element) -> float:
        """Begin to speak; how many seconds it takes."""
        if said.tag == "Pause":
            return float(said.get("length", "1"))
        text = (said.text or "") if said.tag == "Say" else f"[{(said.text or '').rpartition('/')[2]}]"
        self.network.tell(self.who, "heard", text)
        return len(text) / self.network.letters_per_second

    async def _gather(self, verb: Element) -> str:
        """Keys pressed while it speaks, or soon after."""
        most, finish = int(verb.get("numDigits", "99")), verb.get("finishOnKey", "#")
        self._keys.clear()
        self.gathering = True
        self._owner_presses(single=most == 1)
        try:
            for said in verb:
                if self._keys:
                    break
                await self._key_within(self._spoken(said))
            keys = ""
            while len(keys) < most and await self._key_within(float(verb.get("timeout", "5"))):
                key = self._keys.popleft()
                if finish and key == finish:
                    break
                keys += key
            return keys
        finally:
            self.gathering = False

    def _owner_presses(self, *, single: bool) -> None:
        """The next key of its owner's habits, or for a longer question all of them up to `#`."""
        keys = ""
        while self._presses:
            keys += self._presses.popleft()
            if single or keys.endswith("#"):
                break
        if keys and keys != "w":
            self.network.timing.spawn(self._pressing(keys))

    async def _pressing(self, keys: str) -> None:
        await self.network.sleep(self.phone.after)
        for key in keys:
            self.press(key)

    async def _enqueue(self, verb: Element, base: str) -> Next:
        queue = self.network.queue(verb.text or "")
        queue.append(self)
        self.queued_at = self.network.timing.now()
        wait = urljoin(base, verb.get("waitUrl", base))
        self.network.queue_changed(verb.text or "")
        result = "error"
        try:
            while True:
                await self.run(wait, {"QueueTime": str(int(self.network.timing.now() - self.queued_at))})
                await self._pause(1)
        except LeftQueue:
            result = "leave"
        except Taken:
            result = await self._connected_by(self.taker)
        finally:
            if self in queue:
                queue.remove(self)
        fields = {"QueueResult": result, "QueueTime": str(int(self.network.timing.now() - self.queued_at))}
        return urljoin(base, verb.get("action", base)), fields

    async def _connected_by(self, taker: "Leg | None") -> str:
        """First the document for this side, then both hear each other until one of them is gone."""
        self.taker = None
        if taker is None:
            return "error"
        try:
            if self.taker_url:
                await self.run(self.taker_url, {"DequeingCallSid": taker.sid})
        except Over:
            taker.poke()
            raise
        if taker.over:
            return "hangup"
        self.network.bridge(self, taker)
        await self._talk()
        return "bridged"

    async def _talk(self) -> None:
        self.was_bridged = True
        seconds = self.phone.hangs_up_after
        await self._until(lambda: self.peer is None, seconds)
        if self.peer is not None:
            self.hang_up()
            raise Over

    async def _dial(self, verb: Element, base: str) -> Next:
        action = urljoin(base, verb.get("action", base))
        seconds = float(verb.get("timeout", "30"))
        queue, conference = verb.find("Queue"), verb.find("Conference")
        if queue is not None:
            bridged = await self._dial_queue(queue, seconds, base)
        elif conference is not None:
            bridged = await self.network.in_conference(self, conference.text or "")
        else:
            bridged = await self._dial_numbers(verb, seconds, base)
        return action, {
            "DialCallStatus": "completed" if bridged else "no-answer",
            "DialBridged": "true" if bridged else "false",
            "DialCallDuration": "0",
        }

    async def _dial_queue(self, queue: Element, seconds: float, base: str) -> bool:
        waiting = self.network.queue(queue.text or "")
        self.network.takers.setdefault(queue.text or "", []).append(self)
        await self._until(lambda: any(one.taker is None for one in waiting), seconds)
        caller = next((one for one in waiting if one.taker is None), None)
        if caller is None:
            return False
        waiting.remove(caller)
        caller.taker = self
        caller.taker_url = urljoin(base, queue.get("url", "")) if queue.get("url") else ""
        caller.poke()
        await self._until(lambda: self.peer is not None or caller.over, None)
        if self.peer is None:
            return False
        await self._talk()
        return True

    async def _dial_numbers(self, verb: Element, seconds: float, base: str) -> bool:
        """As the provider does: the first phone that is picked up silences the others, mailbox or not."""
        children = [self.network.child(self, number.text or "") for number in verb.findall("Number")]
        asked = [number.get("url") for number in verb.findall("Number")]
        urls = [urljoin(base, url) if url else "" for url in asked]
        for child, url in zip(children, urls, strict=True):
            self.network.timing.spawn(self.network.dialled_child(self, child, url, seconds, children))
        await self._until(lambda: self.peer is not None or all(child.over for child in children), None)
        if self.peer is None:
            return False
        await self._talk()
        return True

    # --- waiting ---

    async def _pause(self, seconds: float) -> None:
        await self._until(lambda: False, seconds)

    async def _key_within(self, seconds: float) -> bool:
        return await self._until(lambda: bool(self._keys), seconds)

    async def _until(self, done: Callable[[], bool], seconds: float | None) -> bool:
        """Wait; False when the time is over first. Raises `Over`, `Taken`."""
        timing = self.network.timing
        until = None if seconds is None else timing.now() + seconds
        while True:
            if self.over:
                raise Over
            if self.sent_to:
                raise Sent
            if self.taker is not None:
                raise Taken
            if done():
                return True
            left = None if until is None else until - timing.now()
            if left is not None and left <= 0:
                return False
            self._woken = asyncio.get_running_loop().create_future()
            await timing.wait(self._woken, left)
            self._woken = None
