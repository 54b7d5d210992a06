"""Several releases at once, with what the ledger says was released before: can a hidden figure be computed? Pure but for time.

Everything is joined: what one file hides and another shows, is shown. Whatever does not fit together counts as exposed.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from contacts.attack.inference import Verdict, Why, attacked
from contacts.attack.published import UNTOLD, Key, equations
from contacts.attack.reading import Unreadable
from contacts.attack.released import Released

#: What a release must protect at least; a fact without a person stands for one, and twice as many are asked of it.
LEAST: Final = 5
_LEAST_OF: Final = {"service": 10}


class Outcome(NamedTuple):
    """`sentences`: what was found, for people. `verdict`: None when the files themselves disagree."""

    safe: bool
    sentences: tuple[str, ...]
    verdict: Verdict | None = None


def attack(
    releases: Sequence[Released],
    known: Iterable[Mapping[Key, int | None]] = (),
    *,
    seconds: float = 60.0,
    whole: bool = False,
) -> Outcome:
    """Bounds of every figure that is hidden everywhere. `known`: of the ledger; `whole`: people are whole numbers."""
    findings = [f"{each.release_id}: {sentence}" for each in releases for sentence in each.findings]
    joined: dict[Key, int | None] = {}
    for cells in (*(each.published for each in releases), *known):
        for key, value in cells.items():
            held = joined.get(key)
            if held is not None and value is not None and held != value:
                findings.append(f"{named(key)}: two releases tell different figures.")
            joined[key] = value if held is None else held
    if findings:
        return Outcome(safe=False, sentences=tuple(dict.fromkeys(findings)))
    least = max((each.k for each in releases), default=LEAST)
    thresholds = {key.unit: max(least, _LEAST_OF.get(key.unit, LEAST)) for key in joined}
    thresholds |= dict.fromkeys(UNTOLD, least)
    verdict = attacked(joined, equations(joined), k=thresholds, seconds=seconds, whole=whole)
    if not verdict.exposed:
        bounded = verdict.narrowest is not None and math.isfinite(verdict.narrowest)
        width = f" The closest guess leaves {verdict.narrowest:.0f} possible." if bounded else ""
        figures = "1 hidden figure" if verdict.hidden == 1 else f"{verdict.hidden} hidden figures"
        return Outcome(safe=True, sentences=(f"{figures}, none can be computed.{width}",), verdict=verdict)
    found = tuple(_sentence(each.key, each.why, each.low, each.high) for each in verdict.exposed)
    return Outcome(safe=False, sentences=found, verdict=verdict)


def _sentence(key: Key | None, why: Why, low: float, high: float) -> str:
    if key is None:
        return "Figures that are shown do not add up."
    if why is Why.TOO_SMALL:
        return f"{named(key)}: it is at least {low:.0f} and at most {high:.0f}."
    if why is Why.NOT_NOUGHT:
        return f"{named(key)}: it is not nought, at least {low:.0f}."
    return f"{named(key)}: no answer in time, so it counts as exposed."


def named(key: Key) -> str:
    """A cell in words of the data."""
    return " ".join((key.unit, key.period, *(f"{dimension}={code}" for dimension, code in key.codes)))


def ledger(octets: bytes) -> list[dict[Key, int | None]]:
    """A ledger as JSON lines: `{"release": ..., "cells": [[unit, period, [[dimension, code], ...], value or null], ...]}`."""
    found: list[dict[Key, int | None]] = []
    try:
        for line in octets.decode().splitlines():
            cells: dict[Key, int | None] = {}
            for unit, period, codes, value in json.loads(line)["cells"]:
                pairs = tuple(sorted((str(dimension), str(code)) for dimension, code in codes))
                cells[Key(str(unit), str(period), pairs)] = None if value is None else int(value)
            found.append(cells)
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise Unreadable("The ledger is not in the form of JSON lines that were exported.") from None
    return found
