"""How long a review takes, step by step: `python -m bench.statistics 140 600 50000 1000000`.

Synthetic contacts with fixed seeds (tests/contacts/release/people.py), half as many people as contacts up to 600. What is
measured is what a request does (contacts/reviews/reviews.py), in the processes in which it does it. Opening the sealed facts
(HPKE) happens once for a frozen half-year and is told apart; everything after it works on the tally.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

import msgspec

from contacts.attack.inference import attacked
from contacts.attack.published import equations
from contacts.attack.released import released
from contacts.chance import fresh_key
from contacts.codes.shapes import LANGUAGES
from contacts.envelopes import KeyPair, sealed_to
from contacts.forwarding.apart import Apart
from contacts.release.catalogue import THRESHOLDS, specs_with
from contacts.release.counting import Counts
from contacts.release.drafting import Earlier, drafted
from contacts.release.frame import Frame
from contacts.release.tally import Tally, Tallying
from contacts.rendering import apart
from contacts.rendering.booklet import booklet
from contacts.rendering.drawing import chart_of
from contacts.rendering.page import page
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from contacts.rendering.sheets import workbook
from contacts.rendering.telling import told
from contacts.reviews.known import Knowledge, knowledge_of
from contacts.reviews.working import Work, Worked, stands
from contacts.statistics.fact import Fact, decoded, encoded
from tests.contacts.release.people import facts

T = TypeVar("T")

SIZES = (140, 600, 50_000, 1_000_000)
PERIODS = ("2025H1", "2026H1")
_OPENED = 2_000
#: Facts are made so many contacts at a time: the generator is not what is measured.
_PART = 20_000


class Spent(NamedTuple):
    """Seconds that passed, and seconds of CPU in this process and in those it started."""

    wall: float
    cpu: float


Steps = dict[str, Spent]


def main(sizes: tuple[int, ...]) -> None:
    """Measure each size."""
    for size in sizes:
        measure(size)


def measure(size: int) -> None:
    """One review of a half-year of so many contacts, beside one of the same size a year before."""
    steps: Steps = {}
    tallies = [_tallied(period, size, steps) for period in PERIODS]
    steps["counting"] = Spent(*(each / len(PERIODS) for each in steps["counting"]))  # the year before has been counted
    work = Work(
        period=PERIODS[1],
        periods=PERIODS,
        tallies=tuple(tallies),
        known=Knowledge(),
        inside=None,
        k=THRESHOLDS,
        tie=b"bench",
        seconds=600.0,
    )
    worked = _timed(steps, "protecting, attacking", partial(_worked, work))
    frame = Frame(release_id="bench", period=PERIODS[1], catalogue=1, k=5, rows=worked.rows)
    review = Review(frame=frame, service="Saarnilinja", released=date(2026, 7, 20))
    stored = _timed(steps, "rendering", partial(rendered, review))
    read = _timed(steps, "reading back", partial(released, stored))
    _timed(steps, "attacking the files", partial(stands, read.published, worked.knowledge, THRESHOLDS, 600.0))
    own, others = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    total = Spent(*map(sum, zip(*steps.values(), strict=True)))
    print(
        f"\n{size} contacts: {total.wall:.1f} s, {total.cpu:.1f} s of CPU; {own} MB, with the largest process {own + others}"
    )
    _print(steps, total.cpu)
    print("  of these:")
    _print(_within(tallies, review), total.cpu)
    opening = _opening_seconds() * (2 * size + 2 * min(size // 2, 300)) / 2
    print(f"  once for each half-year, to open its facts on two cores: {opening:.1f} s")


def _print(steps: Steps, total: float) -> None:
    for name, (wall, cpu) in steps.items():
        print(f"  {name:<24}{wall:8.2f} s {cpu:8.2f} s of CPU {100 * cpu / total:5.0f} %")


def _tallied(period: str, size: int, steps: Steps) -> Tally:
    counting = Tallying(period)
    for seed, start in enumerate(range(0, size, _PART)):
        part = min(_PART, size - start)
        people = min(part // 2, 300) if start == 0 else 0
        made = facts(seed, period, contacts=part, people=people)
        _timed(steps, "counting", partial(counting.add, made))
    return _timed(steps, "counting", counting.tally)


def _worked(work: Work) -> Worked:
    program = Apart(module="contacts.reviews.working_program", seconds=600.0)
    answer = asyncio.run(program.run(msgspec.msgpack.encode(work)))
    return msgspec.msgpack.decode(answer, type=Worked)


def _within(tallies: list[Tally], review: Review) -> Steps:
    """Parts of the steps, one after another; programs with the time they take to start."""
    steps: Steps = {}
    counts = Counts(tallies)
    specs = specs_with({language for tally in tallies for language in tally.languages})
    draft = _timed(
        steps,
        "protecting",
        partial(drafted, specs, PERIODS, counts.of, k=THRESHOLDS, kept={}, earlier=Earlier(), seconds=600.0),
    )
    known = knowledge_of(draft).published()
    _timed(steps, "attacking", lambda: attacked(known, equations(known), k=THRESHOLDS))
    frame = review.frame
    charts = {table: chart for table in frame.tables if (chart := chart_of(frame, table))}
    texts = _timed(steps, "telling", lambda: [told(review, charts, language) for language in LANGUAGES])
    with apart.Apart(seconds=600.0) as programs:
        asked = msgspec.json.encode(list(charts.values()))
        drawn = _timed(steps, "charts (vl-convert)", programs.start("contacts.rendering.charts_program", asked).result)
        drawings = msgspec.json.decode(drawn, type=dict[str, str])
        data = msgspec.json.encode([booklet(each, charts, drawings) for each in texts])
        _timed(steps, "documents (typst)", programs.start("contacts.rendering.booklet_program", data).result)
    _timed(steps, "sheets", lambda: [workbook(each) for each in texts])
    _timed(steps, "pages", lambda: [page(each, charts, drawings) for each in texts])
    return steps


def _timed(steps: Steps, name: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), _cpu()
    result = work()
    before = steps.get(name, Spent(0.0, 0.0))
    steps[name] = Spent(before.wall + time.perf_counter() - wall, before.cpu + _cpu() - cpu)
    return result


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _opening_seconds() -> float:
    """Seconds of CPU that one sealed fact takes."""
    pair = KeyPair(fresh_key())
    fact: Fact = facts(1, "2026H1", contacts=1, people=0)[0]
    sealed = sealed_to(pair.public, encoded(fact), "bench")
    began = _cpu()
    for _ in range(_OPENED):
        decoded(pair.open(sealed, "bench"))
    return (_cpu() - began) / _OPENED


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
