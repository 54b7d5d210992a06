"""Days that differ, public holidays to confirm, and the pause."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from duty.availability import Availability, State
from duty.dated_exceptions import DatedException
from duty.holidays import Holiday, HolidayMoved
from duty.hours_history import Action, history
from duty.lint import lint
from duty.proposal import NewException
from duty.schedule import CHAT
from operator_ui.changes import ExceptionForm, exception_of, fields_of, read_exception_form
from operator_ui.hours_words import EXCEPTIONS, exception_told, holiday_told, remarks
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Deed, Leading, words_of
from operator_ui.preview_pages import PATH as PREVIEW
from operator_ui.slips import Slip, slips_of
from storage.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class _HolidayTold:
    """A public holiday in words. `hours`: as kept, to be confirmed."""

    day: date
    name: str
    when: str
    hours: str
    told: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store says as the page is drawn."""

    words: LeadWords
    now: datetime
    exceptions: list[tuple[str, str]]
    holidays: list[_HolidayTold]
    paused: bool
    paused_by: tuple[str, str] | None
    published: bool


class ExceptionPages:
    """GET and POST /desk/lead/exceptions."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """Exceptions to come, holidays, the pause."""
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
        return self._page(visit, known, ExceptionForm())

    async def submit(self, visit: Visit) -> Response:
        """One of the page's buttons."""
        match visit.posted.one("do"):
            case "pause" | "resume" as todo:
                return await self._pause(visit, pause=todo == "pause")
            case "confirm":
                return await self._confirm(visit)
            case _:
                return await self._check(visit)

    async def _pause(self, visit: Visit, *, pause: bool) -> Response:
        leading, now = self._leading, self._leading.clock.now()
        async with leading.store.write() as conn:
            if await leading.paused(conn) is not pause:
                turn = leading.schedule.pause if pause else leading.schedule.resume
                await turn(conn, CHAT, by=visit.session.staff_id, now=now)
                await leading.record(conn, visit.session, Deed.PAUSED if pause else Deed.RESUMED)
        await leading.moved()
        return self._room.rendering.redirect(f"{EXCEPTIONS}?told={'paused' if pause else 'resumed'}")

    async def _confirm(self, visit: Visit) -> Response:
        leading, sent = self._leading, visit.posted
        try:
            day = date.fromisoformat(sent.one("day"))
            async with leading.store.write() as conn:
                await leading.holidays.confirm(conn, CHAT, day, sent.one("hours"), by=visit.session.staff_id)
                await leading.record(conn, visit.session, Deed.HOLIDAY_CONFIRMED)
        except (ValueError, HolidayMoved):
            async with leading.store.read() as conn:
                known = await self._known(conn, visit)
            return self._page(visit, known, ExceptionForm(), [Slip("slip.holiday_moved", "holidays")], status=409)
        return self._room.rendering.redirect(f"{EXCEPTIONS}?told=holiday_confirmed#holidays")

    async def _check(self, visit: Visit) -> Response:
        """On to the preview, when what was typed can be one."""
        leading, form = self._leading, read_exception_form(visit.posted)
        exception, slips = exception_of(form)
        async with leading.store.read() as conn:
            known = await self._known(conn, visit)
            if exception is not None and known.published:
                proposal = await leading.drafts.proposal(conn, CHAT, NewException(exception))
                slips = [slip for slip in slips_of(lint(proposal, known.now)) if slip.refuse]
        if not known.published:
            slips = [Slip("slip.nothing_published", "kind")]
        if exception is None or slips:
            return self._page(visit, known, form, slips, status=422)
        return self._room.rendering.redirect(f"{PREVIEW}?{urlencode(fields_of(NewException(exception)))}")

    async def _known(self, conn: Connection, visit: Visit) -> _Known:
        leading, now = self._leading, self._leading.clock.now()
        timetable = await leading.timetable(conn)
        zone = leading.zone_of(timetable, now)
        words = words_of(self._room.rendering.wording, visit.language, zone, await leading.colleagues(conn))
        kept = timetable.exceptions if timetable is not None else ()
        paused = await leading.paused(conn)
        deeds = [one for one in await history(conn, CHAT) if one.action is Action.paused] if paused else []
        return _Known(
            words=words,
            now=now,
            exceptions=_to_come(words, kept, words.at(now).date()),
            holidays=[_told(words, one) for one in await leading.holidays.coming(conn, CHAT)],
            paused=paused,
            paused_by=(words.person(deeds[0].by), words.instant(deeds[0].at)) if deeds else None,
            published=timetable is not None,
        )

    def _page(
        self,
        visit: Visit,
        known: _Known,
        form: ExceptionForm,
        slips: list[Slip] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        leading, words = self._leading, known.words
        errors = remarks(words, slips or [])
        paused = Availability(State.paused)
        return self._room.page(
            visit,
            "lead_exceptions.html",
            here="exceptions",
            status=status,
            form=form,
            errors=errors,
            wrong={one.field: one.text for one in errors},
            choices=[(code, words.language_name(code)) for code in leading.advertised],
            exceptions=known.exceptions,
            holidays=known.holidays,
            paused=known.paused,
            paused_by=known.paused_by,
            paused_texts=[
                (code, leading.sentences.availability(code, paused, known.now)) for code in leading.advertised
            ],
        )


def _to_come(words: LeadWords, kept: tuple[DatedException, ...], today: date) -> list[tuple[str, str]]:
    """Id and words of the exceptions that are not over."""
    ahead = sorted((one for one in kept if one.last >= today), key=lambda one: (one.first, one.last))
    return [(one.id, exception_told(words, one)) for one in ahead]


def _told(words: LeadWords, one: Holiday) -> _HolidayTold:
    return _HolidayTold(
        day=one.day,
        name=words.say("exceptions.public_holiday"),
        when=words.day(one.day),
        hours=one.hours,
        told=holiday_told(words, one.hours),
        confirmed=one.confirmed,
    )
