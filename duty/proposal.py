"""A change to the hours that somebody thinks of: what the hours would be, and the digest of everything it rests on.

Nothing is published that was not seen: a preview is remembered by this digest, and publishing asks for it again. When
anything moved meanwhile, also somebody else's change, the digest is another one and the preview must be repeated. Pure.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from duty.clock_times import times_text
from duty.dated_exceptions import DatedException
from duty.hours import OpeningHours
from duty.timetable import Timetable, Version

LAST_START = timedelta(minutes=30)


class CannotChange(ValueError):
    """There is no such version or exception any more, or nothing would be left."""


@dataclass(frozen=True, slots=True)
class NewHours:
    """Hours to put in force. `valid_from` None: at once, when published."""

    hours: OpeningHours
    last_start: timedelta = LAST_START
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class WithdrawnHours:
    """Published hours that have not come into force shall not."""

    version_id: str


@dataclass(frozen=True, slots=True)
class NewException:
    """Some days shall differ."""

    exception: DatedException


@dataclass(frozen=True, slots=True)
class RemovedException:
    """Some days shall be as usual again."""

    exception_id: str


Change = NewHours | WithdrawnHours | NewException | RemovedException


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to a timetable; `base` None: nothing was ever published."""

    base: Timetable | None
    change: Change

    def after(self, now: datetime) -> Timetable:
        """The timetable if this were published at `now`. Raises `CannotChange`."""
        match self.change:
            case NewHours(hours, last_start, valid_from):
                version = Version(hours=hours, valid_from=valid_from or now, last_start=last_start)
                others = [one for one in self._versions if one.valid_from != version.valid_from]
                exceptions = self.base.exceptions if self.base is not None else ()
                return Timetable(tuple(sorted([*others, version], key=lambda one: one.valid_from)), exceptions)
            case WithdrawnHours(version_id):
                gone = self.version(version_id)
                left = tuple(one for one in self._versions if one is not gone)
                if gone.valid_from <= now or not left:
                    raise CannotChange
                return replace(self._base, versions=left)
            case NewException(exception):
                return replace(self._base, exceptions=(*self._base.exceptions, exception))
            case RemovedException(exception_id):
                gone_one = self.exception(exception_id)
                return replace(self._base, exceptions=tuple(e for e in self._base.exceptions if e is not gone_one))
            case _:
                assert_never(self.change)

    def effective(self, now: datetime) -> datetime:
        """The first instant that may be different, not before `now`. Raises `CannotChange`."""
        match self.change:
            case NewHours(valid_from=valid_from):
                return max(valid_from or now, now)
            case WithdrawnHours(version_id):
                return max(self.version(version_id).valid_from, now)
            case NewException(exception):
                return self._morning(exception, now)
            case RemovedException(exception_id):
                return self._morning(self.exception(exception_id), now)
            case _:
                assert_never(self.change)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the timetable as it is and of the change."""
        said = {"base": _told(self.base) if self.base is not None else None, "change": _told(self.change)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()

    def version(self, version_id: str) -> Version:
        """One of the published versions. Raises `CannotChange`."""
        for one in self._versions:
            if one.id == version_id:
                return one
        raise CannotChange

    def exception(self, exception_id: str) -> DatedException:
        """One of the exceptions. Raises `CannotChange`."""
        for one in self._base.exceptions:
            if one.id == exception_id:
                return one
        raise CannotChange

    @property
    def _versions(self) -> tuple[Version, ...]:
        return self.base.versions if self.base is not None else ()

    @property
    def _base(self) -> Timetable:
        if self.base is None:
            raise CannotChange
        return self.base

    def _morning(self, exception: DatedException, now: datetime) -> datetime:
        version = self._base.in_force(now) or self._base.versions[0]
        first = datetime.combine(exception.first, datetime.min.time(), version.hours.zone)
        return max(first.astimezone(UTC), now)


def _told(thing: Timetable | Change) -> Any:
    """Everything that matters about a timetable or a change, as JSON; not the ids, which are ours."""
    match thing:
        case Timetable(versions, exceptions):
            return {
                "versions": [_hours_told(one.hours, one.last_start, one.valid_from) for one in versions],
                "exceptions": [_exception_told(one) for one in exceptions],
            }
        case NewHours(hours, last_start, valid_from):
            return _hours_told(hours, last_start, valid_from)
        case NewException(exception):
            return _exception_told(exception)
        case WithdrawnHours(gone) | RemovedException(gone):
            return {"gone": gone}
        case _:
            assert_never(thing)


def _hours_told(hours: OpeningHours, last_start: timedelta, valid_from: datetime | None) -> list[Any]:
    since = valid_from.timestamp() if valid_from is not None else None
    return [hours.expression, hours.zone.key, hours.country, last_start.total_seconds(), since]


def _exception_told(one: DatedException) -> list[Any]:
    return [one.kind, one.first.isoformat(), one.last.isoformat(), times_text(one.times), sorted(one.languages)]
