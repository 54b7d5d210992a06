"""Lines that stand: what was taken back is taken from somebody, so that no count is below nought and all sums hold. Pure.

A correction told in a later half-year takes one away there (weight -1) and adds another. Where the one it takes away was
counted earlier, the nearest line gives way instead. In the same way a leaver takes away the client nearest to what is
told of them: so stocks, who came and who went agree cell by cell, whatever was corrected in between.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from contacts.release.catalogue import Counted
from contacts.release.tally import Line, Tally

_Key = tuple[tuple[str, ...], bool]


def standing(lines: Iterable[Line]) -> dict[_Key, int]:
    """Nothing below nought; the same number in all, or nought if there is less to give than to take."""
    pool: Counter[_Key] = Counter()
    for codes, repeat, count in lines:
        pool[codes, repeat] += count
    takers = sorted(key for key, count in pool.items() if count < 0)
    owed = [(key, -pool.pop(key)) for key in takers]
    for key, count in owed:
        _take(pool, key, count)
    return {key: count for key, count in pool.items() if count}


class Stocks(Struct, frozen=True):
    """`stock`: by half-year, at its end. `left`: who went in it, as they are known in the stock."""

    stock: Mapping[str, dict[_Key, int]]
    left: Mapping[str, dict[_Key, int]]


def stocks(tallies: Sequence[Tally]) -> Stocks:
    """Stocks at the end of each half-year. `tallies`: every half-year there is, oldest first."""
    pool: Counter[_Key] = Counter()
    stock: dict[str, dict[_Key, int]] = {}
    left: dict[str, dict[_Key, int]] = {}
    for tally in tallies:
        pool.update(standing(tally.lines.get(Counted.CLIENTS, ())))
        gone: Counter[_Key] = Counter()
        for key, count in sorted(standing(tally.lines.get(Counted.LEAVERS, ())).items()):
            gone.update(_take(pool, key, count))
        stock[tally.period] = {key: count for key, count in pool.items() if count}
        left[tally.period] = dict(gone)
    return Stocks(stock, left)


def _take(pool: Counter[_Key], wanted: _Key, count: int) -> Counter[_Key]:
    """Take so many of those most like `wanted`; who was taken: fewer when there are not so many."""
    taken: Counter[_Key] = Counter()
    while count and (there := [key for key, held in pool.items() if held > 0]):
        nearest = min(there, key=lambda key: (key != wanted, _distance(key, wanted), key))
        number = min(count, pool[nearest])
        pool[nearest] -= number
        taken[nearest] += number
        count -= number
    return taken


def _distance(one: _Key, other: _Key) -> int:
    return sum(mine != theirs for mine, theirs in zip(one[0], other[0], strict=True)) + (one[1] != other[1])
