"""Who is offered to whom. Pure.

First come, first served; a visitor whom nobody present can serve is skipped and never blocks those behind. An operator
who writes the visitor's language goes first; only when none is present may anybody with room take the visitor (better
a person through a translation than nobody). The least loaded operator is asked; never the one who just missed it.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from storage.ids import ContactId, StaffId


class Waiting(Struct, frozen=True):
    """Somebody in the line. `since` in seconds since 1970; `missed_by` let the last offer pass."""

    contact: ContactId
    language: str
    since: int
    missed_by: StaffId | None = None


class OnDuty(Struct, frozen=True):
    """An operator who is available: `load` conversations and offers of at most `capacity`."""

    staff: StaffId
    languages: frozenset[str]
    load: int
    capacity: int


class Offer(Struct, frozen=True):
    """An assignment and its explanation: who could have been asked, and whether the language is shared."""

    contact: ContactId
    staff: StaffId
    eligible: tuple[StaffId, ...]
    same_language: bool


def offers(waiting: Sequence[Waiting], on_duty: Iterable[OnDuty]) -> list[Offer]:
    """The offers to make now, in the order of the line. No operator gets more than there is room for."""
    operators = {operator.staff: operator for operator in on_duty}
    load = {staff: operator.load for staff, operator in operators.items()}
    made: list[Offer] = []
    for visitor in sorted(waiting, key=lambda w: (w.since, w.contact)):
        speakers = [staff for staff, operator in operators.items() if visitor.language in operator.languages]
        able = speakers or list(operators)
        eligible = sorted(
            (staff for staff in able if load[staff] < operators[staff].capacity and staff != visitor.missed_by),
            key=lambda staff: (load[staff], staff),
        )
        if not eligible:
            continue
        chosen = eligible[0]
        load[chosen] += 1
        made.append(Offer(visitor.contact, chosen, tuple(eligible), bool(speakers)))
    return made
