"""Half-years: what a fact is counted in, and when a half-year takes nothing more. Pure."""

from datetime import datetime, timedelta
from typing import Final, NewType
from zoneinfo import ZoneInfo

Period = NewType("Period", str)
"""`2026H1`: January to June 2026; `2026H2`: July to December."""

#: A period freezes so long after its end (statistics.md); what comes later is counted in the next one.
GRACE: Final = timedelta(days=14)


def period_of(moment: datetime) -> Period:
    """The half-year of an instant, on the clock of its own zone."""
    return Period(f"{moment.year}H{1 if moment.month <= 6 else 2}")


def next_period(period: Period) -> Period:
    """The half-year after it."""
    year, half = _parts(period)
    return Period(f"{year}H2" if half == 1 else f"{year + 1}H1")


def freezes_at(period: Period, zone: ZoneInfo) -> datetime:
    """From this instant on it takes nothing more."""
    year, half = _parts(period)
    end = datetime(year, 7, 1, tzinfo=zone) if half == 1 else datetime(year + 1, 1, 1, tzinfo=zone)
    return end + GRACE


def frozen(period: Period, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it takes nothing more."""
    return now >= freezes_at(period, zone)


def counted_in(moment: datetime, now: datetime, zone: ZoneInfo) -> Period:
    """Where something of that moment is counted when it is told now: its own half-year, or the first not yet frozen."""
    period = period_of(moment.astimezone(zone))
    while frozen(period, now, zone):
        period = next_period(period)
    return period


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-03`."""
    return f"{moment.astimezone(zone):%Y-%m}"


def _parts(period: Period) -> tuple[int, int]:
    return int(period[:4]), int(period[5:])
