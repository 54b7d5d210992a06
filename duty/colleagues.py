"""What the roster is told about people. The list of staff is kept elsewhere; here they are names given from outside."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from duty.shifts import Occurrence
from storage.ids import StaffId


class Standing(StrEnum):
    """Whether somebody may be rostered."""

    works = "works"
    left = "left"
    without_access = "without_access"  # no keys to contacts: an analyst, an administrator (promise P12)


@dataclass(frozen=True, slots=True)
class Colleague:
    """What the roster is told about a person; the list of staff is kept elsewhere."""

    name: str
    languages: frozenset[str]
    standing: Standing = Standing.works


#: Whoever is missing from it has left.
Colleagues = Mapping[StaffId, Colleague]

#: Asks whoever keeps the list of staff for all of it, inside the caller's unit of work.
AskColleagues = Callable[[AsyncConnection], Awaitable[Colleagues]]


def standing(colleagues: Colleagues, staff_id: StaffId) -> Standing:
    """Whether somebody may be rostered."""
    colleague = colleagues.get(staff_id)
    return Standing.left if colleague is None else colleague.standing


def able(occurrences: Iterable[Occurrence], colleagues: Colleagues) -> list[Occurrence]:
    """Those of people who still work here and have access to contacts: nobody else covers anything or is rung."""
    return [one for one in occurrences if standing(colleagues, one.staff_id) is Standing.works]
