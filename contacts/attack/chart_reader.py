"""Reads charts back: the words, the numbers, and how long the bars are. Pure.

A bar must be as long as the number beside it asks for, and there may be none without a number: the length of a bar is a
figure like any other.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from contacts.attack.grids import Legend
from contacts.attack.published import Key
from contacts.attack.reading import HIDDEN, Place, Said, Unreadable, said, year_before

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ALLOWED: Final = frozenset(f"{_SVG}{name}" for name in ("svg", "title", "desc", "g", "path", "text"))
_BAR: Final = re.compile(r"M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)Z")
_MOVED: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
#: A bar may be off by this many pixels: two decimals are written.
_TOLERANCE: Final = 0.011


def read(octets: bytes, legend: Legend) -> dict[Place, Said]:
    """The cells that a chart shows."""
    drawn = _xml(octets)
    if any(each.tag not in _ALLOWED for each in drawn.iter()):
        raise Unreadable("A chart holds more than bars and words.")
    title = (drawn.findtext(f"{_SVG}title") or "").partition(": ")[2]
    table = legend.titles.get(title)
    if table is None:
        raise Unreadable("A chart has a title that the release does not explain.")
    texts = sorted((*_at(each), each.text or "") for each in drawn.iter(f"{_SVG}text"))
    by_height = sorted(texts, key=lambda text: (text[1], text[0]))
    legend_texts, rows = by_height[:2], by_height[2:]
    if len(rows) % 3 or len(legend_texts) < 2:
        raise Unreadable("A chart has a row without its two numbers.")
    bars = _bars(drawn)
    found: dict[Place, Said] = {}
    dimension = _dimension([rows[at][2] for at in range(0, len(rows), 3)], table, legend)
    shape = legend.shapes[table]
    lengths: list[tuple[int, float]] = []
    for at in range(0, len(rows), 3):
        code = legend.labels[dimension][rows[at][2]]
        for period, (_, height, text) in zip(
            (shape.periods[0], year_before(shape.periods[0])), rows[at + 1 : at + 3], strict=True
        ):
            value = said(text)
            found[Place(table, Key(shape.unit, period, ((dimension, code),)))] = value
            beside = [bar for bar in bars if bar[0] <= height <= bar[0] + bar[1]]
            bars = [bar for bar in bars if bar not in beside]
            if len(beside) != (1 if isinstance(value, int) and value else 0):
                raise Unreadable(
                    "A chart has a bar for a figure that is hidden." if value == HIDDEN else "A bar is missing."
                )
            lengths += [(value, bar[2]) for bar in beside if isinstance(value, int)]
    _measured(lengths)
    if bars:
        raise Unreadable("A chart has a bar that belongs to no figure.")
    return found


def _measured(lengths: list[tuple[int, float]]) -> None:
    if not lengths:
        return
    most, longest = max(lengths)
    if any(abs(length - value * longest / most) > _TOLERANCE for value, length in lengths):
        raise Unreadable("A bar is longer or shorter than its number.")


def _bars(drawn: ET.Element) -> list[tuple[float, float, float]]:
    """(top, thickness, length) of each; without the two squares of the legend."""
    found: list[tuple[float, float, float]] = []
    for each in drawn.iter(f"{_SVG}path"):
        shape = _BAR.fullmatch(each.get("d") or "")
        if shape is None or shape[3] != shape[5]:
            raise Unreadable("A chart holds a shape that is no bar.")
        found.append((float(shape[2]), float(shape[4]), float(shape[3])))
    return found[2:]


def _dimension(labels: list[str], table: str, legend: Legend) -> str:
    fitting = [
        dimension
        for dimension in legend.shapes[table].dimensions
        if all(label in legend.labels.get(dimension, {}) for label in labels)
    ]
    if len(fitting) != 1:
        raise Unreadable("A chart does not say what its rows are.")
    return fitting[0]


def _at(text: ET.Element) -> tuple[float, float]:
    found = _MOVED.fullmatch(text.get("transform") or "")
    if found is None:
        raise Unreadable("A chart has words without a place.")
    return float(found[1]), float(found[2])


def _xml(octets: bytes) -> ET.Element:
    if b"<!" in octets:
        raise Unreadable("A chart holds definitions of its own.")
    try:
        return ET.fromstring(octets)  # noqa: S314 - no entities: refused above
    except ET.ParseError:
        raise Unreadable("A chart holds broken XML.") from None


__all__ = ["Mapping", "read"]
