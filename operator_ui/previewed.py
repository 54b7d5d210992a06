"""What visitors will read for 14 days, as lines of a page, from the same sentences as their own page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.sentences import Sentences
from duty.preview import PREVIEWED, Difference, preview, shown_at
from duty.timeline import Timeline
from duty.timetable import Timetable
from duty.wall_clock import instant_of
from operator_ui.lead_words import LeadWords

#: Timelines reach so far around a preview: a sentence tells the next opening, however far away.
_BEHIND = timedelta(days=3)
_AHEAD = timedelta(days=800)
_DAY = timedelta(days=1)
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class Line:
    """From `time` on a visitor reads `text`. `new`: something else than with the published hours."""

    time: str
    text: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPreviewed:
    """One day. `open_`: when somebody answers, in words."""

    id: str
    name: str
    open_: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: a visitor who writes `language`. `spoken`: languages of an interval that names none."""

    sentences: Sentences
    language: str
    spoken: frozenset[str]

    def reads(self, timeline: Timeline, at: datetime) -> str:
        """The sentence of the live page at an instant, if somebody is free."""
        shown = shown_at(timeline, self.language, at, self.spoken)
        return self.sentences.availability(self.language, shown.availability, at)


def timeline_of(timetable: Timetable | None, start: datetime, zone: ZoneInfo) -> Timeline:
    """A timeline that can answer for the 14 days from `start`; without hours nothing is open."""
    early, late = start - _BEHIND, start + PREVIEWED + _AHEAD
    if timetable is None:
        return Timeline(start=early, end=late, stretches=(), zones=((early, zone),))
    return timetable.timeline(early, late)


def days_previewed(
    words: LeadWords, reader: Reader, timeline: Timeline, published: Timeline, start: datetime
) -> list[DayPreviewed]:
    """The days from `start` on."""
    end = start + PREVIEWED
    turns = [one.at for one in preview(timeline, reader.language, start, end, reader.spoken)]
    shown: list[DayPreviewed] = []
    for day, begins, ends in _days(start, end, words.zone):
        here = sorted({begins, *(at for at in turns if begins <= at < ends)})
        lines = []
        for at in here:
            text = reader.reads(timeline, at)
            lines.append(Line(words.time(words.at(at)), text, text != reader.reads(published, at)))
        opened = _opened(words, timeline, *_whole(day, words.zone))
        shown.append(DayPreviewed(id=f"day-{day}", name=words.day(day), open_=opened, lines=tuple(lines)))
    return shown


def differences_told(words: LeadWords, found: Sequence[Difference]) -> list[tuple[str, str]]:
    """What changes: the kind, and when."""
    return [(words.say(f"differs.{one.differs}"), words.stretch(one.starts, one.ends)) for one in found]


def _days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    day = start.astimezone(zone).date()
    while (whole := _whole(day, zone))[0] < end:
        yield day, max(whole[0], start), min(whole[1], end)
        day += _DAY


def _whole(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, _MIDNIGHT)
    return instant_of(midnight, zone), instant_of(midnight + _DAY, zone)


def _opened(words: LeadWords, timeline: Timeline, begins: datetime, ends: datetime) -> str:
    pieces = timeline.pieces(begins, ends)
    if not pieces:
        return words.say("preview.closed_all_day")
    told = []
    for piece in pieces:
        if (piece.opens, piece.closes) == (begins, ends):
            span = words.say("preview.open_all_day")
        else:
            closes = words.clock(24 * 60) if piece.closes == ends else words.time(words.at(piece.closes))
            span = words.say("preview.open_span", span=f"{words.time(words.at(piece.opens))}–{closes}")
        told.append(f"{span} ({words.languages(piece.languages)})" if piece.languages else span)
    return "; ".join(told)
