"""One release worked out: tallies and what readers know in; rows that stood the attack out, or why there are none.

Runs in a process of its own (`contacts.reviews.working_program`): the solver may take long, or be killed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from contacts.attack.inference import attacked
from contacts.attack.published import Published, equations
from contacts.release.catalogue import halves_of, is_year, months_of, specs_with, year_before
from contacts.release.cells import Cell
from contacts.release.circulation import OutOfTime
from contacts.release.counting import Counts
from contacts.release.drafting import CannotRelease, drafted
from contacts.release.frame import Row
from contacts.release.review import rows_of
from contacts.release.tally import Tally
from contacts.reviews.known import Knowledge, contradiction, knowledge_of, published_in

_TIE: Final = 1e-3


class Refusal(StrEnum):
    """Why there is no release."""

    CANNOT_PROTECT = "cannot_protect"
    OUT_OF_TIME = "out_of_time"
    EXPOSED = "exposed"
    BROKEN = "broken"
    """The process that works it out was killed or failed, or files did not say what they should."""


class Work(Struct, frozen=True, kw_only=True):
    """`tallies`: every half-year there is up to the newest of `periods`, oldest first. `periods`: to draft together.

    `known`: to this audience; `inside`: to people of the house, when the release is for others: what they do not see,
    others do not either. `k`: by unit. `tie`: secret bytes.
    """

    period: str
    periods: tuple[str, ...]
    tallies: tuple[Tally, ...]
    known: Knowledge
    inside: Knowledge | None
    k: Mapping[str, int]
    tie: bytes
    seconds: float


class Worked(Struct, frozen=True, kw_only=True):
    """`knowledge`: what readers know from now on. `narrowest`: whole people between the closest bounds found; -1: none."""

    rows: tuple[Row, ...] = ()
    knowledge: Knowledge = Knowledge()
    narrowest: int = -1
    refusal: Refusal | None = None


def worked(work: Work) -> Worked:
    """Draft, then attack everything that is known by then. Nothing that the attack opens is ever given out."""
    counts = Counts(work.tallies)
    languages = {language for tally in work.tallies for language in tally.languages}
    base = work.inside or work.known
    around = between(work.periods, [tally.period for tally in work.tallies])
    try:
        draft = drafted(
            specs_with(languages),
            work.periods,
            counts.of,
            k=work.k,
            kept={**base.kept, **work.known.kept},
            earlier=work.known.earlier({*work.periods, *_months(work.periods)}, also_hidden=work.inside),
            seconds=work.seconds,
            around=around,
            tie=lambda cell: _tie(work.tie, cell),
        )
    except OutOfTime:
        return Worked(refusal=Refusal.OUT_OF_TIME)
    except CannotRelease:
        return Worked(refusal=Refusal.CANNOT_PROTECT)
    knowledge = knowledge_of(draft)
    rows = rows_of(draft, work.period)
    narrowest = stands(published_in(rows), work.known.plus(knowledge), work.k, work.seconds)
    if narrowest is None:
        return Worked(refusal=Refusal.EXPOSED)
    return Worked(rows=rows, knowledge=knowledge, narrowest=narrowest)


def stands(read: Published, known: Knowledge, k: Mapping[str, int], seconds: float) -> int | None:
    """The narrowest bounds an attacker finds, in whole people; -1: nothing is hidden. None: something is exposed.

    `read`: what one file says; `known`: everything that was ever told, this release among it.
    """
    told = known.published()
    if contradiction(read, told) or not read.keys() <= told.keys():
        return None
    verdict = attacked(told, equations(told), k=k, seconds=seconds)
    if verdict.exposed:
        return None
    return -1 if verdict.narrowest is None else int(min(verdict.narrowest, 1_000_000_000))


def periods_to_draft(period: str, counted: Sequence[str], released: set[str]) -> tuple[str, ...]:
    """This one, the same a year before, and whatever was told before: stocks tie all of it. `counted`: half-years with facts."""
    wanted = {period, year_before(period)} | released
    wanted |= {f"{each}{half}" for each in wanted if is_year(each) for half in ("H1", "H2")}
    there = set(counted)
    whole = {each for each in wanted if is_year(each) and {f"{each}H1", f"{each}H2"} <= there}
    return tuple(sorted(wanted & there | whole, key=lambda each: (is_year(each), each)))


def between(periods: Sequence[str], counted: Sequence[str]) -> tuple[str, ...]:
    """Half-years with facts among those drafted, but not drafted themselves: stocks are tied through them."""
    halves = {half for period in periods for half in halves_of(period)}
    return tuple(half for half in counted if min(halves) < half < max(halves) and half not in periods)


def _months(periods: Sequence[str]) -> set[str]:
    return {month for period in periods if not is_year(period) for month in months_of(period)}


def _tie(secret: bytes, cell: Cell) -> float:
    said = f"{cell.unit}|{cell.period}|{sorted(cell.attributes)}".encode()
    return _TIE * int.from_bytes(hashlib.blake2b(said, key=secret, digest_size=4).digest(), "big") / 2**32
