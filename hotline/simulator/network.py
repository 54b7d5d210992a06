"""The network itself: who has which number, queues and conferences, reports to our webhooks, requests from our side."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring

from msgspec import Struct

from hotline.simulator.fields import fields_of, signature
from hotline.simulator.legs import Leg, Over
from hotline.simulator.phones import Phone
from hotline.simulator.sound import recording_fields, silence
from hotline.simulator.timing import Timing
from hotline.simulator.transcript import Transcript

_FORM = "application/x-www-form-urlencoded"
_SERVER_FAULT = 500
_FALLBACK_HANGUP = "<Response><Hangup/></Response>"

#: Sends a request to one of our addresses: url without fragment, headers, body -> status, text. 0: nobody answered.
Post = Callable[[str, Mapping[str, str], bytes], Awaitable[tuple[int, str]]]


class Sent(Struct, frozen=True):
    """A report as it was sent, for tests that send it again or alter it."""

    url: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer: str


class Delivery(Struct, frozen=True):
    """What becomes of a state report: sent after each of these delays; none of them: lost."""

    after: tuple[float, ...] = (0.0,)


AT_ONCE = Delivery()
TWICE = Delivery((0.0, 0.0))
LATE = Delivery((7.0,))
NEVER = Delivery(())


class Network:
    """Phones, legs, queues. `voice_url`, `status_url`: what is configured for our number; `fallback_url` when we fail."""

    def __init__(
        self,
        *,
        timing: Timing,
        post: Post,
        account: str,
        token: str,
        number: str,
        voice_url: str,
        status_url: str,
        fallback: str = _FALLBACK_HANGUP,
        letters_per_second: float = 15.0,
    ) -> None:
        self.timing = timing
        self.account = account
        self.token = token
        self.number = number
        self.voice_url = voice_url
        self.status_url = status_url
        self.fallback = fallback
        self.letters_per_second = letters_per_second
        self.transcript = Transcript()
        self.phones: dict[str, Phone] = {}
        self.phone_of: Callable[[str], Phone | None] = self.phones.get
        self.legs: dict[str, Leg] = {}
        self.recordings: dict[str, str] = {}  # what it has kept of calls: recording -> call
        self.sounds: dict[str, bytes] = {}  # recording -> what can be fetched, when it is ready
        self.readiness = 1.0  # seconds after which a recording can be fetched
        self.takers: dict[str, list[Leg]] = {}
        self.sent: list[Sent] = []
        self.delivery: Callable[[Leg, str], Delivery] = lambda _leg, _status: AT_ONCE
        self.repeats_questions = False
        self.listeners: list[Callable[[], None]] = []
        self._post = post
        self._queues: dict[str, list[Leg]] = {}
        self._rooms: dict[str, list[Leg]] = {}
        self._sequences: dict[str, int] = {}

    # --- people ---

    def owns(self, phone: Phone) -> None:
        """Somebody has this phone."""
        self.phones[phone.number] = phone

    def calls(self, caller: Phone) -> Leg:
        """Somebody dials our number. `caller.number` is what we are told: a number, or one of the words for none."""
        leg = self._leg(who=caller.name, origin=caller.number, to=self.number, direction="inbound", phone=caller)
        leg.callback = self.status_url
        self.tell(caller.name, "dialled", self.number)
        self.timing.spawn(leg.arrives(self.voice_url))
        return leg

    def rung(self, number: str, *, origin: str, url: str, callback: str, seconds: float) -> Leg:
        """We asked for this call."""
        phone = self.phone_of(number) or Phone(name="nobody", number=number, exists=False)
        leg = self._leg(who=phone.name, origin=origin, to=number, direction="outbound-api", phone=phone)
        leg.callback = callback
        self.timing.spawn(leg.rings(url, seconds))
        return leg

    def child(self, parent: Leg, number: str) -> Leg:
        """A leg that `<Dial>` makes."""
        phone = self.phone_of(number) or Phone(name="nobody", number=number, exists=False)
        return self._leg(
            who=phone.name, origin=self.number, to=number, direction="outbound-dial", phone=phone, parent=parent
        )

    async def dialled_child(self, parent: Leg, child: Leg, url: str, seconds: float, siblings: list[Leg]) -> None:
        """Ring it; picked up, it silences its siblings, and its document decides whether both are connected."""
        status = "completed"
        try:
            ended = await child.answered(seconds)
            if ended is None:
                for other in siblings:
                    if other is not child:
                        other.hang_up()
                if url:
                    await child.run(url)
                if not parent.over:
                    self.bridge(parent, child)
                    await child._talk()  # noqa: SLF001 - the network connects its own legs
            else:
                status = ended
        except Over:
            status = "completed" if child.status == "in-progress" else "canceled"
        await child.finished(status)
        parent.poke()

    def bridge(self, one: Leg, other: Leg) -> None:
        """They hear each other."""
        one.peer, other.peer = other, one
        one.was_bridged = other.was_bridged = True
        self.tell(one.who, "bridged", other.who)
        self.tell(other.who, "bridged", one.who)
        one.poke()
        other.poke()

    def gone(self, leg: Leg) -> None:
        """A leg is over."""
        for waiting in (*self._queues.values(), *self._rooms.values(), *self.takers.values()):
            if leg in waiting:
                waiting.remove(leg)

    # --- queues and rooms ---

    def queue(self, name: str) -> list[Leg]:
        """Who waits in it, first come first."""
        return self._queues.setdefault(name, [])

    def queue_changed(self, name: str) -> None:
        """Somebody has come: those who wait to take one look again."""
        for taker in self.takers.get(name, ()):
            taker.poke()

    async def in_conference(self, leg: Leg, room: str) -> bool:
        """Talk in a room until this leg ends; whether anybody else was ever there."""
        present = self._rooms.setdefault(room, [])
        present.append(leg)
        for one in present:
            one.was_bridged = len(present) > 1
            if one is not leg:
                self.tell(leg.who, "bridged", one.who)
        await leg._until(lambda: False, leg.phone.hangs_up_after)  # noqa: SLF001 - the network's own legs
        return leg.was_bridged

    # --- reports to us ---

    async def fetched(self, leg: Leg, url: str, fields: Mapping[str, str]) -> Element:
        """Ask one of our addresses what a leg is to do; tried again as `#rc=` says, then the fallback document."""
        address, _, fragment = url.partition("#")
        tries = 1 + int(dict(parse_qsl(fragment)).get("rc", "0"))
        answer = self.fallback
        for _ in range(tries):
            status, text = await self._ask(leg, address, fields)
            if self.repeats_questions:
                await self._ask(leg, address, fields)
            if 0 < status < _SERVER_FAULT:
                answer = text if status == 200 else _FALLBACK_HANGUP
                break
        try:
            return fromstring(answer)  # noqa: S314 - our own documents
        except ParseError:
            return fromstring(_FALLBACK_HANGUP)  # noqa: S314 - a constant

    def report(self, leg: Leg, status: str) -> None:
        """Tell the address that wants to hear of this leg's states, as well or badly as `delivery` says."""
        if not leg.callback or (leg.direction == "inbound" and status != "completed"):
            return
        number = self._sequences[leg.sid] = self._sequences.get(leg.sid, -1) + 1
        fields = {"SequenceNumber": str(number), "CallStatus": status, "CallbackSource": "call-progress-events"}
        for delay in self.delivery(leg, status).after:
            self.timing.spawn(self._delivered(leg, fields, delay))

    def recorded(self, leg: Leg, seconds: float, callback: str) -> str:
        """A leg has left so many seconds of sound; who wants to hear of it is told when it can be fetched. Its name."""
        name = self.sid("RE")
        self.recordings[name] = leg.sid
        self.tell(leg.who, "recorded", f"{seconds:.0f} s")
        self.timing.spawn(self._made_ready(leg, name, seconds, callback))
        return name

    async def _made_ready(self, leg: Leg, name: str, seconds: float, callback: str) -> None:
        await self.sleep(self.readiness)
        self.sounds[name] = silence(seconds)
        fields = {**recording_fields(self.account, name, seconds), "RecordingStatus": "completed"}
        for delay in self.delivery(leg, "recorded").after if callback else ():
            self.timing.spawn(self._delivered(leg, fields, delay, callback))

    async def _delivered(self, leg: Leg, fields: Mapping[str, str], delay: float, callback: str = "") -> None:
        await self.sleep(delay)
        address, _, fragment = (callback or leg.callback).partition("#")
        for _ in range(1 + int(dict(parse_qsl(fragment)).get("rc", "0"))):
            status, _text = await self._ask(leg, address, fields)
            if 0 < status < _SERVER_FAULT:
                return
            await self.sleep(1.0)

    async def _ask(self, leg: Leg, address: str, fields: Mapping[str, str]) -> tuple[int, str]:
        every = {**fields_of(leg, self.account), **fields}
        headers = {
            "content-type": _FORM,
            "host": urlsplit(address).netloc,
            "user-agent": "TwilioProxy/1.1",
            "x-twilio-signature": signature(self.token, address, every),
            "i-twilio-idempotency-token": secrets.token_hex(8),
        }
        body = urlencode(every).encode()
        status, text = await self._post(address, headers, body)
        self.sent.append(Sent(address, headers, body, status, text))
        return status, text

    # --- the rest ---

    async def sleep(self, seconds: float) -> None:
        """Let time pass for a task that is no leg."""
        if seconds > 0:
            await self.timing.wait(asyncio.get_running_loop().create_future(), seconds)

    def tell(self, who: str, event: str, text: str = "") -> None:
        """Into the transcript, and to whoever listens."""
        self.transcript.tell(self.timing.now(), who, event, text)
        for listener in tuple(self.listeners):
            listener()

    def sid(self, kind: str) -> str:
        """A name like the provider's: two letters and 32 hexadecimal figures."""
        return kind + secrets.token_hex(16)

    def _leg(self, *, who: str, origin: str, to: str, direction: str, phone: Phone, parent: Leg | None = None) -> Leg:
        sid = self.sid("CA")
        leg = Leg(self, sid=sid, who=who, origin=origin, to=to, direction=direction, phone=phone, parent=parent)
        self.legs[sid] = leg
        return leg
