"""The weekly editor: the draft of the hours, what there is to remark about it, what is published, and the history."""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import Response

from duty.clock_times import TimeNotUnderstood
from duty.drafts import Draft, DraftMoved
from duty.hours_history import history
from duty.lint import lint
from duty.proposal import NewHours
from duty.schedule import CHAT
from duty.timetable import Timetable
from duty.week import week_text
from operator_ui.hours_form import (
    HoursForm,
    as_table,
    as_text,
    form_of,
    night_of,
    read_form,
    understood,
    week_of,
)
from operator_ui.hours_words import deed_told, plain_reading, remarks, week_told
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.slips import Slip, slips_of
from operator_ui.typed_week import read_typed_week
from storage.engine import Connection

PATH = "/desk/lead/hours"
_SHOWN_DEEDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One interval of the editor. `ends_on`: in words, when it ends on the next day."""

    number: int
    place: int
    starts: str
    ends: str
    ends_on: str
    languages: frozenset[str]
    languages_told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """One weekday of the editor. `next_day`: how to say that something ends on the day after."""

    weekday: int
    name: str
    next_day: str
    rows: tuple[RowShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store says as the page is drawn."""

    words: LeadWords
    now: datetime
    timetable: Timetable | None
    draft: Draft | None
    history: list[tuple[str, str, str]]
    paused: bool


