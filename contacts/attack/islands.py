"""Unknown figures that no sum ties to each other are guessed apart: a small program for each island of them. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contacts.attack.published import Equation, Key, Published


class Island(NamedTuple):
    """Unknown figures, and all equations that name any of them."""

    unknown: tuple[Key, ...]
    equations: tuple[Equation, ...]


def islands(published: Published, equations: Iterable[Equation]) -> list[Island]:
    """Every hidden figure is on one of them, one that no equation names alone on its own."""
    tied: dict[Key, list[int]] = {key: [] for key, value in published.items() if value is None}
    rows: list[tuple[Equation, list[Key]]] = []
    for equation in equations:
        unknown = [key for key in equation if published.get(key) is None]
        for key in unknown:
            tied.setdefault(key, []).append(len(rows))
        rows.append((equation, unknown))
    seen: set[Key] = set()
    return [_reached(first, tied, rows, seen) for first in sorted(tied) if first not in seen]


def _reached(
    first: Key, tied: dict[Key, list[int]], rows: Sequence[tuple[Equation, list[Key]]], seen: set[Key]
) -> Island:
    seen.add(first)
    keys, used, waiting = [first], dict[int, None](), [first]
    while waiting:
        for number in tied[waiting.pop()]:
            if number in used:
                continue
            used[number] = None
            fresh = [key for key in rows[number][1] if key not in seen]
            seen.update(fresh)
            keys += fresh
            waiting += fresh
    return Island(tuple(sorted(keys)), tuple(rows[number][0] for number in sorted(used)))
