"""A proposal's case: what came of it, and the dated events that are counted of it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from contacts.statistics.fact import Unit, plain
from contacts.statistics.facts import Event

ADMITTED: Final = frozenset({"admitted_victim", "admitted_child", "admitted_witness"})


class Case(Struct, frozen=True, kw_only=True):
    """What is sealed with the contact's record.

    `codes`: the person's, as they are counted now; `given`: those the proposal itself came with, which stand where the
    record says nothing. `decided`, `ended`: days; a client is an admission, and ends once.
    """

    made: date
    given: dict[str, tuple[str, ...]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    decision: str | None = None
    decided: date | None = None
    ended: date | None = None

    def __repr__(self) -> str:
        return "Case(...)"


class Slip(Struct, frozen=True):
    """What is wrong with what somebody typed: a field, and why (`proposal.slip.*` in the catalogues)."""

    field: str
    why: str


def slips(case: Case, today: date) -> list[Slip]:
    """What keeps a case from being recorded."""
    found = []
    if (case.decision is None) is not (case.decided is None):
        found.append(Slip("decided" if case.decided is None else "decision", "both"))
    if case.decided is not None and case.decided > today:
        found.append(Slip("decided", "future"))
    if case.ended is not None and case.decision not in ADMITTED:
        found.append(Slip("ended", "not_admitted"))
    if case.ended is not None and case.ended > today:
        found.append(Slip("ended", "future"))
    if case.ended is not None and case.decided is not None and case.ended < case.decided:
        found.append(Slip("ended", "before"))
    return found


def events(case: Case | None) -> Mapping[Unit, Event]:
    """Everything that is counted of a case."""
    if case is None:
        return {}
    found = {Unit.PROPOSAL: Event(unit=Unit.PROPOSAL, day=case.made, codes=plain(case.codes))}
    if case.decision is None or case.decided is None:
        return found
    codes = plain(case.codes) | {"decision": (case.decision,)}
    found[Unit.DECISION] = Event(unit=Unit.DECISION, day=case.decided, codes=codes)
    if case.ended is not None:
        found[Unit.ENDED] = Event(unit=Unit.ENDED, day=case.ended, codes=codes)
    return found
