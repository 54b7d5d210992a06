"""What is kept of a provider's report: its call, its state, our number, keys. All else is dropped here, at the edge.

Dropped: `From`, `Caller`, `CallerName`, `ForwardedFrom`, geography, `CallToken`, `StirVerstat`, `Sip*`, `SpeechResult`,
`RecordingUrl` (a recorded message is asked for by its name, where our interface is), and whatever the provider adds next year. `From` is looked at in one place: when the caller has asked to be
called back at this number (`Step.BACK_SAME`), and before that only as "is there one at all". Withheld numbers
(`anonymous`, `Restricted`, `+266696687`, empty, SIP and client addresses) are simply none. Pure.
"""

from collections.abc import Mapping

from msgspec import Struct

from contacts.words import Words
from hotline.call_state import LegState
from hotline.numbers import NumberNotUnderstood, TelephoneNumber
from hotline.verbs import Step

_STATUS: Mapping[str, LegState] = {
    "queued": LegState.DIALLED,
    "initiated": LegState.DIALLED,
    "ringing": LegState.RINGING,
    "in-progress": LegState.ANSWERED,
    "answered": LegState.ANSWERED,
    "completed": LegState.OVER,
    "busy": LegState.OVER,
    "no-answer": LegState.OVER,
    "failed": LegState.OVER,
    "canceled": LegState.OVER,
}
#: What stands in `From` instead of a number: the keys of a telephone spell ANONYMOUS and RESTRICTED.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
#: Steps at which a number is of use to the call; nowhere else is `From` looked at.
_MAY_ASK = frozenset({Step.LEFT, Step.OFFER, Step.BACK_SAME})
#: The caller pressed 1 to be called at this number, or keyed one.
_TAKES = frozenset({Step.BACK_SAME, Step.BACK_NUMBER})
#: Phones that the provider rang by itself: known by the caller's leg.
_CHILDREN = frozenset({Step.SCREEN_APART, Step.ACCEPT_APART})
#: What was recorded is told here only, and only where we asked for it.
_MAY_RECORD = frozenset({Step.MESSAGE_LEFT, Step.RECORDED})
_MENU_KEYS = 4
_LONGEST_NAME = 64


class Report(Struct, frozen=True, kw_only=True):
    """A report without anything personal, but for `number`: what is to be sealed if the call says so.

    `dialable`: whether a number that can be called came with it. `recording`: the provider's name of what was recorded.
    """

    step: Step
    provider_call: str
    contact: str | None = None
    leg: str | None = None
    turn: int = 0
    status: str = ""
    sequence: int = -1
    digits: str = ""
    bridged: bool = False
    dialable: bool = False
    number: Words | None = None
    recording: str | None = None

    @property
    def name(self) -> tuple[str | int, ...]:
        """What tells this report from every other one of its call: the same twice is one report, repeated."""
        if self.step in {Step.STATUS, Step.LEG_STATUS}:
            return self.provider_call, self.step, self.leg or "", self.sequence, self.status
        if self.step is Step.RECORDED:
            return self.provider_call, self.step, self.recording or "", self.status
        return self.provider_call, self.step, self.leg or "", self.turn


def report(step: Step, query: Mapping[str, str], form: Mapping[str, str], *, country_code: str = "358") -> Report:
    """Read the few fields that matter. Raises ValueError for what no provider would send."""
    provider_call = form.get("ParentCallSid" if step in _CHILDREN else "CallSid", "")
    if (
        not provider_call
        or len(provider_call) > _LONGEST_NAME
        or not provider_call.isascii()
        or not provider_call.isalnum()
    ):
        raise ValueError("no call")
    digits, number = form.get("Digits", ""), None
    if step is Step.BACK_NUMBER:
        number, digits = _number(digits, country_code), ""
    elif step in _MAY_ASK:
        number = _number(form.get("From", ""), country_code)
    dialable = number is not None
    return Report(
        step=step,
        provider_call=provider_call,
        contact=_id(query.get("c")),
        leg=_id(query.get("l")),
        turn=_whole(query.get("n"), 0),
        status=_STATUS.get(form.get("CallStatus", ""), LegState.DIALLED),
        sequence=_whole(form.get("SequenceNumber"), -1),
        digits=digits if len(digits) <= _MENU_KEYS else "",
        bridged=form.get("DialBridged") == "true" or form.get("QueueResult") == "bridged",
        dialable=dialable,
        number=number if step in _TAKES else None,
        recording=_recording(form) if step in _MAY_RECORD else None,
    )


def _recording(form: Mapping[str, str]) -> str | None:
    """A name the provider can be asked for; None when there is no recording, or none any more."""
    name = form.get("RecordingSid") or form.get("RecordingUrl", "").rpartition("/")[2]
    there = form.get("RecordingStatus", "completed") == "completed"
    return name if there and name.isascii() and name.isalnum() and len(name) <= _LONGEST_NAME else None


def _number(written: str, country_code: str) -> Words | None:
    """A number that can be dialled, in E.164 form; None for whatever else stands there."""
    if written in _WITHHELD:
        return None
    try:
        return Words(TelephoneNumber.parse(written, country_code=country_code).e164)
    except NumberNotUnderstood:
        return None


def _id(text: str | None) -> str | None:
    if text is not None and not (len(text) == 32 and set(text) <= set("0123456789abcdef")):
        raise ValueError("no id of ours")
    return text


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
