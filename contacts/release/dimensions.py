"""What a fact says in one dimension of a table: one code, always. Pure.

"Not asked" and "not known" are one category, unknown. Several outcomes count as the first of the list; a client is a
child, somebody who was a minor then, a witness, or an adult victim.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from contacts.codes.catalogue import LISTS, list_of
from contacts.codes.shapes import NOT_ASKED, NOT_KNOWN
from contacts.release.merging import OTHER

UNKNOWN: Final = NOT_KNOWN
NO: Final = "no"
YES: Final = "yes"

Codes = Mapping[str, Sequence[str]]


class Dimension(Struct, frozen=True, kw_only=True):
    """`codes`: in the order of tables, unknown last. `merged`: small ones go into Other. `of`: a fact's code."""

    name: str
    codes: tuple[str, ...]
    of: Callable[[Codes], str]
    merged: bool = False
    sensitive: bool = False


def _listed(field: str, name: str | None = None, *, merged: bool = False, sensitive: bool = False) -> Dimension:
    """A field of the record, in the groups its codes are published in."""
    groups = {code.name: code.group or code.name for code in list_of(field).codes}
    groups |= {NOT_ASKED: UNKNOWN, NOT_KNOWN: UNKNOWN}
    order = tuple(dict.fromkeys(groups.values()))
    rank = {code: place for place, code in enumerate(groups)}

    def of(codes: Codes) -> str:
        said = codes.get(field) or (NOT_KNOWN,)
        return groups.get(min(said, key=lambda code: rank.get(code, len(rank))), UNKNOWN)

    return Dimension(
        name=name or field, codes=_with_unknown_last(order, merged=merged), of=of, merged=merged, sensitive=sensitive
    )


def _with_unknown_last(codes: Sequence[str], *, merged: bool) -> tuple[str, ...]:
    kept = [code for code in codes if code not in {UNKNOWN, OTHER}]
    other = [OTHER] if merged or OTHER in codes else []
    return (*kept, *other, UNKNOWN)


def _kind(codes: Codes) -> str:
    if codes.get("decision") == ("admitted_witness",):
        return "witness"
    if codes.get("decision") == ("admitted_child",) or tuple(codes.get("minor_when_admitted", ())) == (YES,):
        return "child"
    return "minor_then" if tuple(codes.get("minor_when_exploited", ())) == (YES,) else "adult"


def _plain(field: str, *codes: str, merged: bool = False) -> Dimension:
    """A field whose codes the house sets itself: it is never unknown."""
    more = (OTHER,) if merged else ()
    return Dimension(name=field, codes=(*codes, *more), of=lambda said: said[field][0], merged=merged)


KINDS: Final = ("adult", "minor_then", "child", "witness")
DECISIONS: Final = tuple(name for name in LISTS["decision"].names if name not in {NOT_ASKED, NOT_KNOWN, "ended"})

CHANNEL: Final = _plain("channel", "chat", "phone", "form")
ANSWERED: Final = _plain("answered", YES, NO)
WEEKDAY: Final = _plain("weekday", *map(str, range(1, 8)))
BAND: Final = _plain("band", *(f"{start:02}_to_{start + 4:02}" for start in range(0, 24, 4)), merged=True)
WHO: Final = _listed("who", merged=True)
TOPIC: Final = _listed("topic", merged=True)
OUTCOME: Final = _listed("outcome", merged=True)
PARTY: Final = _listed("party", merged=True)
DECISION: Final = Dimension(name="decision", codes=DECISIONS, of=lambda said: said["decision"][0])
KIND: Final = Dimension(name="kind", codes=KINDS, of=_kind)
GENDER: Final = _listed("gender")
AGE: Final = _listed("age")
NATIONALITY: Final = _listed("nationality", merged=True)
PLACE: Final = _listed("place")
FORM: Final = _listed("form", sensitive=True)
RESIDENCE: Final = _listed("residence_then", "residence", sensitive=True)


def language(codes: Sequence[str]) -> Dimension:
    """The languages of the visitors, as many as were met: a dimension whose codes the facts themselves bring."""
    known = tuple(sorted(set(codes) - {OTHER}))
    return Dimension(
        name="language", codes=(*known, OTHER), of=lambda said: (said.get("language") or (OTHER,))[0], merged=True
    )
