"""Reads `data.csv`, `codes.csv` and `data.json` back. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from contacts.attack.grids import Legend, Shape
from contacts.attack.published import Key
from contacts.attack.reading import HIDDEN, IMPOSSIBLE, NOT_COUNTED, Place, Reading, Said, Unreadable, year_before

_COLUMNS: Final = [
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
]
_LANGUAGES: Final = ("fi", "sv", "en")


class Data(NamedTuple):
    """A release as machines read it. `order`: dimension -> its codes as they stand; `k`: as declared."""

    release_id: str
    k: int
    reading: Reading
    shapes: Mapping[str, Shape]
    order: Mapping[str, tuple[tuple[str, ...], ...]]


def from_csv(octets: bytes) -> tuple[str, Reading, dict[str, Shape], dict[str, tuple[tuple[str, ...], ...]]]:
    """Release id, cells, shapes of tables, and the orders in which codes stand."""
    rows = list(csv.reader(io.StringIO(_text(octets)), strict=True))
    if not rows or rows[0] != _COLUMNS or any(len(row) != len(_COLUMNS) for row in rows):
        raise Unreadable("data.csv does not have the columns of a release.")
    told = [dict(zip(_COLUMNS, row, strict=True)) for row in rows[1:]]
    ids = {row["release_id"] for row in told}
    if len(ids) != 1:
        raise Unreadable("data.csv is not of one release.")
    entries = [
        (
            row["table"],
            Key(row["unit"], row["period"], _codes((row["dim1"], row["code1"]), (row["dim2"], row["code2"]))),
            tuple(each for each in (row["dim1"], row["dim2"]) if each),
            (row["value"], row["status"]),
            (row["prev_value"], row["prev_status"]),
            row["change"],
        )
        for row in told
    ]
    return ids.pop(), *_read(entries)


def from_json(octets: bytes) -> tuple[str, Reading, dict[str, Shape], dict[str, tuple[tuple[str, ...], ...]]]:
    """The same from `data.json`."""
    whole = parsed(octets)
    try:
        entries = [
            (
                table["id"],
                Key(table["unit"], row["period"], tuple(sorted(row["codes"].items()))),
                tuple(table["dimensions"]),
                (_plain(row["value"]), row["status"]),
                (_plain(row["prev_value"]), row["prev_status"]),
                _plain(row["change"]),
            )
            for table in whole["tables"]
            for row in table["rows"]
        ]
        return whole["release"]["id"], *_read(entries)
    except (KeyError, TypeError, AttributeError):
        raise Unreadable("data.json is not in the form of a release.") from None


def parsed(octets: bytes) -> Any:
    """JSON, or `Unreadable`."""
    try:
        return json.loads(_text(octets))
    except ValueError:
        raise Unreadable("data.json is no JSON.") from None


def legends(octets: bytes, shapes: Mapping[str, Shape]) -> dict[str, Legend]:
    """By language, from `data.json`. Two codes of a dimension with one label: unreadable."""
    whole = parsed(octets)
    found: dict[str, Legend] = {}
    try:
        for language in _LANGUAGES:
            labels = {
                dimension: _turned({code: words[language] for code, words in told["codes"].items()})
                for dimension, told in whole["labels"].items()
            }
            found[language] = Legend(
                titles=_turned({table["id"]: table["title"][language] for table in whole["tables"]}),
                shapes=shapes,
                labels=labels,
                names={dimension: told["name"][language] for dimension, told in whole["labels"].items()},
            )
    except (KeyError, TypeError, AttributeError):
        raise Unreadable("data.json does not explain its words.") from None
    return found


def _turned(words: Mapping[str, str]) -> dict[str, str]:
    turned = {label: code for code, label in words.items()}
    if len(turned) != len(words):
        raise Unreadable("Two things have the same words.")
    return turned


Entry = tuple[str, Key, tuple[str, ...], tuple[str, str], tuple[str, str], str]


def _read(entries: Iterable[Entry]) -> tuple[Reading, dict[str, Shape], dict[str, tuple[tuple[str, ...], ...]]]:
    cells: dict[Place, Said] = {}
    changes: dict[Place, int] = {}
    periods: dict[str, dict[str, None]] = {}
    units: dict[str, tuple[str, tuple[str, ...]]] = {}
    orders: dict[tuple[str, str, str], dict[str, None]] = {}
    for table, key, dimensions, now, before, change in entries:
        for each, cell in ((key, now), (key._replace(period=year_before(key.period)), before)):
            if Place(table, each) in cells:
                raise Unreadable("A cell stands in the data twice.")
            cells[Place(table, each)] = _said(*cell)
        if change:
            changes[Place(table, key)] = _whole(change)
        periods.setdefault(table, {})[key.period] = None
        if units.setdefault(table, (key.unit, dimensions)) != (key.unit, dimensions):
            raise Unreadable("A table counts more than one thing.")
        for dimension, code in key.codes:
            orders.setdefault((table, key.period, dimension), {})[code] = None
    shapes = {table: Shape(units[table][0], tuple(periods[table]), units[table][1]) for table in units}
    order: dict[str, tuple[tuple[str, ...], ...]] = {}
    for (_, _, dimension), codes in orders.items():
        order[dimension] = (*order.get(dimension, ()), tuple(codes))
    return Reading(cells, changes), shapes, order


def _codes(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((dimension, code) for dimension, code in pairs if code))


def _said(value: str, status: str) -> Said:
    if status == "" and value:
        return _whole(value)
    if status in {HIDDEN, IMPOSSIBLE, NOT_COUNTED} and not value:
        return status
    raise Unreadable("A value and its status do not agree.")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Unreadable("The data hold something else than whole numbers.") from None


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable("The data hold something else than whole numbers.")
    return str(value)


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise Unreadable("A file is not written in UTF-8.") from None
