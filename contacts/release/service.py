"""What a release says about us, however little it is: waits, what nobody answered, consents, what left. Pure.

Waits are the exception: a quantile is told only where enough contacts lie on both sides of it, in steps of 5 seconds.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from contacts.release.catalogue import THRESHOLDS, Counted
from contacts.release.dimensions import CHANNEL
from contacts.release.tally import Tally

#: Contacts that must lie on both sides of a quantile.
ENOUGH: Final = THRESHOLDS[Counted.SERVICE]
_STEP: Final = 5
_QUANTILES: Final = (("median", 50), ("p90", 90))
_WAITED: Final = ("chat", "phone")
#: Endings of contacts that nobody answered; whoever left a recorded message was not answered either.
_UNSERVED: Final = ("unserved", "message")

#: Numbers that the house reads from its own registers, in the order in which they are told.
REGISTERED: Final = (
    "consents_given",
    "consents_withdrawn",
    "forwarded",
    "forwarded_accepted",
    "forwarded_declined",
    "emergencies",
)
#: Every name that can stand in `Frame.services`, in order. Waits are seconds; everything else is a number.
NAMES: Final = ("unserved", *(f"wait_{name}_{channel}" for channel in _WAITED for name, _ in _QUANTILES), *REGISTERED)


def services(tallies: Iterable[Tally], registered: Mapping[str, int]) -> tuple[tuple[str, int | None], ...]:
    """By `NAMES`; None: not told. `tallies`: of the half-years of the period."""
    held = list(tallies)
    endings = [each for tally in held for each in tally.endings.values()]
    found: dict[str, int | None] = {
        "unserved": max(sum(each.get(name, 0) for each in endings for name in _UNSERVED), 0)
    }
    for channel in CHANNEL.codes:
        waits: dict[int, int] = {}
        for tally in held:
            for seconds, count in tally.waits.get(channel, {}).items():
                waits[seconds] = waits.get(seconds, 0) + count
        for name, per_cent in _QUANTILES:
            found[f"wait_{name}_{channel}"] = quantile(waits, per_cent)
    found |= registered
    return tuple((name, found.get(name)) for name in NAMES)


def quantile(waits: Mapping[int, int], per_cent: int) -> int | None:
    """The wait that so many per cent did not exceed, in steps of 5 seconds; None unless enough lie on both sides."""
    total = sum(max(count, 0) for count in waits.values())
    below = 0
    for seconds, count in sorted(waits.items()):
        if count <= 0:
            continue
        if 100 * (below + count) >= per_cent * total:
            enough = below >= ENOUGH and total - below - count >= ENOUGH
            return (2 * seconds + _STEP) // (2 * _STEP) * _STEP if enough else None
        below += count
    return None