class HoursPages:
    """GET and POST /desk/lead/hours."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def first(self, _visit: Visit) -> Response:
        """Where leads begin."""
        return self._room.rendering.redirect(PATH)

    async def show(self, visit: Visit) -> Response:
        """The draft, or what is in force when there is none."""
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
            slips = await self._lint(conn, known.draft.hours) if known.draft is not None else []
        form = self._fresh(known)
        return self._page(visit, known, form, slips=slips, kept=known.draft is not None)

    async def submit(self, visit: Visit) -> Response:
        """Save, or one of the buttons that change only the form."""
        form = read_form(visit.posted)
        todo, _, which = visit.posted.one("do").partition("-")
        if todo in {"save", "preview"}:
            return await self._save(visit, form, and_preview=todo == "preview")
        if todo == "discard":
            return await self._discard(visit, form)
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
        return self._changed(visit, known, form, todo, int(which) if which.isascii() and which.isdigit() else 0)

    # --- what the buttons do ---

    async def _save(self, visit: Visit, form: HoursForm, *, and_preview: bool) -> Response:
        hours, slips = understood(form)
        if hours is None:
            async with self._leading.store.read() as conn:
                known = await self._known(conn, visit)
            return self._page(visit, known, form, slips=slips, failed=True, status=422)
        try:
            async with self._leading.store.write() as conn:
                await self._leading.drafts.save(
                    conn, CHAT, hours, by=visit.session.staff_id, revision=form.revision or None
                )
        except DraftMoved:
            return await self._conflict(visit, form)
        if and_preview:
            return self._room.rendering.redirect("/desk/lead/preview?do=draft")
        return self._room.rendering.redirect(f"{PATH}?told=draft_saved")

    async def _discard(self, visit: Visit, form: HoursForm) -> Response:
        try:
            async with self._leading.store.write() as conn:
                await self._leading.drafts.discard(conn, CHAT, revision=form.revision or None)
        except DraftMoved:
            return await self._conflict(visit, form)
        return self._room.rendering.redirect(f"{PATH}?told=draft_discarded")

    async def _conflict(self, visit: Visit, form: HoursForm) -> Response:
        """Somebody else was faster: show theirs beside what was typed; saving again puts it over theirs."""
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
        mine = replace(form, revision=known.draft.revision if known.draft is not None else "")
        return self._page(visit, known, mine, conflict=True, status=409)

    def _changed(self, visit: Visit, known: _Known, form: HoursForm, todo: str, which: int) -> Response:
        """The form after a button that saves nothing."""
        now = plain_reading(known.now, known.words)
        focus, slips = "", list[Slip]()
        if todo == "add" and which < 7:
            form = form.with_row(which)
            focus = f"row-{[n for n, row in enumerate(form.rows, 1) if row.weekday == which][-1]}-starts"
        elif todo == "remove" and 0 < which <= len(form.rows):
            weekday = form.rows[which - 1].weekday
            form, focus = form.without_row(which), f"add-{weekday}"
        elif todo == "fill":
            form, slips = _with_typed_week(form, visit.language)
            focus = "" if slips else "week"
        elif todo == "text":
            form, focus = as_text(form), "expression"
        elif todo == "table":
            table = as_table(form, now)
            slips = [] if table is not None else [Slip("slip.no_table", "expression")]
            form, focus = table or form, "" if table is None else "week"
        return self._page(visit, known, form, slips=slips, failed=bool(slips), focus=focus, unsaved=True)

    # --- the page ---

    async def _known(self, conn: Connection, visit: Visit) -> _Known:
        leading, now = self._leading, self._leading.clock.now()
        timetable = await leading.timetable(conn)
        words = words_of(
            self._room.rendering.wording,
            visit.language,
            leading.zone_of(timetable, now),
            await leading.colleagues(conn),
        )
        reading = plain_reading(now, words)
        deeds = await history(conn, CHAT, most=_SHOWN_DEEDS)
        return _Known(
            words=words,
            now=now,
            timetable=timetable,
            draft=await leading.drafts.draft(conn, CHAT),
            history=[(words.instant(one.at), words.person(one.by), deed_told(words, one, reading)) for one in deeds],
            paused=await leading.paused(conn),
        )

    async def _lint(self, conn: Connection, hours: NewHours) -> list[Slip]:
        proposal = await self._leading.drafts.proposal(conn, CHAT, hours)
        return slips_of(lint(proposal, self._leading.clock.now()))

    def _fresh(self, known: _Known) -> HoursForm:
        now = plain_reading(known.now, known.words)
        if known.draft is not None:
            return form_of(known.draft.hours, now, known.draft.revision)
        version = None
        if known.timetable is not None:
            version = known.timetable.in_force(known.now) or known.timetable.versions[0]
        if version is None:
            return form_of(NewHours(self._leading.never()), now)
        return form_of(NewHours(version.hours, version.last_start), now)

    def _page(
        self,
        visit: Visit,
        known: _Known,
        form: HoursForm,
        *,
        slips: list[Slip] | None = None,
        failed: bool = False,
        conflict: bool = False,
        kept: bool = False,
        unsaved: bool = False,
        focus: str = "",
        status: int = 200,
    ) -> Response:
        words = known.words
        week = week_of(form)
        noted = remarks(words, slips or [], form)
        return self._room.page(
            visit,
            "lead_hours.html",
            here="hours",
            status=status,
            form=form,
            days=_days(words, form),
            choices=[(code, words.language_name(code)) for code in self._leading.advertised],
            expression=form.expression if form.as_text or week is None else week_text(week),
            errors=noted if failed else [],
            wrong={one.field: one.text for one in noted} if failed else {},
            findings=[] if failed else noted,
            conflict=_draft_told(known, known.draft) if conflict and known.draft is not None else None,
            gone=conflict and known.draft is None,
            draft=_draft_told(known, known.draft) if known.draft is not None else None,
            kept=kept,
            unsaved=unsaved,
            focus=focus,
            published=_published(known),
            history=known.history,
            paused=known.paused,
        )


def _with_typed_week(form: HoursForm, language: str) -> tuple[HoursForm, list[Slip]]:
    try:
        rows = read_typed_week(form.typed_week, language)
    except TimeNotUnderstood as problem:
        key = "slip.no_day" if problem.code == "no_day" else f"finding.{problem.code}"
        values = problem.values if problem.values.get("typed") != "" else {"typed": form.typed_week}
        return form, [Slip(key, "typed_week", values)]
    return replace(form, rows=(), as_text=False, typed_week="").with_rows(rows), []


def _days(words: LeadWords, form: HoursForm) -> list[DayShown]:
    rows = list(enumerate(form.with_rows(form.rows).rows, 1))
    return [
        DayShown(
            weekday=weekday,
            name=words.weekday(weekday),
            next_day=words.next_day(weekday),
            rows=tuple(
                RowShown(
                    number=number,
                    place=place,
                    starts=row.starts,
                    ends=row.ends,
                    ends_on=words.next_day(weekday) if night_of(row) else "",
                    languages=row.languages,
                    languages_told=words.languages(row.languages),
                )
                for place, (number, row) in enumerate([one for one in rows if one[1].weekday == weekday], 1)
            ),
        )
        for weekday in range(7)
    ]


@dataclass(frozen=True, slots=True)
class _DraftTold:
    """A draft of somebody in words."""

    by: str
    at: str
    lines: list[str]
    last_start: str


def _draft_told(known: _Known, draft: Draft) -> _DraftTold:
    words = known.words
    lines = week_told(words, draft.hours.hours, plain_reading(known.now, words))
    minutes = str(int(draft.hours.last_start.total_seconds() // 60))
    return _DraftTold(words.person(draft.by), words.instant(draft.at), lines, minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _VersionTold:
    """Published hours in words. `id`: of those that may still be taken back."""

    since: str
    lines: list[str]
    last_start: str
    in_force: bool
    id: str


def _published(known: _Known) -> list[_VersionTold]:
    """The hours in force and those to come."""
    if known.timetable is None:
        return []
    current = known.timetable.in_force(known.now)
    return [
        _VersionTold(
            since=known.words.instant(one.valid_from),
            lines=week_told(known.words, one.hours, plain_reading(known.now, known.words)),
            last_start=str(int(one.last_start.total_seconds() // 60)),
            in_force=one is current,
            id=one.id if one.valid_from > known.now else "",
        )
        for one in known.timetable.versions
        if one is current or one.valid_from > known.now
    ]
