"""Who is offered to whom. Pure, and linear in the line: what one visitor costs does not grow with those behind.

**Order.** First come, first served among those with the same language and the same danger flag. Whom nobody present can
serve now is skipped and never blocks those behind.

**Danger.** Somebody flagged by staff goes before those who are not, but may overtake the oldest of them who could have
had the same operator at most `MOST_OVERTAKES` times; after that this one is served first, whoever is flagged
(docs/decisions/waiting-line.md). So nobody waits for ever, and the bound is kept over rounds in the contact's row.

**Whom.** An operator who writes the visitor's language. Only while none is present, or after `PATIENCE` seconds of
waiting for one who is full, somebody who writes a fallback language, then anybody with room: better a person through a
translation than nobody. Among them the one with the fewest conversations, then the fewest minutes of them lately.
Never the one who just let this visitor's offer pass.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from heapq import heapify, heappop, heappush, heapreplace

from msgspec import Struct

from storage.ids import ContactId, StaffId

#: How often flagged visitors may go before the oldest other one whom the same operator could have served.
MOST_OVERTAKES = 3
#: So long the operators of one's own language are waited for while they are full, in seconds.
PATIENCE = 300
#: "Just missed it" wears off, so that a single operator who said no can be asked again, in seconds.
MISSED_FOR = 120
#: Languages tried when nobody writes the visitor's own.
FALLBACKS = ("en",)


class Why(StrEnum):
    """Why this operator: kept with the assignment."""

    LANGUAGE = "language"
    FALLBACK = "fallback"
    ANYBODY = "anybody"
    NAMED = "named"
    TAKEN = "taken"


class Waiting(Struct, frozen=True):
    """Somebody in the line. `since` in seconds since 1970; `missed_by` let the last offer pass, at `missed_at`."""

    contact: ContactId
    language: str
    since: int
    missed_by: StaffId | None = None
    missed_at: int | None = None
    danger: bool = False
    overtaken: int = 0


class OnDuty(Struct, frozen=True):
    """An operator who is available: `load` conversations and offers of at most `capacity`; `minutes` of late."""

    staff: StaffId
    languages: frozenset[str]
    load: int
    capacity: int
    minutes: int = 0


class Offer(Struct, frozen=True):
    """An assignment and its explanation. `eligible`: how many could have been asked; `overtook` came before."""

    contact: ContactId
    staff: StaffId
    eligible: int
    same_language: bool
    why: Why = Why.LANGUAGE
    overtook: ContactId | None = None


def offers(
    waiting: Sequence[Waiting], on_duty: Iterable[OnDuty], now: int = 0, fallbacks: Sequence[str] = FALLBACKS
) -> list[Offer]:
    """The offers to make at `now`. No operator gets more than there is room for."""
    room = _Room(on_duty, now, fallbacks)
    line = sorted(waiting, key=lambda one: (one.since, one.contact))
    others = [one for one in line if not one.danger]
    overtaken = {one.contact: one.overtaken for one in others}
    served: set[ContactId] = set()
    made: list[Offer] = []

    def give(visitor: Waiting, found: "_Found", overtook: ContactId | None = None) -> None:
        room.take(found.staff)
        served.add(visitor.contact)
        made.append(Offer(visitor.contact, found.staff, found.eligible, found.why is Why.LANGUAGE, found.why, overtook))

    for visitor in (one for one in line if one.danger):
        while room.left and (found := room.find(visitor)):
            passed = next((o for o in others if _passed(o, visitor, served) and room.could(o, found.staff)), None)
            if passed is None or overtaken[passed.contact] < MOST_OVERTAKES:
                if passed is not None:
                    overtaken[passed.contact] += 1
                give(visitor, found, passed.contact if passed is not None else None)
                break
            give(passed, room.find(passed) or found)
    for visitor in others:
        if not room.left:
            break
        if visitor.contact not in served and (found := room.find(visitor)):
            give(visitor, found)
    return made


class _Found(Struct, frozen=True):
    staff: StaffId
    eligible: int
    why: Why


def _passed(other: Waiting, visitor: Waiting, served: set[ContactId]) -> bool:
    return other.contact not in served and (other.since, other.contact) < (visitor.since, visitor.contact)


class _Pool:
    """Operators with something in common, the least loaded on top. Entries that are out of date are mended when met."""

    def __init__(self, operators: Iterable[OnDuty], load: dict[StaffId, int]) -> None:
        self.operators = {operator.staff: operator for operator in operators}
        self._load = load
        self._heap = [(load[staff], one.minutes, staff) for staff, one in self.operators.items()]
        heapify(self._heap)
        self.free = sum(load[staff] < one.capacity for staff, one in self.operators.items())

    def best(self, besides: StaffId | None) -> StaffId | None:
        """The least loaded with room, but not `besides`."""
        aside = None
        found = None
        while self._heap:
            load, minutes, staff = self._heap[0]
            if self._load[staff] >= self.operators[staff].capacity:
                heappop(self._heap)  # full for the rest of this round
            elif self._load[staff] != load:
                heapreplace(self._heap, (self._load[staff], minutes, staff))
            elif staff == besides:
                aside = heappop(self._heap)
            else:
                found = staff
                break
        if aside is not None:
            heappush(self._heap, aside)
        return found

    def has_room(self, staff: StaffId | None) -> bool:
        """Whether this one is here, and not full."""
        operator = self.operators.get(staff) if staff is not None else None
        return operator is not None and self._load[operator.staff] < operator.capacity


class _Room:
    """Who can still be asked in this round."""

    def __init__(self, on_duty: Iterable[OnDuty], now: int, fallbacks: Sequence[str]) -> None:
        self._now = now
        self._fallbacks = fallbacks
        operators = {operator.staff: operator for operator in on_duty}
        self._load = {staff: operator.load for staff, operator in operators.items()}
        speakers: dict[str, list[OnDuty]] = {}
        for operator in operators.values():
            for language in operator.languages:
                speakers.setdefault(language, []).append(operator)
        self._speaking = {language: _Pool(found, self._load) for language, found in speakers.items()}
        self._everybody = _Pool(operators.values(), self._load)
        self.left = sum(max(one.capacity - one.load, 0) for one in operators.values())

    def find(self, visitor: Waiting) -> _Found | None:
        """Whom to ask for this visitor now."""
        besides = self._just_missed(visitor)
        for pool, why in self._pools(visitor):
            staff = pool.best(besides) if pool.free else None
            if staff is not None:
                return _Found(staff, pool.free - pool.has_room(besides), why)
        return None

    def could(self, visitor: Waiting, staff: StaffId) -> bool:
        """Whether this operator, who has room, could be asked for this visitor."""
        if staff == self._just_missed(visitor):
            return False
        for pool, _ in self._pools(visitor):
            if staff in pool.operators:
                return True
            if pool.free - pool.has_room(self._just_missed(visitor)):
                return False  # somebody nearer would be asked first
        return False

    def take(self, staff: StaffId) -> None:
        """This operator is asked: one place less."""
        self._load[staff] += 1
        self.left -= 1
        operator = self._everybody.operators[staff]
        if self._load[staff] >= operator.capacity:
            for pool in (self._everybody, *(self._speaking[language] for language in operator.languages)):
                pool.free -= 1

    def _pools(self, visitor: Waiting) -> Iterable[tuple[_Pool, Why]]:
        own = self._speaking.get(visitor.language)
        if own is not None:
            yield own, Why.LANGUAGE
            if self._now - visitor.since < PATIENCE:
                return
        for language in self._fallbacks:
            if language != visitor.language and language in self._speaking:
                yield self._speaking[language], Why.FALLBACK
        yield self._everybody, Why.ANYBODY

    def _just_missed(self, visitor: Waiting) -> StaffId | None:
        lately = visitor.missed_at is None or self._now - visitor.missed_at < MISSED_FOR
        return visitor.missed_by if lately else None
