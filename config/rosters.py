"""The roster's services, and what the roster is told about staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from contacts.people import KEY_HOLDERS, People, Person, Standing
from duty import colleagues as duty
from duty.roster import Roster
from duty.roster_days import RosterDays
from duty.roster_history import RosterHistory
from duty.swaps import Swaps
from storage.clock import Clock
from storage.engine import Connection
from storage.ids import StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rosters:
    """Everything about the roster. `colleagues` also names people in its sentences."""

    colleagues: duty.AskColleagues
    roster: Roster
    days: RosterDays
    swaps: Swaps
    history: RosterHistory


def rosters(*, clock: Clock, people: People) -> Rosters:
    """Build them on the list of staff."""

    async def ask(conn: Connection) -> duty.Colleagues:
        return colleagues(await people.everybody(conn))

    history = RosterHistory(clock=clock)
    days = RosterDays(clock=clock, colleagues=ask, history=history)
    return Rosters(
        colleagues=ask,
        roster=Roster(clock=clock, colleagues=ask, history=history),
        days=days,
        swaps=Swaps(clock=clock, colleagues=ask, days=days, history=history),
        history=history,
    )


def colleagues(everybody: Mapping[StaffId, Person]) -> duty.Colleagues:
    """Staff as the roster sees them: somebody invited may be rostered, an analyst or an administrator may not."""
    return {
        person.id: duty.Colleague(person.alias, frozenset(person.languages), _standing(person))
        for person in everybody.values()
    }


def _standing(person: Person) -> duty.Standing:
    if person.state is Standing.LEFT:
        return duty.Standing.left
    return duty.Standing.works if person.role in KEY_HOLDERS else duty.Standing.without_access
