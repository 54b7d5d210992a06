"""An answer in Twilio's language, by Twilio's own builders.

Every address is absolute, under the configured public base, and carries `#rc=2&rp=all`: a report that fails is tried
twice more, also after a 5xx, which Twilio does not do by itself. Addresses hold opaque ids only, never a number; staff
numbers stand in `<Number>` alone, and only in answers that are not stored (`Dial`: the database is down).
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from twilio.twiml.voice_response import Dial as TwimlDial
from twilio.twiml.voice_response import Gather as TwimlGather
from twilio.twiml.voice_response import VoiceResponse

from hotline.prompts import Prompts
from hotline.verbs import (
    Answer,
    Bridge,
    Conference,
    Dial,
    Enqueue,
    Gather,
    HangUp,
    Leave,
    Link,
    Pause,
    Record,
    Redirect,
    Say,
    Verb,
)

RETRY = "#rc=2&rp=all"
ROOT = "/hotline"
CONTENT_TYPE = "text/xml; charset=utf-8"
#: Twilio rings at most so many numbers of one `<Dial>`.
MOST_NUMBERS = 10
#: How long a member of staff who pressed 1 waits for a caller who is still in the menu.
PATIENCE_SECONDS = 40
#: So long nothing is said, and a recording ends.
SILENCE_SECONDS = 6


class Links:
    """Addresses of ours, as the provider is told them."""

    def __init__(self, *, base: str) -> None:
        self._base = base.rstrip("/")

    def to(self, contact: str, link: Link) -> str:
        """The absolute address of a step of a call."""
        query: dict[str, str | int] = {"c": contact}
        if link.leg is not None:
            query["l"] = link.leg
        if link.turn:
            query["n"] = link.turn
        return f"{self._base}{ROOT}/{link.step}?{urlencode(query)}{RETRY}"

    def at(self, path: str) -> str:
        """The absolute address of a path of ours."""
        return f"{self._base}{path}"


class Twiml:
    """Writes answers. `own_number`: the only caller-id that staff ever see."""

    def __init__(self, *, links: Links, prompts: Prompts, own_number: str) -> None:
        self._links = links
        self._prompts = prompts
        self._own_number = own_number

    def written(self, contact: str, answer: Answer, numbers: Mapping[str, str] | None = None) -> str:
        """The document. `numbers`: staff id -> E.164, for `Dial` only."""
        response = VoiceResponse()
        for verb in answer:
            self._write(response, contact, verb, numbers or {})
        return str(response)

    def _write(self, to: VoiceResponse, contact: str, verb: Verb, numbers: Mapping[str, str]) -> None:
        links = self._links
        match verb:
            case Say() | Pause():
                self._say(to, verb)
            case Gather(link, says, seconds, most):
                keys = {"finish_on_key": ""} if most == 1 else {"finish_on_key": "#"}
                gather = TwimlGather(
                    action=links.to(contact, link),
                    method="POST",
                    input="dtmf",
                    num_digits=most,
                    timeout=seconds,
                    **keys,
                )
                for said in says:
                    self._say(gather, said)
                to.append(gather)
            case Redirect(link):
                to.redirect(links.to(contact, link), method="POST")
            case Enqueue(queue, wait, after):
                to.enqueue(
                    queue,
                    action=links.to(contact, after),
                    method="POST",
                    wait_url=links.to(contact, wait),
                    wait_url_method="POST",
                )
            case Leave():
                to.leave()
            case HangUp():
                to.hangup()
            case Bridge() | Dial() | Conference() | Record():
                self._connect(to, contact, verb, numbers)

    def _connect(
        self, to: VoiceResponse, contact: str, verb: Bridge | Dial | Conference | Record, numbers: Mapping[str, str]
    ) -> None:
        links = self._links
        match verb:
            case Bridge(queue, joining, after):
                dial = TwimlDial(action=links.to(contact, after), method="POST", timeout=PATIENCE_SECONDS)
                dial.queue(queue, url=links.to(contact, joining), method="POST")
                to.append(dial)
            case Dial(staff, screen, after, seconds):
                dial = TwimlDial(
                    action=links.to(contact, after), method="POST", timeout=seconds, caller_id=self._own_number
                )
                for one in [numbers[name] for name in staff if name in numbers][:MOST_NUMBERS]:
                    dial.number(one, url=links.to(contact, screen), method="POST")
                to.append(dial)
            case Conference(room, after):
                dial = TwimlDial(action=links.to(contact, after), method="POST")
                dial.conference(
                    room, beep="onEnter", start_conference_on_enter=True, record="do-not-record", wait_url=""
                )
                to.append(dial)
            case Record(after, told, most_seconds):
                to.record(
                    action=links.to(contact, after),
                    method="POST",
                    max_length=most_seconds,
                    timeout=SILENCE_SECONDS,
                    finish_on_key="#",
                    play_beep=True,
                    trim="do-not-trim",
                    recording_status_callback=links.to(contact, told),
                    recording_status_callback_method="POST",
                    recording_status_callback_event="completed absent",
                )

    def _say(self, to: VoiceResponse | TwimlGather, said: Say | Pause) -> None:
        if isinstance(said, Pause):
            to.pause(length=said.seconds)
            return
        spoken = self._prompts.spoken(said.prompt, said.language, key=said.key)
        if spoken.recording is not None:
            to.play(self._links.at(spoken.recording))
        else:
            to.say(spoken.text, language=spoken.locale, voice=spoken.voice)
