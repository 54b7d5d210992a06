"""The preview of a change to the hours, and the only place from which it can be published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from chat.sentences import own_name
from duty.clock_times import TimeNotUnderstood, read_time
from duty.drafts import HoursRefused, NotSeen
from duty.lint import lint
from duty.preview import PREVIEWED, differences
from duty.proposal import CannotChange, Change, NewException, NewHours, Proposal, RemovedException, WithdrawnHours
from duty.schedule import CHAT
from duty.timetable import Timetable
from duty.wall_clock import instant_of
from operator_ui.changes import change_of, deed_of, fields_of
from operator_ui.hours_form import HoursForm, form_of, read_day
from operator_ui.hours_pages import PATH as HOURS
from operator_ui.hours_words import EXCEPTIONS, exception_told, plain_reading, remarks, week_told
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.posted import Posted
from operator_ui.previewed import Reader, days_previewed, differences_told, timeline_of
from operator_ui.slips import Slip, slips_of
from storage.engine import Connection

PATH = "/desk/lead/preview"
_MOST_DIFFERENCES = 60
#: A simulated clock may stand so far from now.
_FARTHEST = timedelta(days=700)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """One look: the change, the hours before and after it, and from when on."""

    words: LeadWords
    now: datetime
    start: datetime
    proposal: Proposal | None
    after: Timetable | None
    slips: list[Slip]
    clock_slips: list[Slip]
    paused: bool

    @property
    def covers(self) -> bool:
        """Whether the beginning of the change is in sight, so that it may be published."""
        if self.proposal is None:
            return False
        return self.start <= self.proposal.effective(self.now) < self.start + PREVIEWED


class PreviewPages:
    """GET and POST /desk/lead/preview."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """What visitors will see; showing a change to a lead makes it publishable."""
        return await self._shown(visit, visit.query)

    async def publish(self, visit: Visit) -> Response:
        """Do what was shown."""
        asked, leading = visit.posted, self._leading
        try:
            async with leading.store.write() as conn:
                change = change_of(asked, await leading.drafts.draft(conn, CHAT))
                if change is None:
                    raise CannotChange
                proposal = await leading.drafts.proposal(conn, CHAT, change)
                if proposal.digest.hex() != asked.one("digest"):
                    raise NotSeen
                await leading.drafts.publish(conn, CHAT, change, by=visit.session.staff_id)
                await leading.record(conn, visit.session, deed_of(change))
        except NotSeen:
            return await self._shown(visit, asked, refused="preview.look_again", status=409)
        except HoursRefused:
            return await self._shown(visit, asked, refused="preview.not_published", status=409)
        except CannotChange:
            return await self._shown(visit, asked, refused="preview.cannot", status=409)
        await leading.moved()
        page = HOURS if isinstance(change, NewHours | WithdrawnHours) else EXCEPTIONS
        return self._room.rendering.redirect(f"{page}?told={deed_of(change)}")

    async def _shown(self, visit: Visit, asked: Posted, *, refused: str = "", status: int = 200) -> Response:
        async with self._leading.store.write() as conn:
            looked = await self._look(conn, visit, asked)
            if looked.proposal is not None and not refused:
                end = looked.start + PREVIEWED
                await self._leading.drafts.saw(
                    conn, CHAT, looked.proposal, looked.start, end, by=visit.session.staff_id
                )
        return self._page(visit, looked, asked, refused=refused, status=status)

    async def _look(self, conn: Connection, visit: Visit, asked: Posted) -> _Looked:
        leading, now = self._leading, self._leading.clock.now()
        timetable = await leading.timetable(conn)
        colleagues = await leading.colleagues(conn)
        zone = leading.zone_of(timetable, now)
        words = words_of(self._room.rendering.wording, visit.language, zone, colleagues)
        change = change_of(asked, await leading.drafts.draft(conn, CHAT))
        proposal, after, slips = None, timetable, list[Slip]()
        if change is not None:
            try:
                proposal = await leading.drafts.proposal(conn, CHAT, change)
                after, slips = proposal.after(now), slips_of(lint(proposal, now))
            except CannotChange:
                proposal, slips = None, [Slip("preview.cannot", "preview")]
        elif asked.one("do"):
            slips = [Slip("preview.cannot", "preview")]
        start, clock_slips = _start(asked, proposal, now, words)
        return _Looked(
            words=words,
            now=now,
            start=start,
            proposal=proposal,
            after=after,
            slips=slips,
            clock_slips=clock_slips,
            paused=await leading.paused(conn),
        )

    def _page(self, visit: Visit, looked: _Looked, asked: Posted, *, refused: str, status: int) -> Response:
        leading, words, proposal = self._leading, looked.words, looked.proposal
        language = _language(asked.one("read"), visit.language, leading)
        reader = Reader(sentences=leading.sentences, language=language, spoken=frozenset(leading.advertised))
        new = timeline_of(looked.after, looked.start, words.zone)
        old = timeline_of(proposal.base, looked.start, words.zone) if proposal is not None else new
        found = differences(old, new, looked.start, looked.start + PREVIEWED)
        form = _editor(proposal.change, looked) if proposal is not None else None
        noted = remarks(words, looked.slips, form, HOURS if form is not None else EXCEPTIONS)
        local = words.at(looked.start)
        return self._room.page(
            visit,
            "lead_preview.html",
            here="preview",
            status=status,
            change=_change_told(words, proposal, looked) if proposal is not None else None,
            fields=fields_of(proposal.change) if proposal is not None else [],
            digest=proposal.digest.hex() if proposal is not None else "",
            findings=noted,
            refusing=[one for one in noted if one.refuse],
            errors=remarks(words, looked.clock_slips),
            refused=refused,
            covers=looked.covers,
            begins=words.instant(proposal.effective(looked.now)) if proposal is not None else "",
            whole_days=_address(proposal, language) if proposal is not None else "",
            paused=looked.paused,
            read=language,
            reads=[(code, own_name(code)) for code in leading.sentences.languages],
            day=asked.one("day") if looked.clock_slips else f"{local:%Y-%m-%d}",
            time=asked.one("time") if looked.clock_slips else f"{local:%H:%M}",
            at=words.instant(looked.start),
            sentence=reader.reads(new, looked.start),
            differences=differences_told(words, found[:_MOST_DIFFERENCES]),
            days=days_previewed(words, reader, new, old, looked.start),
            back=HOURS if form is not None or proposal is None else EXCEPTIONS,
        )


def _language(asked: str, own: str, leading: Leading) -> str:
    """Whose sentences are shown: the language asked for, else the reader's own, else the first of the service."""
    return next((one for one in (asked, own) if one in leading.sentences.languages), leading.advertised[0])


