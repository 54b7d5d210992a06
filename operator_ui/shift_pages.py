"""One shift: a new one, one day of it, or all of it, and who cannot come. For leads."""

from dataclasses import dataclass, replace
from datetime import date

from starlette.responses import Response

from duty.colleagues import Colleagues
from duty.roster_checks import Draft, RosterRefused
from duty.roster_rows import ChangedMeanwhile
from duty.shifts import Channel, Occurrence, Shift, ShiftId
from operator_ui.hours_words import remarks
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.roster_form import Scope, ShiftForm, draft_of, form_of_day, read_shift_form
from operator_ui.roster_pages import people_of
from operator_ui.roster_sentences import ROSTER, plan_told, problems_told, rule_told, shift_address
from operator_ui.slips import Remark
from storage.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store says as the page is drawn."""

    words: LeadWords
    colleagues: Colleagues
    shift: Shift | None = None
    occurrence: Occurrence | None = None


class ShiftPages:
    """GET and POST /desk/lead/shift."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """The form: of a day of a shift, or an empty one."""
        asked = visit.query
        known = await self._known(visit, asked.one("id"), asked.one("day"))
        if known.shift is not None and known.occurrence is not None:
            return self._page(visit, known, form_of_day(known.shift, known.occurrence))
        if asked.one("id"):
            return self._room.rendering.redirect(f"{ROSTER}?told=shift_gone")
        return self._page(visit, known, ShiftForm(first=asked.one("day")))

    async def submit(self, visit: Visit) -> Response:
        """Save, or do one of the things that a shift's page offers."""
        form, todo = read_shift_form(visit.posted), visit.posted.one("do")
        known = await self._known(visit, form.id, form.day)
        draft, slips = draft_of(form, known.words.zone) if todo == "save" else (None, [])
        if slips:
            return self._page(visit, known, form, remarks(known.words, slips), status=422)
        try:
            async with self._leading.store.write() as conn:
                if draft is not None:
                    await self._saved(conn, visit, form, draft, known.shift)
                else:
                    await self._done(conn, visit, form)
        except RosterRefused as refused:
            return self._page(visit, known, form, problems_told(known.words, refused.problems), status=422)
        except ChangedMeanwhile as meanwhile:
            return self._moved(visit, known, form, meanwhile.shift)
        day = draft.plan.starts.date() if draft is not None else _day(form.day)
        week = f"&week={day:%G-W%V}" if day is not None else ""
        return self._room.rendering.redirect(f"{ROSTER}?told=shift_{todo}{week}")

    async def _done(self, conn: Connection, visit: Visit, form: ShiftForm) -> None:
        days, roster, by = self._leading.days, self._leading.roster, visit.session.staff_id
        shift_id, version, day = ShiftId(form.id), _version(form), _day(form.day) or date.min
        match visit.posted.one("do"):
            case "cancel":
                await days.cancel(conn, shift_id, version, day, by=by)
            case "remove_day":
                await days.remove(conn, shift_id, version, day, by=by)
            case "restore":
                await days.restore(conn, shift_id, version, day, by=by)
            case "end":
                await roster.end(conn, shift_id, version, day, by=by)
            case "remove":
                await roster.remove(conn, shift_id, version, by=by)
            case _:
                pass

    async def _saved(self, conn: Connection, visit: Visit, form: ShiftForm, draft: Draft, shift: Shift | None) -> None:
        leading, by = self._leading, visit.session.staff_id
        if not form.id:
            await leading.roster.add(conn, draft, by=by)
            return
        shift_id, version, day = ShiftId(form.id), _version(form), _day(form.day) or draft.plan.starts.date()
        repeats = shift is not None and shift.rule is not None
        if repeats and form.scope == Scope.day:
            await leading.days.change(conn, shift_id, version, day, draft.plan, by=by)
        elif repeats and form.scope == Scope.following:
            await leading.roster.change_from(conn, shift_id, version, day, draft, by=by)
        else:
            if shift is not None and repeats:  # the form shows one day: move the first one as far
                moved = shift.first + (draft.plan.starts.date() - day)
                draft = replace(draft, plan=draft.plan.on(moved))
            await leading.roster.change(conn, shift_id, version, draft, by=by)

    async def _known(self, visit: Visit, shift_id: str, day: str) -> _Known:
        leading = self._leading
        async with leading.store.read() as conn:
            zone = leading.zone_of(await leading.timetable(conn), leading.clock.now())
            colleagues = await leading.colleagues(conn)
            shift = await leading.roster.shift(conn, ShiftId(shift_id)) if shift_id else None
        named = _day(day)
        return _Known(
            words=words_of(self._room.rendering.wording, visit.language, zone, colleagues),
            colleagues=colleagues,
            shift=shift,
            occurrence=shift.occurrence(named) if shift is not None and named is not None else None,
        )

    def _moved(self, visit: Visit, known: _Known, form: ShiftForm, now: Shift | None) -> Response:
        """Somebody else was faster: show theirs above what was typed; saving again puts it over theirs."""
        words = known.words
        if now is None:
            known = replace(known, shift=None, occurrence=None)
            return self._page(visit, known, form_again(form, None), conflict=words.say("roster.gone"), status=409)
        named = _day(form.day)
        occurrence = now.occurrence(named) if named is not None else None
        theirs = plan_told(words, occurrence.plan if occurrence is not None else now.plan)
        state = words.say("roster.cancelled") if occurrence is None or occurrence.cancelled else ""
        parts = (theirs, rule_told(words, now.rule, now.first.weekday()), state)
        conflict = words.say("roster.conflict", shift=", ".join(part for part in parts if part))
        known = replace(known, shift=now, occurrence=occurrence)
        return self._page(visit, known, form_again(form, now), conflict=conflict, status=409)

    def _page(
        self,
        visit: Visit,
        known: _Known,
        form: ShiftForm,
        errors: list[Remark] | None = None,
        *,
        conflict: str = "",
        status: int = 200,
    ) -> Response:
        shift, occurrence = known.shift, known.occurrence
        words = known.words
        spoken = frozenset[str]().union(*(one.languages for one in known.colleagues.values()))
        choices = sorted((code, words.language_name(code)) for code in spoken | set(self._leading.advertised))
        people = [
            (
                staff_id,
                words.say(
                    "roster.speaks", person=name, languages=words.languages(known.colleagues[staff_id].languages)
                ),
            )
            for staff_id, name in people_of(known.colleagues)
        ]
        return self._room.page(
            visit,
            "lead_shift.html",
            here="roster",
            status=status,
            form=form,
            errors=errors or [],
            wrong={one.field: one.text for one in errors or []},
            conflict=conflict,
            editing=bool(form.id),
            repeats=shift is not None and shift.rule is not None,
            shift_told=None if occurrence is None else plan_told(words, occurrence.plan),
            rule="" if shift is None else rule_told(words, shift.rule, shift.first.weekday()),
            cancelled=occurrence is not None and occurrence.cancelled,
            decided=shift is not None and occurrence is not None and occurrence.day in shift.changes,
            people=people,
            channels=[(one.value, words.say(f"channel.{one}")) for one in Channel],
            weekdays=[(str(day), words.weekday(day, short=True)) for day in range(7)],
            choices=choices,
            again=shift_address(ShiftId(form.id), form.day) if form.id else "",
        )


def form_again(form: ShiftForm, now: Shift | None) -> ShiftForm:
    """What was typed, for a shift as it is now; None: it is gone, so this would be a new one."""
    return replace(form, id="", day="", version="") if now is None else replace(form, version=str(now.version))


def _version(form: ShiftForm) -> int:
    return int(form.version) if form.version.isascii() and form.version.isdigit() else 0


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
