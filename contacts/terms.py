"""Terms counted in calendar months, UTC. Pure."""

import calendar
from datetime import UTC, datetime

_MONTHS = 12


def months_after(instant: int, months: int) -> int:
    """The same day and time so many months later (seconds since 1970); the last day where a month is too short."""
    at = datetime.fromtimestamp(instant, UTC)
    year, month = _moved(at, months)
    day = min(at.day, calendar.monthrange(year, month)[1])
    return int(at.replace(year=year, month=month, day=day).timestamp())


def month_begins(instant: int, months: int = 0) -> int:
    """The first instant of the month of an instant, or of one so many months later."""
    at = datetime.fromtimestamp(instant, UTC)
    year, month = _moved(at, months)
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp())


def _moved(at: datetime, months: int) -> tuple[int, int]:
    year, month = divmod(at.year * _MONTHS + at.month - 1 + months, _MONTHS)
    return year, month + 1
