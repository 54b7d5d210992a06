"""The roster: who answers when. Leads write it, everybody reads it.

Every method works inside the caller's unit of work. An edit names the version it was made on, so that of two leads the
second is told (`ChangedMeanwhile`) and nothing is lost. A refusal (`RosterRefused`) changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from duty import roster_rows
from duty.colleagues import AskColleagues, able
from duty.roster_checks import Draft, Problem, ProblemCode, RosterRefused, problems_of, refuse
from duty.roster_history import Action, RosterHistory, Was
from duty.roster_offers import moved, withdraw_stale
from duty.roster_warnings import Circumstances, RosterWarning, roster_warnings
from duty.shifts import LONGEST, Change, Channel, Fate, Occurrence, OnDuty, Shift, ShiftId, expand, on_duty
from duty.tables_roster import shifts
from duty.wall_clock import instant_of
from storage.clock import Clock
from storage.ids import StaffId, new_id

_MOMENT = timedelta(seconds=1)
_DAY = timedelta(days=1)


class Roster:
    """Reading and editing shifts."""

    def __init__(self, *, clock: Clock, colleagues: AskColleagues, history: RosterHistory) -> None:
        self._clock = clock
        self._colleagues = colleagues
        self._history = history

    # --- reading ---

    async def shift(self, conn: AsyncConnection, shift_id: ShiftId) -> Shift | None:
        """One shift."""
        return await roster_rows.of_id(conn, shift_id)

    async def occurrences(self, conn: AsyncConnection, start: datetime, end: datetime) -> list[Occurrence]:
        """What touches the window, cancelled shifts and those of people who left included."""
        return expand(await roster_rows.in_window(conn, start, end), start, end)

    async def covering(self, conn: AsyncConnection, start: datetime, end: datetime) -> list[Occurrence]:
        """What touches the window and counts: for `duty.coverage`."""
        found = await self.occurrences(conn, start, end)
        return [one for one in able(found, await self._colleagues(conn)) if not one.cancelled]

    async def on_duty(
        self, conn: AsyncConnection, now: datetime, channel: Channel, language: str | None = None
    ) -> tuple[OnDuty, ...]:
        """Who is rostered at `now`, lowest tier first. Never somebody who left."""
        return on_duty(await self.covering(conn, now, now + _MOMENT), now, channel, language)

    async def warnings(
        self, conn: AsyncConnection, around: Circumstances, start: datetime, end: datetime
    ) -> list[RosterWarning]:
        """What a lead should know about a window."""
        return roster_warnings(await roster_rows.in_window(conn, start - LONGEST, end), around, start, end)

    # --- writing ---

    async def add(self, conn: AsyncConnection, draft: Draft, *, by: StaffId | None, uid: str | None = None) -> Shift:
        """Put a shift on the roster. `uid`: its name in an imported calendar. Raises `RosterRefused`."""
        refuse(*problems_of(draft, await self._colleagues(conn)))
        made = Shift(id=ShiftId(new_id()), plan=draft.plan, zone=draft.zone, rule=draft.rule, uid=uid)
        await roster_rows.add(conn, made)
        await self._history.add(conn, Action.added, by=by, shift_id=made.id, after=_was(made))
        return made

    async def change(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, draft: Draft, *, by: StaffId | None
    ) -> Shift:
        """Change all of a shift, also what is past. Raises `RosterRefused`, `ChangedMeanwhile`.

        What was decided for single days stays; a draft without such a day is refused while the day is to come.
        """
        refuse(*problems_of(draft, await self._colleagues(conn)))
        current = await roster_rows.locked(conn, shift_id, version)
        drafted = replace(current, plan=draft.plan, zone=draft.zone, rule=draft.rule, version=version + 1)
        return await self._replaced(conn, current, _carrying(drafted, current.changes, self._clock.now()), by)

    async def change_from(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, day: date, draft: Draft, *, by: StaffId | None
    ) -> Shift:
        """Change a repeating shift from one of its days on; the days before stay. Answers the part after.

        The draft begins on `day` or later. Raises `RosterRefused`, `ChangedMeanwhile`.
        """
        current = await roster_rows.locked(conn, shift_id, version)
        if not current.begins_on(day) or draft.plan.starts.date() < day:
            raise RosterRefused(Problem(code=ProblemCode.no_such_day, place="day", days=(day,)))
        if day == current.first:
            return await self.change(conn, shift_id, version, draft, by=by)
        refuse(*problems_of(draft, await self._colleagues(conn)))
        later = Shift(id=ShiftId(new_id()), plan=draft.plan, zone=draft.zone, rule=draft.rule)
        decided = {when: what for when, what in current.changes.items() if when >= day}
        later = _carrying(later, decided, self._clock.now())
        await roster_rows.add(conn, later)
        await self._history.add(conn, Action.added, by=by, shift_id=later.id, after=_was(later))
        await moved(conn, shift_id, later.id, day)
        await self._replaced(conn, current, _ended(current, day - _DAY), by)
        await withdraw_stale(conn, later, by=by, now=self._clock.now())
        return later

    async def end(
        self, conn: AsyncConnection, shift_id: ShiftId, version: int, last: date, *, by: StaffId | None
    ) -> Shift:
        """Let a repeating shift end: nothing of it begins after `last`. Raises `RosterRefused`, `ChangedMeanwhile`."""
        current = await roster_rows.locked(conn, shift_id, version)
        if current.rule is None or last < current.first:
            raise RosterRefused(Problem(code=ProblemCode.until_before_start, place="until", days=(current.first,)))
        return await self._replaced(conn, current, _ended(current, last), by)

    async def remove(self, conn: AsyncConnection, shift_id: ShiftId, version: int, *, by: StaffId | None) -> None:
        """Take a shift off the roster with all its days and offers. Raises `ChangedMeanwhile`."""
        current = await roster_rows.locked(conn, shift_id, version)
        await roster_rows.remove(conn, shifts.c.id == shift_id)
        await self._history.add(conn, Action.removed, by=by, shift_id=shift_id, before=_was(current))

    async def forget(self, conn: AsyncConnection, before: datetime) -> int:
        """Delete what lies wholly before an instant: shifts, offers, history. How many shifts."""
        await self._history.forget(conn, before)
        return await roster_rows.remove(conn, roster_rows.over(before))

    async def _replaced(self, conn: AsyncConnection, current: Shift, changed: Shift, by: StaffId | None) -> Shift:
        await roster_rows.replace(conn, changed)
        await withdraw_stale(conn, changed, by=by, now=self._clock.now())
        await self._history.add(
            conn, Action.changed, by=by, shift_id=current.id, before=_was(current), after=_was(changed)
        )
        return changed


def _was(shift: Shift) -> Was:
    return Was(shift.plan, shift.rule)


def _ended(shift: Shift, last: date) -> Shift:
    """The shift without anything after a day."""
    assert shift.rule is not None
    final = max(shift.days(shift.first, last), default=last)  # a count may have ended it before
    rule = replace(shift.rule, until=final, count=None)
    kept = {day: change for day, change in shift.changes.items() if day <= last}
    return replace(shift, rule=rule, changes=kept, version=shift.version + 1)


def _carrying(drafted: Shift, changes: Mapping[date, Change], now: datetime) -> Shift:
    """The shift with what was decided for single days. Refuses to lose what is still to come."""
    kept = {day: change for day, change in changes.items() if drafted.begins_on(day)}
    lost = [
        day
        for day, change in sorted(changes.items(), key=lambda item: item[0])
        if day not in kept and change.fate is not Fate.removed and _to_come(drafted, day, change, now)
    ]
    if lost:
        raise RosterRefused(Problem(code=ProblemCode.days_decided, place="weekdays", days=tuple(lost)))
    return replace(drafted, changes=kept)


def _to_come(shift: Shift, day: date, change: Change, now: datetime) -> bool:
    ends = datetime.combine(day, time.max) if change.plan is None else change.plan.ends
    return instant_of(ends, shift.zone) > now
