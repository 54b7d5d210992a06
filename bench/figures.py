"""From counts to ratios. Pure.

Machines differ and are busy with other things: only what was measured beside each other, in the same round, is divided.
"""

from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct

from bench.load import Idle, Paced, Saturated

#: What everything is divided by.
BASE = "RAW"

#: Of one contender in one round.
Round = Mapping[str, float]


class Figure(Struct, frozen=True):
    """One quantity of one contender over all rounds."""

    contender: str
    quantity: str
    median: float
    ratio: float | None
    """Median of this contender's divided by RAW's, round by round; None where RAW has no such quantity."""
    lowest: float | None
    highest: float | None


def quantities(saturated: Saturated | None, paced: Paced | None, idle: Idle | None) -> dict[str, float]:
    """What one round of one contender told, by name and unit."""
    found: dict[str, float | None] = {}
    if saturated is not None:
        found["CPU us per message, saturated"] = saturated.cpu_us
        found["messages per second, saturated"] = saturated.per_second
        found["server share of its core"] = saturated.server_share
        found["client share of its core"] = saturated.client_share
    if paced is not None:
        found["ms to the other screen, p50"] = paced.shown_p50
        found["ms to the other screen, p99"] = paced.shown_p99
        found["ms to the acknowledgement, p50"] = paced.ack_p50
        found["ms to the acknowledgement, p99"] = paced.ack_p99
        found["share of a core, paced"] = paced.server_share
    if idle is not None:
        found["KiB per idle socket"] = idle.kib
    return {name: value for name, value in found.items() if value is not None}


def figures(rounds: Mapping[str, Sequence[Round]]) -> list[Figure]:
    """Rounds by contender, in the order they were run: the n-th of each belong together."""
    base = rounds.get(BASE, ())
    found = []
    for contender, own in rounds.items():
        for quantity in dict.fromkeys(name for each in own for name in each):
            values = [each[quantity] for each in own if quantity in each]
            ratios = [
                each[quantity] / other[quantity]
                for each, other in zip(own, base, strict=False)
                if quantity in each and other.get(quantity)
            ]
            found.append(
                Figure(
                    contender=contender,
                    quantity=quantity,
                    median=median(values),
                    ratio=median(ratios) if ratios else None,
                    lowest=min(ratios) if ratios else None,
                    highest=max(ratios) if ratios else None,
                )
            )
    return found


def table(found: Sequence[Figure]) -> str:
    """For people."""
    lines = [f"{'':34} {'':22} {'median':>10} {'x RAW':>7}   lowest to highest"]
    for quantity in dict.fromkeys(each.quantity for each in found):
        for each in (one for one in found if one.quantity == quantity):
            ratio = "" if each.ratio is None else f"{each.ratio:7.2f}   {each.lowest:.2f} to {each.highest:.2f}"
            lines.append(f"{each.quantity:34} {each.contender:22} {each.median:10.2f} {ratio}".rstrip())
    return "\n".join(lines)
