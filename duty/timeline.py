"""Open time between two instants, worked out once and then asked as often as anybody likes.

Everything here is UTC and half-open.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Open from `opens` to `closes` with these languages (none: as spoken)."""

    opens: datetime
    closes: datetime
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open without a break. `last_start`: how long before `closes` nobody new joins the line."""

    pieces: tuple[Piece, ...]
    last_start: timedelta

    @property
    def opens(self) -> datetime:
        """The first open instant."""
        return self.pieces[0].opens

    @property
    def closes(self) -> datetime:
        """The first closed instant."""
        return self.pieces[-1].closes

    def languages_at(self, now: datetime) -> frozenset[str]:
        """Promised at an instant of this stretch; none means as spoken."""
        return next((piece.languages for piece in self.pieces if now < piece.closes), frozenset())


class OutsideTimeline(ValueError):
    """Asked about an instant this timeline was not made for."""


class Timeline:
    """The open stretches of a window.

    A stretch that reaches the window's end counts as one that does not close; make windows long.
    """

    def __init__(
        self,
        *,
        start: datetime,
        end: datetime,
        stretches: Iterable[Stretch],
        zones: Iterable[tuple[datetime, ZoneInfo]],
    ) -> None:
        self.start = start
        self.end = end
        self.stretches = tuple(stretches)
        if any(one.closes >= other.opens for one, other in pairwise(self.stretches)):
            raise ValueError("stretches of a timeline are in order and apart")
        self._opens = [stretch.opens for stretch in self.stretches]
        self._zones = tuple(zones)

    def at(self, now: datetime) -> Stretch | None:
        """The stretch an instant lies in. Raises `OutsideTimeline`."""
        latest = self.last_before(now)
        return latest if latest is not None and now < latest.closes else None

    def last_before(self, now: datetime) -> Stretch | None:
        """The stretch that opened last, whether it has closed or not. Raises `OutsideTimeline`."""
        self._inside(now)
        place = bisect_right(self._opens, now)
        return self.stretches[place - 1] if place else None

    def next_after(self, now: datetime) -> Stretch | None:
        """The first stretch that opens later. Raises `OutsideTimeline`."""
        self._inside(now)
        place = bisect_right(self._opens, now)
        return self.stretches[place] if place < len(self.stretches) else None

    def closes(self, stretch: Stretch) -> datetime | None:
        """When a stretch ends; None: not within the window."""
        return stretch.closes if stretch.closes < self.end else None

    def pieces(self, start: datetime, end: datetime) -> list[Piece]:
        """The open pieces between two instants, cut at both: what the roster must cover."""
        return [
            Piece(max(piece.opens, start), min(piece.closes, end), piece.languages)
            for stretch in self.stretches
            for piece in stretch.pieces
            if piece.opens < end and start < piece.closes
        ]

    def zone_at(self, now: datetime) -> ZoneInfo:
        """The zone in which clock times are told. Raises `OutsideTimeline`."""
        self._inside(now)
        zone = self._zones[0][1]
        for since, later in self._zones[1:]:
            if since <= now:
                zone = later
        return zone

    def _inside(self, now: datetime) -> None:
        if not self.start <= now < self.end:
            raise OutsideTimeline


def stretches(pieces: Iterable[tuple[Piece, timedelta]]) -> tuple[Stretch, ...]:
    """Pieces in order, each with the margin that holds at its end, joined where they touch."""
    found: list[tuple[list[Piece], timedelta]] = []
    for piece, last_start in pieces:
        if found and found[-1][0][-1].closes == piece.opens:
            joined, _ = found.pop()
            if joined[-1].languages == piece.languages:
                joined[-1] = Piece(joined[-1].opens, piece.closes, piece.languages)
            else:
                joined.append(piece)
            found.append((joined, last_start))
        else:
            found.append(([piece], last_start))
    return tuple(Stretch(tuple(joined), last_start) for joined, last_start in found)
