"""Whom to ring, and whom next. Pure.

A rung is everybody who is rung at once: those of the lowest tier who speak the wanted language; then, tier by tier, the
other speakers; then those who do not speak it, because a voice is better than none. People who are in a chat or on another
call come last of all. Nobody without a number that can be dialled, nobody twice, and nobody off shift: the candidates are those
on shift at this moment, asked anew for each rung.
"""

from collections.abc import Collection, Iterable

from msgspec import Struct

from storage.ids import StaffId

#: Seconds that a rung is rung, unless settings say otherwise.
RING_SECONDS = 25


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody on call at this moment whose number can be dialled. `tier`: 1 first; `busy`: in a chat or on a call."""

    staff: StaffId
    tier: int
    languages: frozenset[str]
    busy: bool = False


def next_rung(
    candidates: Iterable[Candidate], *, rung: Collection[StaffId] = (), language: str | None = None
) -> tuple[StaffId, ...]:
    """Whom to ring now; nobody when everybody was. `rung`: those rung before; `language` None: not chosen yet."""
    left = [one for one in candidates if one.staff not in rung]
    if not left:
        return ()
    first = min(_rank(one, language) for one in left)
    return tuple(sorted(one.staff for one in left if _rank(one, language) == first))


def speakers(candidates: Iterable[Candidate], language: str) -> frozenset[StaffId]:
    """Those who speak it."""
    return frozenset(one.staff for one in candidates if language in one.languages)


def _rank(one: Candidate, language: str | None) -> tuple[bool, bool, int]:
    return one.busy, language is not None and language not in one.languages, one.tier
