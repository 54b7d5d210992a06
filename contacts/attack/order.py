"""Whether the order of rows says something: codes must stand in the order of their list, never by how many. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from contacts.codes.catalogue import LISTS

#: These stand behind all others.
_LAST: Final = frozenset({"other", "not_known"})
_OWN: Final[Mapping[str, Sequence[str]]] = {
    "channel": ("chat", "phone", "form"),
    "answered": ("yes", "no"),
    "kind": ("adult", "minor_then", "child", "witness"),
    "weekday": tuple(map(str, range(1, 8))),
    "band": tuple(f"{start:02}_to_{start + 4:02}" for start in range(0, 24, 4)),
}


def out_of_order(dimension: str, codes: Sequence[str]) -> bool:
    """Whether these codes stand otherwise than in their list. A dimension that nobody knows: by the alphabet."""
    inner = [code for code in codes if code not in _LAST]
    if any(code in _LAST for code in codes[: len(inner)]):
        return True
    listed = _listed(dimension)
    if listed is None:
        return inner != sorted(inner)
    places = [listed.index(code) if code in listed else -1 for code in inner]
    return places != sorted(places) or -1 in places


def _listed(dimension: str) -> Sequence[str] | None:
    if dimension in _OWN:
        return _OWN[dimension]
    held = LISTS.get(dimension)
    return None if held is None else list(dict.fromkeys(code.group or code.name for code in held.codes))


def any_out_of_order(orders: Mapping[str, Iterable[Sequence[str]]]) -> bool:
    """Of all dimensions of a release."""
    return any(out_of_order(dimension, codes) for dimension, some in orders.items() for codes in some)
