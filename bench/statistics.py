"""How long a review takes, step by step: `python -m bench.statistics 140 600 50000 1000000`.

Synthetic contacts with fixed seeds (tests/contacts/release/people.py), half as many people as contacts up to 600. The steps of a
first request are told apart: opening the sealed facts (HPKE) happens once for a frozen half-year; everything after it works
on the tally.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from contacts.attack.inference import attacked
from contacts.attack.published import equations
from contacts.attack.released import released
from contacts.chance import fresh_key
from contacts.envelopes import KeyPair, sealed_to
from contacts.release.catalogue import THRESHOLDS, specs_with
from contacts.release.counting import Counts
from contacts.release.drafting import Earlier, drafted
from contacts.release.frame import Frame
from contacts.release.review import rows_of
from contacts.release.tally import Tally, Tallying
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from contacts.reviews.known import knowledge_of
from contacts.statistics.fact import Fact, decoded, encoded
from tests.contacts.release.people import facts

T = TypeVar("T")

SIZES = (140, 600, 50_000, 1_000_000)
_PERIODS = ("2025H1", "2026H1")
_OPENED = 2_000
#: Facts are made so many contacts at a time: the generator is not what is measured.
_PART = 20_000


def main(sizes: tuple[int, ...]) -> None:
    """Measure each size."""
    for size in sizes:
        measure(size)


def measure(size: int) -> None:
    """One review of a half-year of so many contacts, beside one of the same size a year before."""
    spent: dict[str, float] = {}
    tallies = [_tallied(period, size, spent) for period in _PERIODS]
    spent["counting facts"] /= len(_PERIODS)
    counts = Counts(tallies)
    specs = specs_with({language for tally in tallies for language in tally.languages})
    draft = _timed(
        spent,
        "protecting",
        partial(drafted, specs, _PERIODS, counts.of, k=THRESHOLDS, kept={}, earlier=Earlier(), seconds=60.0),
    )
    known = knowledge_of(draft).published()
    verdict = _timed(spent, "attacking", lambda: attacked(known, equations(known), k=THRESHOLDS))
    frame = Frame(release_id="bench", period=_PERIODS[1], catalogue=1, k=5, rows=rows_of(draft, _PERIODS[1]))
    review = Review(frame=frame, service="Saarnilinja", released=date(2026, 7, 20))
    stored = _timed(spent, "rendering", lambda: rendered(review))
    _timed(spent, "reading back", lambda: released(stored))
    opening = _opening_seconds() * (2 * size + 2 * min(size // 2, 300)) / 2  # two processes
    total = sum(spent.values())
    most = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) // 1024
    print(f"\n{size} contacts: {total:.1f} s, at most {most} MB; {len(verdict.exposed)} exposed; {len(stored)} bytes")
    for name, seconds in spent.items():
        print(f"  {name:<16}{seconds:8.2f} s {100 * seconds / total:5.0f} %")
    print(f"  and once, to open the facts, on two cores: {opening:.1f} s")


def _tallied(period: str, size: int, spent: dict[str, float]) -> Tally:
    counting = Tallying(period)
    for seed, start in enumerate(range(0, size, _PART)):
        part = min(_PART, size - start)
        people = min(part // 2, 300) if start == 0 else 0
        made = facts(seed, period, contacts=part, people=people)
        _timed(spent, "counting facts", partial(counting.add, made))
    return counting.tally()


def _timed(spent: dict[str, float], name: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = work()
    spent[name] = spent.get(name, 0.0) + time.perf_counter() - began
    return result


def _opening_seconds() -> float:
    """Seconds that one sealed fact takes."""
    pair = KeyPair(fresh_key())
    fact: Fact = facts(1, "2026H1", contacts=1, people=0)[0]
    sealed = sealed_to(pair.public, encoded(fact), "bench")
    began = time.perf_counter()
    for _ in range(_OPENED):
        decoded(pair.open(sealed, "bench"))
    return (time.perf_counter() - began) / _OPENED


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
