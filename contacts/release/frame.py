"""The tidy frame of a release: one row a cell, nothing hidden in it. Everything that is rendered is made from it. Pure.

`status`: "" shown, "c" hidden (one sign for both kinds of hiding), "-" can only be nought, ":" not counted then.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

#: Columns of `data.csv`, in order.
COLUMNS: Final = (
    "release_id",
    "table",
    "unit",
    "period",
    "dim1",
    "code1",
    "dim2",
    "code2",
    "value",
    "status",
    "prev_value",
    "prev_status",
    "change",
)
#: Changes in per cent are told from this many people on, both years.
LEAST_FOR_SHARES: Final = 20


class Status(StrEnum):
    """Why a value is there, or not."""

    SHOWN = ""
    HIDDEN = "c"
    IMPOSSIBLE = "-"
    NOT_COUNTED = ":"


class Row(Struct, frozen=True, kw_only=True):
    """A cell of a table, with the same one of the half-year a year before. A margin has the code "" in its dimension.

    `value`, `prev_value`: None exactly when their status is not SHOWN. `change`: whole per cent, from published values.
    """

    table: str
    unit: str
    period: str
    dim1: str = ""
    code1: str = ""
    dim2: str = ""
    code2: str = ""
    value: int | None = None
    status: Status = Status.SHOWN
    prev_value: int | None = None
    prev_status: Status = Status.NOT_COUNTED
    change: int | None = None


class Frame(Struct, frozen=True, kw_only=True):
    """A release. `rows`: in the order of the catalogue; `services`: name -> number, about us (waits, consents)."""

    release_id: str
    period: str
    catalogue: int
    k: int
    rows: tuple[Row, ...]
    services: tuple[tuple[str, int | None], ...] = ()

    def table(self, table: str) -> list[Row]:
        """One table's rows, in order."""
        return [row for row in self.rows if row.table == table]

    @property
    def tables(self) -> list[str]:
        """Tables in order."""
        return list(dict.fromkeys(row.table for row in self.rows))


def change_of(value: int | None, before: int | None) -> int | None:
    """Whole per cent, rounded half away from nought; None unless both are shown and large enough."""
    if value is None or before is None or min(value, before) < LEAST_FOR_SHARES:
        return None
    twice = 200 * (value - before)
    return (abs(twice) + before) // (2 * before) * (1 if twice >= 0 else -1)


def share_of(value: int | None, base: int | None) -> int | None:
    """Whole per cent of a base; None unless both are shown and the base is large enough."""
    if value is None or base is None or base < LEAST_FOR_SHARES:
        return None
    return (200 * value + base) // (2 * base)


def record_of(release_id: str, row: Row) -> tuple[str, ...]:
    """A row as text, by `COLUMNS`."""
    said = {"release_id": release_id} | {name: getattr(row, name) for name in COLUMNS[1:]}
    return tuple("" if said[name] is None else str(said[name]) for name in COLUMNS)


def hidden(rows: Iterable[Row]) -> Sequence[Row]:
    """Those that are not shown for somebody's sake."""
    return [row for row in rows if row.status is Status.HIDDEN]