def _start(asked: Posted, proposal: Proposal | None, now: datetime, words: LeadWords) -> tuple[datetime, list[Slip]]:
    """Where the simulated clock stands; without one, now, or where a change far away begins."""
    begins = proposal.effective(now) if proposal is not None else now
    usual = now if begins < now + PREVIEWED else begins
    if not asked.one("day") and not asked.one("time"):
        return usual, []
    day, slips = read_day(asked.one("day"), "day")
    try:
        minutes = read_time(asked.one("time") or "0")
    except TimeNotUnderstood as problem:
        return usual, [*slips, Slip(f"finding.{problem.code}", "time", problem.values)]
    if day is None:
        return usual, slips
    reading = datetime.combine(day, datetime.min.time()) + minutes * _MINUTE
    start = instant_of(reading, words.zone)
    if abs(start - now) > _FARTHEST:
        return usual, [Slip("slip.too_far", "day", {"typed": asked.one("day")})]
    return (now if start <= now < start + _MINUTE else start), []


def _editor(change: Change, looked: _Looked) -> HoursForm | None:
    """The form of the weekly editor to which findings lead; None: they lead to the exceptions."""
    if not isinstance(change, NewHours):
        return None
    return form_of(change, plain_reading(looked.now, looked.words))


def _change_told(words: LeadWords, proposal: Proposal, looked: _Looked) -> tuple[str, list[str]]:
    """The change in words: what it is, and lines about it."""
    now = plain_reading(looked.now, words)
    match proposal.change:
        case NewHours(hours, last_start, valid_from):
            since = words.say("preview.at_once") if valid_from is None else words.instant(valid_from)
            minutes = str(int(last_start.total_seconds() // 60))
            more = words.say("preview.since_margin", since=since, minutes=minutes)
            return words.say("preview.change_hours"), [*week_told(words, hours, now), more]
        case WithdrawnHours(version_id):
            version = proposal.version(version_id)
            lines = week_told(words, version.hours, now)
            return words.say("preview.change_withdraw", since=words.instant(version.valid_from)), lines
        case NewException(exception):
            return words.say("preview.change_exception"), [exception_told(words, exception)]
        case RemovedException(exception_id):
            return words.say("preview.change_removed"), [exception_told(words, proposal.exception(exception_id))]


def _address(proposal: Proposal, language: str) -> str:
    """The preview that shows where the change begins."""
    return f"{PATH}?{urlencode([*fields_of(proposal.change), ('read', language)])}"
