"""The contact form as plain values: what was typed, what is wrong with it, what is sent. Pure.

Whatever is wrong is said beside its field, and nothing that was typed is ever lost. Only the message is required.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct

from contacts.contact import Answer, Urgency
from contacts.words import Words

#: Unicode code points.
LONGEST_MESSAGE = 4000
LONGEST_ADDRESS = 200
LONGEST_TIMES = 300
#: What a browser lets anybody type into the message, in UTF-16 units: more than may be sent, so that a text that is too
#: long is refused with the text kept; and never more than a request may hold (64 KiB; a unit is at most 9 bytes of it).
MOST_TYPED = 6_000
#: Fields that something can be wrong with, by the id of what to focus, in the order of the page.
FORM_FIELDS = ("message", "how", "address", "times")
#: Fewer figures than this are no telephone number that could be called.
_FEWEST_FIGURES = 5

_PAGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class How(StrEnum):
    """How the writer can be answered safely."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    NOT_AT_ALL = "not_at_all"
    UNSAID = ""


class Voice(StrEnum):
    """Whether it is safe to leave a voice message."""

    YES = "yes"
    NO = "no"
    UNSAID = ""


class Problem(StrEnum):
    """What is wrong with a field; `form.problem.*` in the catalogues."""

    BLANK = "blank"
    TOO_LONG = "too_long"
    NO_TELEPHONE = "no_telephone"
    NO_EMAIL = "no_email"
    NOT_A_TELEPHONE = "not_a_telephone"
    NOT_AN_EMAIL = "not_an_email"
    ADDRESS_TOO_LONG = "address_too_long"
    NO_WAY = "no_way"
    TIMES_TOO_LONG = "times_too_long"
    FILLED_BY_PROGRAM = "filled_by_program"


#: Field -> what is wrong with it, in the order of the page.
Problems = Mapping[str, Problem]


class Unreadable(Exception):
    """Not our form: no page of ours sends this. Carries no part of it."""


class Typed(Struct, frozen=True, kw_only=True):
    """The form as somebody filled it in. `page`: the random id of the page; `trap`: a field that people do not see."""

    page: str
    language: str
    message: Words = Words("")
    how: How = How.UNSAID
    address: Words = Words("")
    times: Words = Words("")
    voice: Voice = Voice.UNSAID
    urgent: bool = False
    trap: bool = False


class CallBack(Struct, frozen=True, kw_only=True):
    """How to answer, as it is sealed. None and empty: not said."""

    how: How
    address: str
    times: str
    voice: Voice

    def __repr__(self) -> str:
        return f"CallBack({self.how or 'unsaid'})"


class Message(Struct, frozen=True, kw_only=True):
    """What is sent: nothing is wrong with it."""

    page: str
    language: str
    words: Words
    call_back: Words | None
    urgency: Urgency
    answer: Answer


_WANTED: Final = frozenset({How.TELEPHONE, How.EMAIL})


def typed(fields: Mapping[str, str], languages: tuple[str, ...]) -> Typed:
    """A posted form. Raises `Unreadable` when it cannot have been filled in on a page of ours."""
    page = fields.get("page", "")
    if not _PAGE.fullmatch(page) or fields.get("language") not in languages:
        raise Unreadable
    try:
        how, voice = How(fields.get("how", "")), Voice(fields.get("voice", ""))
    except ValueError:
        raise Unreadable from None
    return Typed(
        page=page,
        language=fields["language"],
        message=_text(fields, "message"),
        how=how,
        address=_text(fields, "address"),
        times=_text(fields, "times"),
        voice=voice,
        urgent="urgent" in fields,
        trap=bool(fields.get("website", "")),
    )


def problems(form: Typed) -> dict[str, Problem]:
    """What keeps it from being sent, by field."""
    found: dict[str, Problem] = {}
    if not len(form.message):
        found["message"] = Problem.BLANK
    elif len(form.message) > LONGEST_MESSAGE:
        found["message"] = Problem.TOO_LONG
    if form.how is How.UNSAID and len(form.address):
        found["how"] = Problem.NO_WAY
    address = _address_problem(form.how, form.address.reveal())
    if address is not None:
        found["address"] = address
    if len(form.times) > LONGEST_TIMES:
        found["times"] = Problem.TIMES_TOO_LONG
    if form.trap:
        found["website"] = Problem.FILLED_BY_PROGRAM
    return found


def message_of(form: Typed) -> Message:
    """What is sent of a form without problems. Who does not want to be contacted leaves no address with us."""
    address = form.address.reveal() if form.how in _WANTED else ""
    said = CallBack(how=form.how, address=address, times=form.times.reveal(), voice=form.voice)
    unsaid = form.how is How.UNSAID
    return Message(
        page=form.page,
        language=form.language,
        words=form.message,
        call_back=Words(msgspec.json.encode(said).decode()) if _says_more(said) else None,
        urgency=Urgency.URGENT if form.urgent else Urgency.ORDINARY,
        answer=Answer.UNSAID if unsaid else Answer.WANTED if form.how in _WANTED else Answer.UNWANTED,
    )


def call_back_of(words: Words) -> CallBack:
    """What was sealed by `message_of`. Raises ValueError for anything else."""
    try:
        return msgspec.json.decode(words.reveal(), type=CallBack)
    except msgspec.DecodeError:
        raise ValueError("not how to answer") from None


def _says_more(said: CallBack) -> bool:
    """Whether it says anything that the plain code for "wants an answer" does not."""
    return bool(said.address or said.times or said.voice)


def _address_problem(how: How, address: str) -> Problem | None:
    if len(address) > LONGEST_ADDRESS:
        return Problem.ADDRESS_TOO_LONG
    if how is How.TELEPHONE:
        if not address:
            return Problem.NO_TELEPHONE
        return Problem.NOT_A_TELEPHONE if sum(map(str.isdigit, address)) < _FEWEST_FIGURES else None
    if how is How.EMAIL:
        if not address:
            return Problem.NO_EMAIL
        name, at, host = address.rpartition("@")
        return None if name and at and host else Problem.NOT_AN_EMAIL
    return None


def _text(fields: Mapping[str, str], name: str) -> Words:
    """Line breaks as one character each, as people count them."""
    return Words(fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip())
