"""Corrections folded into what they correct: facts with weights become facts that stand. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from contacts.statistics.fact import Fact, Unit

_Codes = tuple[tuple[str, tuple[str, ...]], ...]
_Content = tuple[str, str, _Codes, int]
_NO_WAIT = -1


def folded(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Every fact that stands, weight +1, in an order that says nothing.

    With weight -1: what was taken back of another half-year, because it was counted there and is not among these.
    First within each handle, then among equal contents: a correction whose handle was destroyed counts the same.
    """
    by_handle: Counter[tuple[str, _Content]] = Counter()
    for fact in facts:
        by_handle[fact.handle, _content(fact)] += fact.weight
    spare: Counter[_Content] = Counter()
    for (_, content), weight in by_handle.items():
        if weight < 0:
            spare[content] += weight
    for (handle, content), weight in sorted(by_handle.items()):
        left = max(weight, 0)
        taken = min(left, -spare[content])
        spare[content] += taken
        fact = _fact(content, handle)
        yield from (fact for _ in range(left - taken))
    for content, weight in sorted(spare.items()):
        yield from (replace(_fact(content, ""), weight=-1) for _ in range(-weight))


def _content(fact: Fact) -> _Content:
    return fact.unit.value, fact.month, tuple(sorted(fact.codes.items())), _NO_WAIT if fact.wait is None else fact.wait


def _fact(content: _Content, handle: str) -> Fact:
    unit, month, codes, wait = content
    return Fact(unit=Unit(unit), month=month, codes=dict(codes), wait=None if wait == _NO_WAIT else wait, handle=handle)
