"""Small categories go into Other, once for a whole year, so that no two tables merge differently.

Never the forms of exploitation: those are hidden cell by cell, not swallowed (statistics.md).
"""

from collections.abc import Mapping, Sequence

OTHER = "other"


def kept_codes(
    people: Mapping[str, Mapping[str, int]], codes: Sequence[str], *, k: int, always: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The codes that stand by themselves, in their order, then Other: these stay for later periods, where others come.

    `people`: period -> code -> different persons. A code stays when it has k people in each period; then, while Other has
    fewer than k in any period, the smallest that stayed goes too. `always`: codes that are never merged.
    """
    kept = [code for code in codes if code != OTHER and (code in always or _least(people, code) >= k)]
    while _too_few(people, codes, kept, k) and (movable := [code for code in kept if code not in always]):
        kept.remove(min(movable, key=lambda code: (sum(each.get(code, 0) for each in people.values()), code)))
    return (*kept, OTHER)


def _least(people: Mapping[str, Mapping[str, int]], code: str) -> int:
    return min((each.get(code, 0) for each in people.values()), default=0)


def _too_few(people: Mapping[str, Mapping[str, int]], codes: Sequence[str], kept: Sequence[str], k: int) -> bool:
    return any(count < k for count in _rest(people, codes, kept))


def _rest(people: Mapping[str, Mapping[str, int]], codes: Sequence[str], kept: Sequence[str]) -> list[int]:
    return [sum(each.get(code, 0) for code in {*codes, OTHER} if code not in kept) for each in people.values()]
