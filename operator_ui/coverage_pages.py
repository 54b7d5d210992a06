"""Who answers when, in half hours, and everything a lead should put right."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from starlette.responses import Response

from duty.coverage import Need, Opening, Slot, needs, slots
from duty.roster_warnings import Circumstances, Holiday
from duty.schedule import CHAT
from duty.shifts import Channel, Occurrence
from duty.wall_clock import instant_of
from operator_ui.hours_form import read_day
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.previewed import timeline_of
from operator_ui.roster_sentences import slot_id, warning_told
from storage.engine import Connection

_DAY = timedelta(days=1)
_WARNED = timedelta(days=14)
_MOST_WARNINGS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel in one half hour, in words. `state`: covered, gap, missing or idle (nobody is needed)."""

    text: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half hour."""

    id: str
    time: str
    chat: Cell
    phone: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLink:
    """A day of the strip, and how it is covered in words."""

    day: date
    name: str
    told: tuple[str, ...]
    good: bool


class CoveragePages:
    """GET /desk/lead/coverage."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """Warnings of the next 14 days, a strip of seven days, and one of them in half hours."""
        leading, now = self._leading, self._leading.clock.now()
        async with leading.store.read() as conn:
            timetable = await leading.timetable(conn)
            zone = leading.zone_of(timetable, now)
            colleagues = await leading.colleagues(conn)
            words = words_of(self._room.rendering.wording, visit.language, zone, colleagues)
            today = words.at(now).date()
            chosen, _ = read_day(visit.query.one("day"), "day")
            day = chosen or today
            first = day - (day - today).days % 7 * _DAY
            begin, end = _midnight(words, min(first, today)), _midnight(words, max(first + 7 * _DAY, today + _WARNED))
            timeline = timeline_of(timetable, begin, zone)
            pieces = timeline.pieces(begin, end)
            spoken = frozenset(leading.advertised)
            openings = [Opening(one.opens, one.closes, one.languages or spoken) for one in pieces]
            wanted = needs(openings, frozenset(), begin, end)
            covering = await leading.roster.covering(conn, begin, end)
            around = Circumstances(
                needs=needs(openings, frozenset(), now, now + _WARNED),
                colleagues=colleagues,
                zone=zone,
                unconfirmed=await self._unconfirmed(conn, words),
            )
            warnings = await leading.roster.warnings(conn, around, now, now + _WARNED)
        return self._room.page(
            visit,
            "lead_coverage.html",
            here="coverage",
            day=day,
            day_told=words.day(day),
            halves=(halves := _halves(words, covering, wanted, day)),
            runs=_runs(halves),
            strip=[_link(words, covering, wanted, first + number * _DAY) for number in range(7)],
            before=first - 7 * _DAY,
            after=first + 7 * _DAY,
            warnings=[warning_told(words, one) for one in warnings[:_MOST_WARNINGS]],
            more=max(len(warnings) - _MOST_WARNINGS, 0),
        )

    async def _unconfirmed(self, conn: Connection, words: LeadWords) -> list[Holiday]:
        coming = await self._leading.holidays.coming(conn, CHAT)
        return [Holiday(one.day, words.say("exceptions.public_holiday")) for one in coming if not one.confirmed]


def _midnight(words: LeadWords, day: date) -> datetime:
    return instant_of(datetime.combine(day, datetime.min.time()), words.zone)


def _of_day(
    words: LeadWords, covering: list[Occurrence], wanted: tuple[Need, ...], channel: Channel, day: date
) -> list[Slot]:
    return slots(covering, channel, wanted, _midnight(words, day), _midnight(words, day + _DAY))


def _halves(words: LeadWords, covering: list[Occurrence], wanted: tuple[Need, ...], day: date) -> list[Half]:
    both = (_of_day(words, covering, wanted, channel, day) for channel in (Channel.chat, Channel.phone))
    found, seen = [], Counter[str]()
    for chat, phone in zip(*both, strict=True):
        local = words.at(chat.starts)
        name = slot_id(local)
        seen[name] += 1  # one hour of the year happens twice
        id_ = name if seen[name] == 1 else f"{name}-again"
        span = f"{words.time(local)}–{_end(words, chat)}"
        found.append(Half(id=id_, time=span, chat=_cell(words, chat), phone=_cell(words, phone)))
    return found


def _end(words: LeadWords, slot: Slot) -> str:
    ends = words.at(slot.ends)
    return words.clock(24 * 60) if ends.time() == datetime.min.time() else words.time(ends)


def _runs(halves: list[Half]) -> list[tuple[str, list[Half]]]:
    """Half hours in a row that say the same, with the time they span."""
    runs = [list(same) for _, same in groupby(halves, key=lambda half: (half.chat, half.phone))]
    return [(f"{run[0].time.partition('–')[0]}–{run[-1].time.partition('–')[2]}", run) for run in runs]


def _cell(words: LeadWords, slot: Slot) -> Cell:
    if not slot.needed:
        text = words.say("coverage.closed") if not slot.people else words.say("coverage.closed_but", n=slot.people)
        return Cell(text, "idle")
    if slot.gap:
        return Cell(words.say("coverage.nobody"), "gap")
    people = words.say("coverage.people", n=slot.people, languages=words.languages(slot.speakers))
    if slot.missing:
        return Cell(words.say("coverage.missing", people=people, languages=words.languages(slot.missing)), "missing")
    return Cell(people, "covered")


def _link(words: LeadWords, covering: list[Occurrence], wanted: tuple[Need, ...], day: date) -> DayLink:
    gaps = {
        channel: sum(slot.gap for slot in _of_day(words, covering, wanted, channel, day)) / 2
        for channel in (Channel.chat, Channel.phone)
    }
    told = [words.say(f"coverage.gap_{channel}", hours=f"{hours:g}") for channel, hours in gaps.items() if hours]
    return DayLink(
        day=day,
        name=words.short_day(day),
        told=tuple(told) or (words.say("coverage.covered"),),
        good=not told,
    )
