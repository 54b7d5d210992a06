"""Reads the tables and the charts of `review.*.html` back, as a browser shows them. Pure."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from contacts.attack.grids import Grid
from contacts.attack.reading import Unreadable

_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
#: A table outside the catalogue: numbers about the service.
_SERVICES: Final = "services"
_SECONDS: Final = " s"


def charts(octets: bytes) -> list[bytes]:
    """Every SVG of the page."""
    return [found.encode() for found in _SVG.findall(octets.decode())]


def grids(octets: bytes) -> list[Grid]:
    """Every table of the catalogue."""
    return [_grid(table) for table in _tables(octets) if table.id != _SERVICES]


def services(octets: bytes) -> list[str]:
    """The numbers about the service, in order."""
    return [
        row[-1][0].removesuffix(_SECONDS) for table in _tables(octets) if table.id == _SERVICES for row in table.body
    ]


class _Table:
    def __init__(self) -> None:
        self.id = ""
        self.caption = ""
        self.head: list[list[tuple[str, int]]] = []
        self.body: list[list[tuple[str, int]]] = []


def _tables(octets: bytes) -> list[_Table]:
    reader = _Reader()
    try:
        reader.feed(octets.decode())
    except UnicodeDecodeError:
        raise Unreadable("A page is not written in UTF-8.") from None
    reader.close()
    if reader.table is not None:
        raise Unreadable("A page ends within a table.")
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Table] = []
        self.table: _Table | None = None
        self._rows: list[list[tuple[str, int]]] = []
        self._text: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"script", "object", "embed", "iframe", "template"} or "hidden" in said:
            raise Unreadable("A page holds more than can be seen.")
        if tag == "table":
            self.table = _Table()
        elif self.table is None:
            return
        elif tag in {"thead", "tbody"}:
            self._rows = self.table.head if tag == "thead" else self.table.body
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td", "caption"}:
            self._text = []
            self._span = int(said.get("colspan") or 1)
            if tag == "caption":
                self.table.id = said.get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if self.table is None:
            return
        if tag == "table":
            self.found.append(self.table)
            self.table = None
        elif tag in {"th", "td", "caption"} and self._text is not None:
            text = "".join(self._text).strip()
            if tag == "caption":
                self.table.caption = text
            else:
                self._rows[-1].append((text, self._span))
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def _grid(table: _Table) -> Grid:
    return grid(table.caption, table.head, [[text for text, _ in row] for row in table.body])


def grid(caption: str, head: Sequence[Sequence[tuple[str, int]]], body: Sequence[Sequence[str]]) -> Grid:
    """One or two rows of headings; in two the corner spans both, and stands in the first."""
    if not head or not head[0] or len(head) > 2 or any(not row for row in body):
        raise Unreadable("A table has no headings.")
    corner = head[0][0][0]
    if len(head) == 1:
        headings = tuple(text for text, _ in head[0][1:])
        groups = ("",) * len(headings)
    else:
        headings = tuple(text for text, _ in head[1])
        groups = tuple(text for text, span in head[0][1:] for _ in range(span))
    if len(groups) != len(headings):
        raise Unreadable("The headings of a table do not fit each other.")
    return Grid(caption, corner, groups, headings, tuple((row[0], tuple(row[1:])) for row in body))
