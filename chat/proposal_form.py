"""The form with which professionals propose a person to the assistance system, as plain values. Pure.

Who proposes, what the person needs, how the professional is reached, and that the person has agreed: all four are
required, and nothing that was typed is ever lost. The person's name is not asked.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec
from msgspec import Struct

from chat.contact_form import LONGEST_MESSAGE, CallBack, How, Message, Unreadable, Voice
from contacts.contact import Answer, Urgency
from contacts.words import Words

#: Unicode code points.
LONGEST_REACH = 300
#: Fields that something can be wrong with, by the id of what to focus, in the order of the page.
PROPOSAL_FIELDS = ("party", "message", "reach", "agreed")

_PAGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Lack(StrEnum):
    """What is wrong with a field; `proposal.*` in the catalogues."""

    NO_PARTY = "no_party"
    NO_NEED = "no_need"
    TOO_LONG = "too_long"
    NO_REACH = "no_reach"
    REACH_TOO_LONG = "reach_too_long"
    NOT_AGREED = "not_agreed"
    FILLED_BY_PROGRAM = "filled_by_program"


class TypedProposal(Struct, frozen=True, kw_only=True):
    """The form as somebody filled it in. `page`: the random id of the page; `trap`: a field that people do not see."""

    page: str
    language: str
    party: str = ""
    message: Words = Words("")
    reach: Words = Words("")
    agreed: bool = False
    trap: bool = False


def typed_proposal(
    fields: Mapping[str, str], languages: tuple[str, ...], parties: tuple[str, ...], language: str
) -> TypedProposal:
    """A posted form. Raises `Unreadable` when it cannot have been filled in on a page of ours. `parties`: codes to choose."""
    page, party = fields.get("page", ""), fields.get("party", "")
    if not _PAGE.fullmatch(page) or language not in languages or (party and party not in parties):
        raise Unreadable
    return TypedProposal(
        page=page,
        language=language,
        party=party,
        message=_text(fields, "message"),
        reach=_text(fields, "reach"),
        agreed="agreed" in fields,
        trap=bool(fields.get("website", "")),
    )


def lacks(form: TypedProposal) -> dict[str, Lack]:
    """What keeps it from being sent, by field, in the order of the page."""
    found: dict[str, Lack] = {}
    if not form.party:
        found["party"] = Lack.NO_PARTY
    if not len(form.message):
        found["message"] = Lack.NO_NEED
    elif len(form.message) > LONGEST_MESSAGE:
        found["message"] = Lack.TOO_LONG
    if not len(form.reach):
        found["reach"] = Lack.NO_REACH
    elif len(form.reach) > LONGEST_REACH:
        found["reach"] = Lack.REACH_TOO_LONG
    if not form.agreed:
        found["agreed"] = Lack.NOT_AGREED
    if form.trap:
        found["website"] = Lack.FILLED_BY_PROGRAM
    return found


def proposal_of(form: TypedProposal, *, heading: str) -> Message:
    """What is sent of a form without lacks. `heading`: says before the text who proposes, and that the person agreed."""
    reach = form.reach.reveal()
    how = How.EMAIL if "@" in reach else How.TELEPHONE
    call_back = CallBack(how=how, address=reach, times="", voice=Voice.UNSAID)
    return Message(
        page=form.page,
        language=form.language,
        words=Words(f"{heading}\n\n{form.message.reveal()}"),
        call_back=Words(msgspec.json.encode(call_back).decode()),
        urgency=Urgency.ORDINARY,
        answer=Answer.WANTED,
    )


def codes_of(form: TypedProposal) -> dict[str, tuple[str, ...]]:
    """What the form itself says, in the codes of the record."""
    return {"who": ("professional",), "party": (form.party,), "topic": ("how_to_refer",)}


def _text(fields: Mapping[str, str], name: str) -> Words:
    """Line breaks as one character each, as people count them."""
    return Words(fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip())
