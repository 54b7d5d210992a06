"""What released files say, cell by cell, before anything is computed. Every reader gives the same shape. Pure.

A reader that does not understand a file says so (`Unreadable`): what nobody can read back, nobody has checked.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from contacts.attack.published import Key


class Unreadable(Exception):
    """A file that is not understood. The text is a plain sentence about the file, with nothing out of it but names."""


class Place(NamedTuple):
    """A cell where it stands: a table, and which cell."""

    table: str
    key: Key


#: A number, or the sign that stands in its place.
Said = int | str
HIDDEN: Final = "c"
IMPOSSIBLE: Final = "-"
NOT_COUNTED: Final = ":"
SIGNS: Final = frozenset({HIDDEN, IMPOSSIBLE, NOT_COUNTED})
Cells = Mapping[Place, Said]
#: Changes in whole per cent: of the later cell, from the same one a year before.
Changes = Mapping[Place, int]


class Reading(NamedTuple):
    """One file."""

    cells: Cells
    changes: Changes


_NUMBER: Final = re.compile(r"\d{1,3}(?:[, \u00a0\u202f]\d{3})*|\d+")
_CHANGE: Final = re.compile(r"([+\u2212-]?)(\d[\d, \u00a0\u202f]*?)[ \u00a0\u202f]?%")


def said(text: str) -> Said:
    """A cell as people read it. Raises `Unreadable`."""
    text = text.strip()
    if text in SIGNS:
        return text
    if _NUMBER.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    raise Unreadable("A cell of a table holds neither a number nor a known sign.")


def change(text: str) -> int | None:
    """A change as people read it; None: not told."""
    text = text.strip()
    if not text:
        return None
    found = _CHANGE.fullmatch(text)
    if found is None:
        raise Unreadable("A change is not in whole per cent.")
    return int(re.sub(r"\D", "", found[2])) * (-1 if found[1] in {"-", "\u2212"} else 1)


def year_before(period: str) -> str:
    """The same period a year earlier."""
    return f"{int(period[:4]) - 1}{period[4:]}"
