"""The coded record of a contact. Pure: values, rules, and how a record is written down before it is sealed.

Level 0 is automatic, level 1 the basics, level 2 indicators (codes.md). A field nobody chose for holds "not asked".
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from contacts.codes.catalogue import FIELDS, VERSION, list_of
from contacts.codes.shapes import NOT_ASKED, NOT_KNOWN
from contacts.contact import Contact, Door, EndedBy
from contacts.words import Words

#: Codes by field. A field that is missing was not asked about.
Codes = Mapping[str, tuple[str, ...]]
_ALONE: Final = frozenset({NOT_ASKED, NOT_KNOWN})
_FORM, _FURTHER = "form", "other_forms"


class Record(Struct, frozen=True, kw_only=True):
    """What was recorded of a contact.

    `version`: of the code lists; `finished`: its writer says that nothing is open. `handles`: random names under which
    others remember this record (statistics facts); they stay inside the seal, and no page shows them.
    """

    version: int = VERSION
    codes: dict[str, tuple[str, ...]] = {}
    finished: bool = False
    handles: dict[str, str] = {}

    def of(self, field: str) -> tuple[str, ...]:
        """The codes of a field; `("not_asked",)` when nobody chose."""
        return self.codes.get(field, (NOT_ASKED,))


class Why(StrEnum):
    """What is wrong with a field."""

    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_CODE = "unknown_code"
    RETIRED_CODE = "retired_code"
    TOO_MANY = "too_many"
    NOT_ALONE = "not_alone"
    TWICE = "twice"
    COUNSELLED_AND_NOT = "counselled_and_not"
    FURTHER_WITHOUT_MAIN = "further_without_main"
    FURTHER_IS_MAIN = "further_is_main"


class Fault(Struct, frozen=True, order=True):
    """Why a record is not kept. `code`: the one at fault, or empty."""

    field: str
    why: Why
    code: str = ""


class Remark(StrEnum):
    """What a person should look at again; it forbids nothing."""

    MINOR_BY_AGE = "minor_by_age"
    PARTY_OF_NO_PROFESSIONAL = "party_of_no_professional"


def normal(codes: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The same in one spelling: fields and codes in the order of the lists, "not asked" left out, unknown things last."""
    tidy: dict[str, tuple[str, ...]] = {}
    for field in (*(name for name in FIELDS if name in codes), *sorted(set(codes) - set(FIELDS))):
        order = list_of(field).names if field in FIELDS else ()
        chosen = sorted(codes[field], key=lambda code: order.index(code) if code in order else len(order))
        if chosen and chosen != [NOT_ASKED]:
            tidy[field] = tuple(chosen)
    return tidy


def faults(codes: Codes, before: Codes | None = None) -> list[Fault]:
    """Everything wrong, in order. `before`: what was recorded; its retired codes may stay."""
    kept = before or {}
    found = [fault for field, chosen in codes.items() for fault in _field_faults(field, chosen, kept.get(field, ()))]
    return sorted([*found, *_form_faults(codes), *_outcome_faults(codes)])


def remarks(codes: Codes) -> list[Remark]:
    """What does not fit together."""
    found = []
    if codes.get("age") == ("u18",) and codes.get("minor_when_exploited") == ("no",):
        found.append(Remark.MINOR_BY_AGE)
    if "party" in codes and codes.get("who") not in {None, ("professional",), ("employer",)}:
        found.append(Remark.PARTY_OF_NO_PROFESSIONAL)
    return found


def counselled(codes: Codes) -> bool | None:
    """Whether it was counselling; None as long as no outcome says so."""
    chosen = [code for name in codes.get("outcome", ()) if (code := list_of("outcome").code(name)) is not None]
    told = [code.counselling for code in chosen if code.name not in _ALONE]
    return all(told) if told else None


def suggested(contact: Contact) -> dict[str, tuple[str, ...]]:
    """What the house knows before anybody records anything; a person may choose otherwise."""
    known: dict[str, tuple[str, ...]] = {}
    outcome = _OUTCOMES.get(contact.ended_by) if contact.ended_by is not None else None
    if outcome is not None:
        known["outcome"] = (outcome,)
    if contact.danger:
        known["danger"] = ("yes",)
    return known


class Automatic(Struct, frozen=True, kw_only=True):
    """Level 0. Times are seconds since 1970, durations seconds; None: not yet, or never."""

    door: Door
    language: str
    opened_at: int
    waited: int | None
    lasted: int | None
    ended_at: int | None
    ended_by: EndedBy | None


def automatic(contact: Contact) -> Automatic:
    """What is known without asking."""
    began = contact.accepted_at
    ended = contact.ended_at
    waited = contact.waited
    if waited is None and began is not None:
        waited = began - contact.opened_at
    return Automatic(
        door=contact.door,
        language=contact.language,
        opened_at=contact.opened_at,
        waited=waited,
        lasted=ended - began if ended is not None and began is not None else None,
        ended_at=ended,
        ended_by=contact.ended_by,
    )


def written(record: Record) -> Words:
    """The record as text, to be sealed."""
    tidy = replace(record, codes=normal(record.codes))
    return Words(msgspec.json.encode(tidy, order="sorted").decode())


def read(words: Words) -> Record:
    """The record again. Raises `msgspec.MsgspecError` for anything but what `written` made."""
    return msgspec.json.decode(words.reveal(), type=Record)


_OUTCOMES: Final = {
    EndedBy.LEFT_QUICKLY: "left_quickly",
    EndedBy.SILENCE: "silent",
    EndedBy.UNSERVED: "unserved",
    EndedBy.MESSAGE: "unserved",
}


def _field_faults(field: str, chosen: tuple[str, ...], kept: tuple[str, ...]) -> Iterable[Fault]:
    if field not in FIELDS:
        yield Fault(field, Why.UNKNOWN_FIELD)
        return
    for name in chosen:
        code = list_of(field).code(name)
        if code is None:
            yield Fault(field, Why.UNKNOWN_CODE, name)
        elif not code.is_offered(VERSION) and name not in kept:
            yield Fault(field, Why.RETIRED_CODE, name)
    if len(set(chosen)) < len(chosen):
        yield Fault(field, Why.TWICE)
    if len(chosen) > 1 and not FIELDS[field].many:
        yield Fault(field, Why.TOO_MANY)
    if len(chosen) > 1 and _ALONE & set(chosen):
        yield Fault(field, Why.NOT_ALONE)


def _form_faults(codes: Codes) -> Iterable[Fault]:
    further = [code for code in codes.get(_FURTHER, ()) if code not in _ALONE]
    main = [code for code in codes.get(_FORM, ()) if code not in _ALONE]
    if further and not main:
        yield Fault(_FURTHER, Why.FURTHER_WITHOUT_MAIN)
    for code in main:
        if code in further:
            yield Fault(_FURTHER, Why.FURTHER_IS_MAIN, code)


def _outcome_faults(codes: Codes) -> Iterable[Fault]:
    chosen = [code for name in codes.get("outcome", ()) if (code := list_of("outcome").code(name)) is not None]
    not_counselled = [code for code in chosen if not code.counselling]
    if not_counselled and len(chosen) > 1:
        yield Fault("outcome", Why.COUNSELLED_AND_NOT, not_counselled[0].name)
