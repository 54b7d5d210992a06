"""How well the roster covers what we promise: the chat while it is open, the telephone always.

Pure. Everything rests on `spans`, which cuts a window into pieces during which the same people are on duty.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from duty.shifts import Channel, Occurrence
from storage.ids import StaffId

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Opening:
    """The chat is open from `starts` to `ends` (aware, half-open) and promises these languages."""

    starts: datetime
    ends: datetime
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody must answer `channel` from `starts` to `ends`, in each of these languages."""

    channel: Channel
    starts: datetime
    ends: datetime
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of time with the same people on duty. `speakers`: how many of them speak each language."""

    starts: datetime
    ends: datetime
    staff: frozenset[StaffId]
    speakers: Counter[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody answers (`languages` empty), or somebody does but nobody speaks `languages`."""

    channel: Channel
    starts: datetime
    ends: datetime
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """Half an hour of one channel.

    `people`, `speakers`: the fewest at any moment of its needed part, or of all of it when nothing is needed.
    `missing`: promised languages that nobody speaks at some needed moment. `gap`: nobody at all at such a moment.
    """

    starts: datetime
    ends: datetime
    needed: bool
    people: int
    speakers: Counter[str]
    missing: frozenset[str]
    gap: bool


def needs(
    openings: Iterable[Opening], phone_languages: frozenset[str], start: datetime, end: datetime
) -> tuple[Need, ...]:
    """What must be covered in a window: the chat when open, the telephone day and night. Openings may overlap."""
    inside = [
        replace(opening, starts=max(opening.starts, start), ends=min(opening.ends, end))
        for opening in openings
        if opening.starts < end and opening.ends > start
    ]
    edges = sorted({edge for opening in inside for edge in (opening.starts, opening.ends)})
    found: list[Need] = []
    for begins, ends in pairwise(edges):
        here = [opening.languages for opening in inside if opening.starts <= begins < opening.ends]
        if here:
            found.append(Need(Channel.chat, begins, ends, frozenset[str]().union(*here)))
    if start < end:
        found.append(Need(Channel.phone, start, end, phone_languages))
    return tuple(found)


def spans(occurrences: Iterable[Occurrence], channel: Channel, start: datetime, end: datetime) -> list[Span]:
    """The window cut wherever somebody comes or goes: without holes, in order."""
    serving = [
        one
        for one in occurrences
        if not one.cancelled
        and one.starts < min(end, one.ends)
        and one.ends > start
        and one.plan.channel.serves(channel)
    ]
    edges = {start, end}
    edges |= {edge for one in serving for edge in (one.starts, one.ends) if start < edge < end}
    coming = sorted(serving, key=lambda one: one.starts, reverse=True)
    here: list[Occurrence] = []
    cut: list[Span] = []
    for begins, ends in pairwise(sorted(edges)):
        here = [one for one in here if one.ends > begins]
        while coming and coming[-1].starts <= begins:
            here.append(coming.pop())
        cut.append(_span(begins, ends, here))
    return cut


def gaps(occurrences: Sequence[Occurrence], wanted: Iterable[Need]) -> list[Gap]:
    """Every stretch in which a need is not met, exact to the second and as long as possible."""
    found: list[Gap] = []
    for need in wanted:
        for span in spans(occurrences, need.channel, need.starts, need.ends):
            missing = need.languages - span.speakers.keys()
            if not span.staff:
                _extend(found, Gap(need.channel, span.starts, span.ends))
            elif missing:
                _extend(found, Gap(need.channel, span.starts, span.ends, missing))
    return sorted(found, key=lambda gap: (gap.starts, gap.channel))


def slots(
    occurrences: Sequence[Occurrence], channel: Channel, wanted: Iterable[Need], start: datetime, end: datetime
) -> list[Slot]:
    """The window in half hours from `start` on (the last may be shorter)."""
    mine = [need for need in wanted if need.channel is channel]
    found = []
    for begins, ends in pairwise(_half_hours(start, end)):
        due = [
            replace(need, starts=max(need.starts, begins), ends=min(need.ends, ends))
            for need in mine
            if need.starts < ends and need.ends > begins
        ]
        here = [one for one in occurrences if one.starts < ends and one.ends > begins]
        found.append(_slot(here, due or [Need(channel, begins, ends)], begins, ends, needed=bool(due)))
    return found


def _half_hours(start: datetime, end: datetime) -> Iterator[datetime]:
    edge = start
    while edge < end:
        yield edge
        edge += HALF_HOUR
    yield end


def _slot(
    occurrences: Sequence[Occurrence], due: Sequence[Need], begins: datetime, ends: datetime, *, needed: bool
) -> Slot:
    """`due` lies within the half hour: the moments that count, each with the languages promised."""
    pieces = [(need, span) for need in due for span in spans(occurrences, need.channel, need.starts, need.ends)]
    speakers = pieces[0][1].speakers
    for _, span in pieces:
        speakers = speakers & span.speakers
    return Slot(
        starts=begins,
        ends=ends,
        needed=needed,
        people=min(len(span.staff) for _, span in pieces),
        speakers=speakers,
        missing=frozenset[str]().union(*(need.languages - span.speakers.keys() for need, span in pieces)),
        gap=needed and not all(span.staff for _, span in pieces),
    )


def _span(begins: datetime, ends: datetime, here: Iterable[Occurrence]) -> Span:
    languages: dict[StaffId, frozenset[str]] = {}
    for one in here:
        languages[one.staff_id] = languages.get(one.staff_id, frozenset()) | one.plan.languages
    return Span(begins, ends, frozenset(languages), Counter(spoken for said in languages.values() for spoken in said))


def _extend(found: list[Gap], gap: Gap) -> None:
    """Add a gap, or lengthen the one before when it goes on without a pause."""
    last = found[-1] if found else None
    if last is not None and last == replace(gap, starts=last.starts, ends=gap.starts):
        found[-1] = replace(last, ends=gap.ends)
    else:
        found.append(gap)
