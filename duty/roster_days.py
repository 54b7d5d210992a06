"""Single days of shifts: another person or time, somebody who cannot come, a day that was never meant.

As in `duty.roster`: inside the caller's unit of work, naming the version an edit was made on. A shift that does not
repeat has one day; changing that day changes the shift itself.
"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from duty import roster_rows
from duty.colleagues import AskColleagues
from duty.roster_checks import Problem, ProblemCode, RosterRefused, problems_of_plan, refuse
from duty.roster_history import Action, RosterHistory, Was
from duty.roster_offers import withdraw_stale
from duty.shifts import Change, Fate, Occurrence, Plan, Shift, ShiftId, expand
from storage.clock import Clock
from storage.ids import StaffId


class RosterDays:
    """Editing single days of shifts."""

    def __init__(self, *, clock: Clock, colleagues: AskColleagues, history: RosterHistory) -> None:
        self._clock = clock
        self._colleagues = colleagues
        self._history = history

    async def change(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date, plan: Plan, *, by: StaffId | None
    ) -> Shift:
        """Another person, time or place for one day. Raises `RosterRefused`, `ChangedMeanwhile`."""
        refuse(*problems_of_plan(plan, await self._colleagues(conn)))
        current = await self._current(conn, shift_id, version, day)
        return await self.put(conn, current, day, Change(Fate.changed, plan), Action.day_changed, by=by)

    async def cancel(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date, *, by: StaffId | None
    ) -> Shift:
        """The person cannot come; no reason is kept. Raises `RosterRefused`, `ChangedMeanwhile`."""
        current = await self._current(conn, shift_id, version, day)
        return await self._cancelled(conn, current, day, by)

    async def remove(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date, *, by: StaffId | None
    ) -> Shift:
        """This day was never meant, as on a holiday. Raises `RosterRefused`, `ChangedMeanwhile`."""
        current = await self._current(conn, shift_id, version, day)
        return await self.put(conn, current, day, Change(Fate.removed), Action.day_removed, by=by)

    async def restore(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date, *, by: StaffId | None
    ) -> Shift:
        """Undo the last decision about a day: the cancellation, else the change. Raises as the others do."""
        current = await self._current(conn, shift_id, version, day)
        decided = current.changes.get(day)
        changed = decided is not None and decided.fate is Fate.cancelled and decided.plan is not None
        before = Change(Fate.changed, decided.plan) if changed and decided is not None else None
        return await self.put(conn, current, day, before, Action.day_restored, by=by)

    async def absent(
        self, conn: AsyncConnection, person: StaffId, start: datetime, end: datetime, *, by: StaffId | None
    ) -> list[Occurrence]:
        """Somebody cannot come for a while: cancel what touches the window. Answers what now has nobody."""
        found = expand(await roster_rows.in_window(conn, start, end), start, end)
        theirs = [one for one in found if one.staff_id == person and not one.cancelled]
        for one in sorted(theirs, key=lambda one: one.shift_id):  # everybody locks in the same order
            current = await roster_rows.of_id(conn, one.shift_id, lock=True)
            now = None if current is None else current.occurrence(one.day)
            if current is not None and now is not None and now.staff_id == person:
                await self._cancelled(conn, current, one.day, by)
        return theirs

    async def put(
        self,
        conn: AsyncConnection,
        current: Shift,
        day: date,
        change: Change | None,
        action: Action,
        *,
        by: StaffId | None,
    ) -> Shift:
        """Write what holds for a day of a shift whose lock the caller has; None: as planned."""
        changes = {when: what for when, what in current.changes.items() if when != day}
        changed = replace(current, version=current.version + 1)
        if change is None:
            changed = replace(changed, changes=changes)
        elif current.rule is None and change.fate is Fate.changed and change.plan is not None:
            changed = replace(changed, plan=change.plan, changes=changes)
        else:
            changed = replace(changed, changes={**changes, day: change})
        await roster_rows.replace(conn, changed)
        await withdraw_stale(conn, changed, by=by, now=self._clock.now())
        after = changed.occurrence(day if current.rule is not None else changed.first)
        await self._history.add(
            conn, action, by=by, shift_id=current.id, day=day, before=_was(current.occurrence(day)), after=_was(after)
        )
        return changed

    async def _cancelled(self, conn: AsyncConnection, current: Shift, day: date, by: StaffId | None) -> Shift:
        decided = current.changes.get(day)
        change = Change(Fate.cancelled, None if decided is None else decided.plan)
        return await self.put(conn, current, day, change, Action.day_cancelled, by=by)

    async def _current(self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date) -> Shift:
        current = await roster_rows.locked(conn, shift_id, version)
        if not current.begins_on(day):
            raise RosterRefused(Problem(code=ProblemCode.no_such_day, place="day", days=(day,)))
        return current


def _was(occurrence: Occurrence | None) -> Was | None:
    """None: nobody is to come."""
    return None if occurrence is None or occurrence.cancelled else Was(occurrence.plan)
