"""Somebody cannot come for some days: their shifts are cancelled, and no reason is kept. For leads."""

from datetime import datetime, timedelta

from starlette.responses import Response

from duty.wall_clock import instant_of
from operator_ui.hours_form import read_day
from operator_ui.hours_words import remarks
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.leading import Leading, words_of
from operator_ui.posted import Posted
from operator_ui.roster_pages import people_of
from operator_ui.roster_sentences import COVERAGE
from operator_ui.slips import Slip
from storage.ids import StaffId

PATH = "/desk/lead/absence"
_DAY = timedelta(days=1)


class AbsencePages:
    """GET and POST /desk/lead/absence."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """Who, and from when to when."""
        return await self._page(visit, visit.query, [])

    async def submit(self, visit: Visit) -> Response:
        """Cancel their shifts."""
        sent, leading = visit.posted, self._leading
        first, slips = read_day(sent.one("first"), "first")
        last, also = read_day(sent.one("last"), "last") if sent.one("last") else (first, [])
        async with leading.store.read() as conn:
            zone = leading.zone_of(await leading.timetable(conn), leading.clock.now())
            known = StaffId(sent.one("person")) in await leading.colleagues(conn)
        slips = [*([] if known else [Slip("problem.person_unknown", "person")]), *slips, *also]
        if first is not None and last is not None and last < first:
            slips.append(Slip("slip.last_before_first", "last"))
        if slips or first is None or last is None:
            return await self._page(visit, sent, slips, status=422)
        midnights = (datetime.combine(day, datetime.min.time()) for day in (first, last + _DAY))
        start, end = (instant_of(midnight, zone) for midnight in midnights)
        async with leading.store.write() as conn:
            await leading.days.absent(conn, StaffId(sent.one("person")), start, end, by=visit.session.staff_id)
        return self._room.rendering.redirect(f"{COVERAGE}?told=absent&day={first}")

    async def _page(self, visit: Visit, sent: Posted, slips: list[Slip], *, status: int = 200) -> Response:
        leading = self._leading
        async with leading.store.read() as conn:
            zone = leading.zone_of(await leading.timetable(conn), leading.clock.now())
            colleagues = await leading.colleagues(conn)
        errors = remarks(words_of(self._room.rendering.wording, visit.language, zone, colleagues), slips)
        return self._room.page(
            visit,
            "lead_absence.html",
            here="roster",
            status=status,
            errors=errors,
            wrong={one.field: one.text for one in errors},
            people=people_of(colleagues),
            person=sent.one("person"),
            first=sent.one("first"),
            last=sent.one("last"),
        )
