"""What the demo's lead finds: a week of shifts with gaps in it, one shift on offer, and a draft of other hours.

The published hours stay open day and night, so that a visitor of the demo always finds the chat open.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.office import Office
from config.resources import Resources
from config.rosters import rosters
from contacts.words import Words
from duty.clock_times import read_intervals
from duty.drafts import Drafts
from duty.hours import OpeningHours
from duty.proposal import NewHours
from duty.repetition import Frequency, Rule
from duty.roster_checks import Draft
from duty.schedule import CHAT, Schedule
from duty.shifts import Channel, Plan
from duty.week import Week, WeeklyInterval, week_text
from storage.engine import Connection
from storage.ids import StaffId

_DAY = timedelta(days=1)
_WORKDAYS = (0, 1, 2, 3, 4)
#: Who, on which weekdays (Monday is 0), from when, for how many hours, where, in which languages.
_SHIFTS = (
    ("aino", _WORKDAYS, 8, 8, Channel.both, "fi sv en"),
    ("eero", _WORKDAYS, 16, 7, Channel.both, "fi en"),
    ("kaisa", (0, 1, 2, 3), 23, 9, Channel.both, "fi en"),
    ("eero", (4,), 23, 9, Channel.phone, "fi en"),
    ("aino", (5,), 8, 12, Channel.both, "fi sv en"),
    ("kaisa", (6,), 8, 12, Channel.both, "fi en"),
)
#: On call for the telephone day and night, at home: rung when whoever is on shift does not answer. Tier by login.
_ON_CALL = {"reko": 2, "veera": 3}
#: Telephones that do not exist: the demo's network has them, and no other.
NUMBERS = {
    "aino": "+46846500421",
    "eero": "+46846500422",
    "kaisa": "+46846500423",
    "reko": "+46846500424",
    "veera": "+46846500425",
}
_DRAFTED = {1: "13-15", 3: "9-11, 14-20", 4: "21-02"}


async def planned(held: Resources, people: Office) -> None:
    """Write the roster and the draft."""
    zone = ZoneInfo(held.settings.zone)
    async with held.store.write() as conn:
        known = {one.login: one.id for one in (await people.people.everybody(conn)).values()}
        await _roster(conn, held, people, known, zone)
        await _telephone(conn, held, people, known, zone)
        drafts = Drafts(schedule=Schedule(), clock=held.clock)
        hours = OpeningHours(_drafted(), zone, held.settings.country)
        await drafts.save(conn, CHAT, NewHours(hours), by=known["kaisa"], revision=None)


async def _roster(
    conn: Connection, held: Resources, people: Office, known: Mapping[str, StaffId], zone: ZoneInfo
) -> None:
    kept = rosters(clock=held.clock, people=people.people)
    today = held.clock.now().astimezone(zone).date()
    monday = today - today.weekday() * _DAY
    for login, weekdays, hour, length, channel, languages in _SHIFTS:
        starts = datetime.combine(monday + weekdays[0] * _DAY, time(hour))
        plan = Plan(
            staff_id=known[login],
            channel=channel,
            languages=frozenset(languages.split()),
            starts=starts,
            ends=starts + timedelta(hours=length),
        )
        rule = Rule(frequency=Frequency.weekly, weekdays=frozenset(weekdays))
        shift = await kept.roster.add(conn, Draft(plan=plan, zone=zone, rule=rule), by=known["kaisa"])
        if login == "aino" and len(weekdays) > 1:
            await kept.swaps.offer(conn, shift.id, _coming(monday, today, weekday=3), by=known["aino"])


async def _telephone(
    conn: Connection, held: Resources, people: Office, known: Mapping[str, StaffId], zone: ZoneInfo
) -> None:
    """Two people on call round the clock, and everybody's number."""
    kept = rosters(clock=held.clock, people=people.people)
    today = held.clock.now().astimezone(zone).date()
    starts = datetime.combine(today - today.weekday() * _DAY, time(0))
    for login, tier in _ON_CALL.items():
        plan = Plan(
            staff_id=known[login],
            channel=Channel.phone,
            languages=frozenset({"fi", "sv", "en"}),
            starts=starts,
            ends=starts + 7 * _DAY,
            tier=tier,
        )
        rule = Rule(frequency=Frequency.weekly, weekdays=frozenset({0}))
        await kept.roster.add(conn, Draft(plan=plan, zone=zone, rule=rule), by=known["kaisa"])
    for login, number in NUMBERS.items():
        await people.numbers.keep(conn, known[login], Words(number))


def _coming(monday: date, today: date, *, weekday: int) -> date:
    """That weekday of this week, or of the next when it is today or over."""
    day = monday + weekday * _DAY
    return day if day > today else day + 7 * _DAY


def _drafted() -> str:
    intervals = [
        WeeklyInterval(weekday, interval) for weekday, typed in _DRAFTED.items() for interval in read_intervals(typed)
    ]
    return week_text(Week(tuple(intervals)))
