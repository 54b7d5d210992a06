"""Shifts for tests, written the way a lead would say them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from duty.repetition import Rule, read_rule
from duty.shifts import Change, Channel, Plan, Shift, ShiftId
from storage.ids import StaffId

HELSINKI = ZoneInfo("Europe/Helsinki")
AINO, EERO, KAISA = StaffId("aino"), StaffId("eero"), StaffId("kaisa")


def at(reading: str) -> datetime:
    """A wall clock reading: `2026-11-24 13:00`."""
    return datetime.fromisoformat(reading)


def helsinki(reading: str) -> datetime:
    """The instant of a plain reading in Helsinki."""
    return at(reading).replace(tzinfo=HELSINKI)


def plan(
    starts: str,
    hours: float,
    *,
    who: StaffId = AINO,
    channel: Channel = Channel.chat,
    languages: str = "fi sv",
    tier: int = 1,
) -> Plan:
    return Plan(
        staff_id=who,
        channel=channel,
        languages=frozenset(languages.split()),
        starts=at(starts),
        ends=at(starts) + timedelta(hours=hours),
        tier=tier,
    )


def shift(
    what: Plan,
    rule: str | Rule | None = None,
    *,
    name: str = "",
    changes: Mapping[date, Change] | None = None,
    zone: ZoneInfo = HELSINKI,
) -> Shift:
    return Shift(
        id=ShiftId(name or f"{what.staff_id} {what.starts}"),
        plan=what,
        zone=zone,
        rule=read_rule(rule) if isinstance(rule, str) else rule,
        changes=changes or {},
    )


def day(text: str) -> date:
    return date.fromisoformat(text)


def staff(people: Iterable[StaffId]) -> list[str]:
    return sorted(people)
