"""Swaps: somebody offers a shift, somebody else takes it, a lead sees it.

Nobody has to approve; the history and the warnings show what happened. Inside the caller's unit of work.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from duty import roster_offers, roster_rows
from duty.colleagues import AskColleagues, Colleagues
from duty.roster_checks import Problem, ProblemCode, RosterRefused, problems_of_plan, refuse
from duty.roster_days import RosterDays
from duty.roster_history import Action, RosterHistory, Was
from duty.roster_offers import Offer, OfferState
from duty.roster_rows import day_text
from duty.shifts import Change, Fate, Occurrence, Plan, Shift, ShiftId
from duty.tables_roster import shift_offers
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId


class NoLongerOffered(Exception):
    """Somebody else took the shift, its owner withdrew it, or it is not what was offered any more."""


class Swaps:
    """Offering and taking shifts."""

    def __init__(self, *, clock: Clock, colleagues: AskColleagues, days: RosterDays, history: RosterHistory) -> None:
        self._clock = clock
        self._colleagues = colleagues
        self._days = days
        self._history = history

    async def offer(
        self, conn: AsyncConnection, shift_id: ShiftId, day: date, *, by: StaffId, to: StaffId | None = None
    ) -> Offer:
        """Offer one's own shift to somebody, or to anybody. Raises `RosterRefused`."""
        shift = await roster_rows.of_id(conn, shift_id, lock=True)
        occurrence = None if shift is None else shift.occurrence(day)
        now = self._clock.now()
        if occurrence is None:
            raise RosterRefused(Problem(code=ProblemCode.no_such_day, place="day", days=(day,)))
        refuse(*_against_offering(occurrence, by=by, to=to, now=now))
        if to is not None:
            _given(occurrence.plan, to, await self._colleagues(conn))
        same_day = (shift_offers.c.shift_id == shift_id, shift_offers.c.day == day_text(day))
        if await roster_offers.still_open(conn, *same_day):
            raise RosterRefused(Problem(code=ProblemCode.already_offered, place="day", days=(day,)))
        made = await roster_offers.make(conn, occurrence, to, now=now)
        await self._history.add(conn, Action.offered, by=by, shift_id=shift_id, day=day, before=Was(occurrence.plan))
        return made

    async def take(self, conn: AsyncConnection, offer_id: str, *, by: StaffId) -> Shift:
        """Take a shift, in those of its languages that the taker speaks. Raises `RosterRefused`, `NoLongerOffered`."""
        offer = await self._open(conn, offer_id)
        shift = await roster_rows.of_id(conn, offer.shift_id, lock=True)
        occurrence = None if shift is None else shift.occurrence(offer.day)
        if shift is None or occurrence is None or not offer.stands(occurrence):
            raise NoLongerOffered
        refuse(*_against_taking(offer, by=by, now=self._clock.now()))
        plan = _given(occurrence.plan, by, await self._colleagues(conn))
        await self._settle(conn, offer, OfferState.taken, by=by)
        return await self._days.put(conn, shift, offer.day, Change(Fate.changed, plan), Action.taken, by=by)

    async def decline(self, conn: AsyncConnection, offer_id: str, *, by: StaffId) -> None:
        """Say no to a shift offered to oneself. Raises `RosterRefused`, `NoLongerOffered`."""
        offer = await self._open(conn, offer_id)
        if offer.offered_to != by:
            raise RosterRefused(Problem(code=ProblemCode.offered_to_another, place="person"))
        await self._settle(conn, offer, OfferState.declined, by=by)
        await self._history.add(conn, Action.declined, by=by, shift_id=offer.shift_id, day=offer.day)

    async def withdraw(self, conn: AsyncConnection, offer_id: str, *, by: StaffId) -> None:
        """Keep one's shift after all. Raises `RosterRefused`, `NoLongerOffered`."""
        offer = await self._open(conn, offer_id)
        if offer.offered_by != by:
            raise RosterRefused(Problem(code=ProblemCode.not_yours, place="person", days=(offer.day,)))
        await self._settle(conn, offer, OfferState.withdrawn, by=by)
        await self._history.add(conn, Action.withdrawn, by=by, shift_id=offer.shift_id, day=offer.day)

    async def on_offer(self, conn: AsyncConnection, *, to: StaffId | None = None) -> list[Offer]:
        """Open offers of shifts that are not over; with `to`, those this person may take."""
        which = [shift_offers.c.ends_at > epoch_seconds(self._clock.now())]
        if to is not None:
            which.append(shift_offers.c.offered_by != to)
            which.append(or_(shift_offers.c.offered_to.is_(None), shift_offers.c.offered_to == to))
        return await roster_offers.still_open(conn, *which)

    async def settled(self, conn: AsyncConnection, since: datetime) -> list[Offer]:
        """Offers taken, declined or withdrawn since an instant: for leads."""
        return await roster_offers.read(conn, shift_offers.c.settled_at >= epoch_seconds(since))

    async def _open(self, conn: AsyncConnection, offer_id: str) -> Offer:
        offer = await roster_offers.of_id(conn, offer_id)
        if offer is None or offer.state is not OfferState.open:
            raise NoLongerOffered
        return offer

    async def _settle(self, conn: AsyncConnection, offer: Offer, state: OfferState, *, by: StaffId) -> None:
        if not await roster_offers.settle(conn, offer.id, state, by=by, now=self._clock.now()):
            raise NoLongerOffered


def _against_offering(occurrence: Occurrence, *, by: StaffId, to: StaffId | None, now: datetime) -> Iterator[Problem]:
    days = (occurrence.day,)
    if occurrence.staff_id != by:
        yield Problem(code=ProblemCode.not_yours, place="person", days=days)
    if occurrence.cancelled:
        yield Problem(code=ProblemCode.cancelled, place="day", days=days)
    if occurrence.ends <= now:
        yield Problem(code=ProblemCode.already_over, place="day", days=days)
    if to == occurrence.staff_id:
        yield Problem(code=ProblemCode.to_oneself, place="to")


def _against_taking(offer: Offer, *, by: StaffId, now: datetime) -> Iterator[Problem]:
    if offer.offered_by == by:
        yield Problem(code=ProblemCode.to_oneself, place="person")
    if offer.offered_to not in {None, by}:
        yield Problem(code=ProblemCode.offered_to_another, place="person")
    if offer.ends <= now:
        yield Problem(code=ProblemCode.already_over, place="day", days=(offer.day,))


def _given(plan: Plan, to: StaffId, colleagues: Colleagues) -> Plan:
    """The plan with another person, in the languages both have. Raises `RosterRefused`."""
    colleague = colleagues.get(to)
    common = plan.languages if colleague is None else plan.languages & colleague.languages
    given = replace(plan, staff_id=to, languages=common)
    if not common:
        raise RosterRefused(Problem(code=ProblemCode.no_common_language, place="person", staff_id=to))
    refuse(*problems_of_plan(given, colleagues))
    return given
