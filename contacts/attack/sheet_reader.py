"""Reads `review.*.xlsx` back: the XML inside, not what a program makes of it. Pure.

A sheet a table: caption, whose review, an empty row, headings, rows, notes below. A formula, a hidden sheet, row or column,
a comment, a drawing or a data cache: unreadable.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from contacts.attack.grids import Grid
from contacts.attack.page_reader import grid
from contacts.attack.reading import Unreadable

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/styles\.xml|xl/sharedStrings\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml"
)
_MOST_BYTES: Final = 64 * 2**20
_PLACE: Final = re.compile(r"([A-Z]+)(\d+)")
_NUMBERED: Final = re.compile(r"\d+\.[1-9]\d*")
_HEADINGS: Final = 4
"""The row in which headings begin, counted from one."""


def grids(octets: bytes) -> list[Grid]:
    """Every table of the catalogue."""
    parts = _parts(octets)
    return [
        _grid(_cells(sheet, _strings(parts)), _merged(sheet))
        for name, sheet in _sheets(parts)
        if _NUMBERED.fullmatch(name)
    ]


def services(octets: bytes) -> list[str]:
    """The numbers about the service, in order."""
    parts = _parts(octets)
    found: list[str] = []
    for name, sheet in _sheets(parts):
        if name.endswith(".0"):
            cells = _cells(sheet, _strings(parts))
            found += [cells[place].removesuffix(" s") for place in sorted(cells, key=_by_row) if place[1] == 1]
    return found


def _by_row(place: tuple[int, int]) -> tuple[int, int]:
    return place


def _parts(octets: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as book:
            if sum(each.file_size for each in book.infolist()) > _MOST_BYTES:
                raise Unreadable("A spreadsheet is too large.")
            parts = {each.filename: book.read(each) for each in book.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable("A spreadsheet is no spreadsheet.") from None
    if not all(_PARTS.fullmatch(name) for name in parts):
        raise Unreadable("A spreadsheet holds more than sheets.")
    return parts


def _xml(octets: bytes) -> ET.Element:
    if b"<!DOCTYPE" in octets or b"<!ENTITY" in octets:
        raise Unreadable("A spreadsheet holds definitions of its own.")
    try:
        return ET.fromstring(octets)  # noqa: S314 - no entities: refused above
    except ET.ParseError:
        raise Unreadable("A spreadsheet holds broken XML.") from None


def _sheets(parts: Mapping[str, bytes]) -> list[tuple[str, ET.Element]]:
    targets = {each.get("Id"): each.get("Target") for each in _xml(parts["xl/_rels/workbook.xml.rels"])}
    found: list[tuple[str, ET.Element]] = []
    for each in _xml(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        sheet = _xml(parts[f"xl/{targets[each.get(_RELATED)]}"])
        inside = {part.tag for part in sheet.iter()}
        hides = any(part.get("hidden") not in {None, "0"} for part in sheet.iter())
        if each.get("state") not in {None, "visible"} or hides or f"{_MAIN}f" in inside:
            raise Unreadable("A spreadsheet holds a formula, or hides something.")
        found.append((each.get("name") or "", sheet))
    return found


def _strings(parts: Mapping[str, bytes]) -> list[str]:
    return [
        "".join(text.text or "" for text in each.iter(f"{_MAIN}t"))
        for each in _xml(parts["xl/sharedStrings.xml"]).iter(f"{_MAIN}si")
    ]


def _cells(sheet: ET.Element, strings: Sequence[str]) -> dict[tuple[int, int], str]:
    """(row, column) -> text, both from nought; changes stand as fractions and become per cent."""
    found: dict[tuple[int, int], str] = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        value = cell.find(f"{_MAIN}v")
        if value is None or value.text is None:
            continue
        text = strings[int(value.text)] if cell.get("t") == "s" else value.text
        found[_place(cell.get("r") or "")] = text
    return found


def _place(name: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(name)
    if found is None:
        raise Unreadable("A cell of a spreadsheet has no place.")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _merged(sheet: ET.Element) -> dict[tuple[int, int], int]:
    """Where a merged cell begins -> how many columns it has."""
    spans: dict[tuple[int, int], int] = {}
    for each in sheet.iter(f"{_MAIN}mergeCell"):
        start, end = (_place(name) for name in (each.get("ref") or "").split(":"))
        spans[start] = end[1] - start[1] + 1
    return spans


def _grid(cells: Mapping[tuple[int, int], str], merged: Mapping[tuple[int, int], int]) -> Grid:
    first = _HEADINGS - 1
    grouped = (first, 0) not in cells
    top = first + 1 if grouped else first
    width = max((column for row, column in cells if row == top), default=0)
    head: list[list[tuple[str, int]]] = []
    if grouped:
        groups = [(cells[place], merged.get(place, 1)) for place in sorted(cells) if place[0] == first]
        head.append([(cells.get((top, 0), ""), 1), *groups])
        head.append([(cells[top, column], 1) for column in range(1, width + 1)])
    else:
        head.append([(cells[top, column], 1) for column in range(width + 1)])
    body: list[list[str]] = []
    row = top + 1
    while any((row, column) in cells for column in range(1, width + 1)):
        body.append([_text(cells, (row, column), _is_change(head, column)) for column in range(width + 1)])
        row += 1
    return grid(cells.get((0, 0), ""), head, body)


def _is_change(head: Sequence[Sequence[tuple[str, int]]], column: int) -> bool:
    heading = head[-1][column - 1 if len(head) == 2 else column][0] if column else ""
    return not heading.isdigit()


def _text(cells: Mapping[tuple[int, int], str], place: tuple[int, int], is_change: bool) -> str:  # noqa: FBT001
    text = cells.get(place, "")
    if not is_change or not text or place[1] == 0:
        return text
    return f"{round(float(text) * 100)}%"
