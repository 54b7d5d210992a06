"""The roster, week by week, for everybody who is on it; whoever has a shift may offer it, whoever may take it takes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.responses import Response

from duty.colleagues import Colleagues, Standing
from duty.roster_checks import RosterRefused
from duty.roster_offers import Offer
from duty.shifts import Occurrence, Shift, ShiftId
from duty.swaps import NoLongerOffered
from duty.wall_clock import instant_of
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.roster_sentences import (
    ROSTER,
    event_told,
    plan_told,
    problems_told,
    rule_told,
    shift_address,
    span_told,
)
from operator_ui.slips import Remark
from storage.engine import Connection
from storage.ids import StaffId

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_SHOWN_EVENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftShown:
    """One shift on one day. `mine`: it may be offered by whoever looks. `href`: where a lead edits it."""

    id: ShiftId
    day: date
    time: str
    person: str
    channel: str
    languages: str
    tier: int
    notes: tuple[str, ...]
    cancelled: bool
    mine: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """A day of the week."""

    day: date
    name: str
    today: bool
    shifts: tuple[ShiftShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferShown:
    """A shift on offer, and what whoever looks may do with it."""

    id: str
    text: str
    by: str
    to: str
    takeable: bool
    declinable: bool
    mine: bool


class RosterPages:
    """GET and POST /desk/roster."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """A week of the roster."""
        async with self._leading.store.read() as conn:
            return await self._page(conn, visit, visit.query.one("week"))

    async def swap(self, visit: Visit) -> Response:
        """Offer, take, decline or withdraw."""
        sent = visit.posted
        errors: list[Remark] = []
        try:
            async with self._leading.store.write() as conn:
                await self._swapped(conn, visit)
        except RosterRefused as refused:
            async with self._leading.store.read() as conn:
                errors = problems_told(await self._words(conn, visit), refused.problems)
        except (NoLongerOffered, ValueError):
            text = self._room.rendering.wording.text(visit.language, "slip.no_longer_offered")
            errors = [Remark(text, "offers", "#offers", refuse=True)]
        if not errors:
            week = f"&week={sent.one('week')}" if _monday(sent.one("week")) is not None else ""
            return self._room.rendering.redirect(f"{ROSTER}?told=swap_{sent.one('do')}{week}")
        async with self._leading.store.read() as conn:
            return await self._page(conn, visit, sent.one("week"), errors=errors, status=409)

    async def _swapped(self, conn: Connection, visit: Visit) -> None:
        sent, swaps, by = visit.posted, self._leading.swaps, visit.session.staff_id
        match sent.one("do"):
            case "offer":
                to = StaffId(sent.one("to")) if sent.one("to") else None
                day = date.fromisoformat(sent.one("day"))
                await swaps.offer(conn, ShiftId(sent.one("id")), day, by=by, to=to)
            case "take":
                await swaps.take(conn, sent.one("offer"), by=by)
            case "decline":
                await swaps.decline(conn, sent.one("offer"), by=by)
            case "withdraw":
                await swaps.withdraw(conn, sent.one("offer"), by=by)
            case _:
                raise NoLongerOffered

    async def _words(self, conn: Connection, visit: Visit) -> LeadWords:
        leading = self._leading
        zone = leading.zone_of(await leading.timetable(conn), leading.clock.now())
        return words_of(self._room.rendering.wording, visit.language, zone, await leading.colleagues(conn))

    async def _page(
        self, conn: Connection, visit: Visit, week: str, *, errors: list[Remark] | None = None, status: int = 200
    ) -> Response:
        leading, now = self._leading, self._leading.clock.now()
        words = await self._words(conn, visit)
        colleagues = await leading.colleagues(conn)
        today = words.at(now).date()
        monday = _monday(week) or today - today.weekday() * _DAY
        start, end = (
            instant_of(datetime.combine(day, datetime.min.time()), words.zone) for day in (monday, monday + _WEEK)
        )
        found = await leading.roster.occurrences(conn, start, end)
        shifts = {one.shift_id: await leading.roster.shift(conn, one.shift_id) for one in found}
        offers = await leading.swaps.on_offer(conn)
        events = await leading.roster_history.newest(conn, limit=_SHOWN_EVENTS) if visit.leads else []
        me = visit.session.staff_id
        week_shown = _Week(words, now, me, shifts, {(one.shift_id, one.day): one for one in offers}, leads=visit.leads)
        return self._room.page(
            visit,
            "lead_roster.html",
            here="roster",
            status=status,
            errors=errors or [],
            days=[week_shown.day(monday + number * _DAY, found, today, first=number == 0) for number in range(7)],
            week=_name(monday),
            week_told=f"{words.day(monday)} – {words.day(monday + 6 * _DAY)}",
            before=_name(monday - _WEEK),
            after=_name(monday + _WEEK),
            offers=[_offer_told(words, one, me, shifts.get(one.shift_id)) for one in offers],
            people=people_of(colleagues, without=me),
            everybody=people_of(colleagues),
            history=[(words.instant(one.at), words.person(one.actor), event_told(words, one)) for one in events],
        )


@dataclass(frozen=True, slots=True)
class _Week:
    """What is needed to tell the shifts of a week."""

    words: LeadWords
    now: datetime
    me: StaffId
    shifts: Mapping[ShiftId, Shift | None]
    offers: Mapping[tuple[ShiftId, date], Offer]
    leads: bool

    def day(self, day: date, found: list[Occurrence], today: date, *, first: bool) -> DayShown:
        """A day with the shifts that begin on it; the first day also those that still run."""
        here = [one for one in found if one.plan.starts.date() == day or (first and one.plan.starts.date() < day)]
        return DayShown(day=day, name=self.words.day(day), today=day == today, shifts=tuple(map(self._shift, here)))

    def _shift(self, one: Occurrence) -> ShiftShown:
        words, shift = self.words, self.shifts.get(one.shift_id)
        offer = self.offers.get((one.shift_id, one.day))
        notes = []
        if one.cancelled:
            notes.append(words.say("roster.cancelled"))
        if offer is not None:
            to = words.say("roster.to_anybody") if offer.offered_to is None else words.person(offer.offered_to)
            notes.append(words.say("roster.on_offer_to", person=to))
        if shift is not None and shift.rule is not None:
            changed = one.day in shift.changes and not one.cancelled
            told = rule_told(words, shift.rule, shift.first.weekday())
            notes.append(words.say("roster.changed_day") if changed else told)
        mine = one.staff_id == self.me and not one.cancelled and offer is None and one.ends > self.now
        time = span_told(words, one)
        return ShiftShown(
            id=one.shift_id,
            day=one.day,
            time=time,
            person=words.person(one.staff_id),
            channel=words.say(f"channel.{one.plan.channel}"),
            languages=words.languages(one.plan.languages),
            tier=one.plan.tier,
            notes=tuple(notes),
            cancelled=one.cancelled,
            mine=mine,
            href=shift_address(one.shift_id, one.day) if self.leads else "",
        )


def people_of(colleagues: Colleagues, *, without: StaffId | None = None) -> list[tuple[StaffId, str]]:
    """Who may be rostered, by name."""
    able = [(staff_id, one.name) for staff_id, one in colleagues.items() if one.standing is Standing.works]
    return sorted((pair for pair in able if pair[0] != without), key=lambda pair: pair[1].casefold())


def _offer_told(words: LeadWords, one: Offer, me: StaffId, shift: Shift | None) -> OfferShown:
    occurrence = None if shift is None else shift.occurrence(one.day)
    text = words.stretch(one.starts, one.ends) if occurrence is None else plan_told(words, occurrence.plan)
    others = one.offered_by != me
    return OfferShown(
        id=one.id,
        text=text,
        by=words.person(one.offered_by),
        to=words.say("roster.to_anybody") if one.offered_to is None else words.person(one.offered_to),
        takeable=others and one.offered_to in {None, me},
        declinable=others and one.offered_to == me,
        mine=not others,
    )


def _monday(week: str) -> date | None:
    """The Monday of `2026-W48` (ISO 8601), or None."""
    try:
        return datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day, without a time
    except ValueError:
        return None


def _name(monday: date) -> str:
    return f"{monday:%G-W%V}"
