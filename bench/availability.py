"""Measures how often a core can say whether we are open, beside asking for the time and a dictionary only.

`python -m bench.availability --help`. CPU time of this process, so that a busy machine matters little; every round runs
each contender once, in turning order, and only what was measured in the same round is divided.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from duty.availability import Crew, InForce, Present, State, Status, availability
from duty.clock_times import read_intervals
from duty.dated_exceptions import DatedException, Kind
from duty.hours import OpeningHours
from duty.line import Line
from duty.timetable import Timetable, Version
from storage.ids import StaffId

#: Evaluations a second and core that the issue asks for.
WANTED = 50_000
BASE = "now() and a dictionary"
START = datetime(2026, 11, 23, tzinfo=UTC)
MINUTES = 14 * 24 * 60
WEEK = (
    'Mo-Fr 09:00-11:00,13:00-15:30 "fi sv", We 18:00-20:00 "en ar", Fr 21:00-02:00 "fi", Su 12:00-14:00 "fi"'
    "; PH off; PH +1 day 00:00-02:00 off"
)

Ask = Callable[[datetime], object]


def timetable() -> Timetable:
    """Two versions and a few exceptions: what a service has after some months."""
    zone = ZoneInfo("Europe/Helsinki")
    versions = (
        Version(
            hours=OpeningHours("Tu 13:00-15:00", zone, "FI"), valid_from=START - timedelta(days=90), last_start=_MARGIN
        ),
        Version(hours=OpeningHours(WEEK, zone, "FI"), valid_from=START - timedelta(days=9), last_start=_MARGIN),
    )
    exceptions = (
        DatedException(kind=Kind.closed, first=date(2026, 12, 1), last=date(2026, 12, 1)),
        DatedException(
            kind=Kind.other, first=date(2026, 11, 27), last=date(2026, 11, 27), times=read_intervals("22-1")
        ),
        DatedException(
            kind=Kind.extra, first=date(2026, 11, 28), last=date(2026, 11, 29), times=read_intervals("16-18")
        ),
    )
    return Timetable(versions, exceptions)


def crew() -> Crew:
    """Six people, some full, some on a break."""
    languages = ("fi sv", "fi en", "fi", "en ar", "sv", "fi ru")
    people = tuple(
        Present(StaffId(f"p{n}"), Status.break_ if n == 4 else Status.available, 2, frozenset(spoken.split()))
        for n, spoken in enumerate(languages)
    )
    return Crew(people, loads={StaffId("p0"): 2, StaffId("p1"): 1}, last_available=START)


def contenders() -> dict[str, Ask]:
    """What is asked about each minute of a fortnight."""
    made = timetable()
    in_force = InForce(made.timeline(START - timedelta(days=3), START + timedelta(days=60)))
    people, line = crew(), Line(waiting=1, pace=timedelta(minutes=4))
    evaluator = made.versions[1].hours
    states = {"fi": State.open, "sv": State.closed}
    return {
        BASE: lambda _at: (states.get("fi"), datetime.now(UTC)),
        "availability": lambda at: availability(in_force, people, "fi", at, line),
        "the evaluator alone, asked each time": evaluator.state_at,
    }


def per_second(ask: Ask, instants: Sequence[datetime]) -> float:
    """Answers in a second of CPU time."""
    started = time.process_time()
    for at in instants:
        ask(at)
    return len(instants) / (time.process_time() - started)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.availability", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print the rounds as JSON")
    chosen = parser.parse_args(arguments)
    instants = [START + timedelta(minutes=n) for n in range(MINUTES)]
    asked = contenders()
    for ask in asked.values():
        per_second(ask, instants[:2000])
    rounds: list[dict[str, float]] = []
    for number in range(chosen.rounds):
        names = list(asked) if number % 2 == 0 else list(reversed(asked))
        rounds.append({name: per_second(asked[name], instants) for name in names})
    if chosen.json:
        print(json.dumps(rounds, indent=1))
        return
    print(f"{'':<40}{'per second and core':>20}{'of the baseline':>18}{'lowest':>9}{'highest':>9}")
    for name in asked:
        ratios = [one[name] / one[BASE] for one in rounds]
        print(
            f"{name:<40}{median(one[name] for one in rounds):>20,.0f}{median(ratios):>18.3f}"
            f"{min(ratios):>9.3f}{max(ratios):>9.3f}"
        )
    found = median(one["availability"] for one in rounds)
    print(f"\nWanted: {WANTED:,} a second and core. {'Reached' if found >= WANTED else 'Missed'}.")


_MARGIN = timedelta(minutes=30)

if __name__ == "__main__":
    main()
