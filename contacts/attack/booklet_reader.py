"""Reads the tables of `review.*.pdf` back, by the tags that a screen reader follows. pypdf opens the objects.

Letters come from each font's own map to Unicode. A document without tags, or with anything that could hide or run
something, is unreadable.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from contacts.attack.grids import Grid
from contacts.attack.page_reader import grid
from contacts.attack.reading import Unreadable

_NUMBERED: Final = re.compile(r"\d+\.\d+\s+(.*)")
_FORBIDDEN: Final = ("/JavaScript", "/EmbeddedFiles", "/AcroForm", "/OpenAction", "/AA")
_PAIR: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_CHARS: Final = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES: Final = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)

_TOKEN: Final = re.compile(
    rb"(?P<open>/\w+\s*(?:<<(?:\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>|[^<>(])*>>|/\w+)\s*BDC|/\w+\s+BMC)|(?P<close>\bEMC\b)|/(?P<font>\w+)\s+[\d.]+\s+Tf"
    rb"|<(?P<hex>[0-9A-Fa-f]+)>|(?P<literal>\()",
    re.DOTALL,
)
_MARK: Final = re.compile(rb"/MCID\s+(\d+)")
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

#: (page, number of marked content) -> text.
Texts = Mapping[tuple[int, int], str]
Row = list[tuple[str, int]]


class Booklet:
    """A document that was opened. Raises `Unreadable`."""

    def __init__(self, octets: bytes) -> None:
        from pypdf import PdfReader  # noqa: PLC0415 - heavy, and needed only for documents
        from pypdf.errors import PyPdfError  # noqa: PLC0415

        try:
            reader = PdfReader(io.BytesIO(octets), strict=True)
            root: Any = reader.trailer["/Root"]
            names = root.get("/Names", {}).get_object() if "/Names" in root else {}
            if any(each in root or each in names for each in _FORBIDDEN) or "/StructTreeRoot" not in root:
                raise Unreadable("A document has no tags, or holds more than pages.")
            pages = {id_of(page): place for place, page in enumerate(reader.pages)}
            texts = {
                (place, number): text
                for place, page in enumerate(reader.pages)
                for number, text in _marked(page).items()
            }
            self._tables = list(_tables(root["/StructTreeRoot"], pages, texts))
        except (PyPdfError, KeyError, ValueError, IndexError, AttributeError, TypeError):
            raise Unreadable("A document is not understood.") from None

    def grids(self) -> list[Grid]:
        """Every table of the catalogue."""
        found: list[Grid] = []
        for heading, head, body in self._tables:
            numbered = _NUMBERED.fullmatch(heading)
            if numbered is not None:
                found.append(grid(numbered[1], head, [[text for text, _ in row] for row in body]))
        return found

    def services(self) -> list[str]:
        """The numbers about the service, in order: the last table without a number."""
        plain = [body for heading, head, body in self._tables if not _NUMBERED.fullmatch(heading)]
        return [row[-1][0].removesuffix(" s") for row in plain[-1]] if len(plain) > 1 else []


def id_of(page: Any) -> int:
    """The number of a page's object."""
    return int(page.indirect_reference.idnum)


def _tables(tree: Any, pages: Mapping[int, int], texts: Texts) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """(heading above it, rows of headings, rows) of each table, in the order of reading."""
    heading = ""
    for element in _elements(tree):
        kind = element.get("/S")
        if kind in {"/H1", "/H2", "/H3"}:
            heading = _text(element, pages, texts)
        elif kind == "/Table":
            rows = [each for each in _elements(element) if each.get("/S") == "/TR"]
            cells = [[part for part in _elements(row) if part.get("/S") in {"/TH", "/TD"}] for row in rows]
            read = [[(_text(cell, pages, texts), _span(cell)) for cell in row] for row in cells]
            head = [
                told for told, row in zip(read, cells, strict=True) if row and all(c.get("/S") == "/TH" for c in row)
            ]
            yield heading, head, read[len(head) :]


def _elements(element: Any) -> Iterator[Any]:
    """All structure elements below it, in order; not below tables and their rows, which are asked for themselves."""
    for child in _children(element):
        if not isinstance(child, int) and child.get("/S") is not None:
            yield child
            if child.get("/S") not in {"/Table", "/TR"}:
                yield from _elements(child)


def _children(element: Any) -> Sequence[Any]:
    held = element.get("/K", [])
    held = held.get_object() if hasattr(held, "get_object") else held
    return [
        each.get_object() if hasattr(each, "get_object") else each
        for each in (held if isinstance(held, list) else [held])
    ]


def _span(cell: Any) -> int:
    attributes = cell.get("/A", [])
    attributes = attributes.get_object() if hasattr(attributes, "get_object") else attributes
    for each in attributes if isinstance(attributes, list) else [attributes]:
        held = each.get_object()
        if "/ColSpan" in held:
            return int(held["/ColSpan"])
    return 1


def _text(element: Any, pages: Mapping[int, int], texts: Texts, page: int | None = None) -> str:
    page = pages[element.raw_get("/Pg").idnum] if "/Pg" in element else page
    parts: list[str] = []
    for child in _children(element):
        if isinstance(child, int):
            parts.append(texts.get((page, int(child)), "") if page is not None else "")
        elif child.get("/Type") == "/MCR":
            at = pages[child.raw_get("/Pg").idnum] if "/Pg" in child else page
            parts.append(texts.get((at, int(child["/MCID"])), "") if at is not None else "")
        elif child.get("/S") is not None:
            parts.append(_text(child, pages, texts, page))
    return " ".join("".join(parts).split(" ")).strip()


def _marked(page: Any) -> dict[int, str]:
    """Number of marked content -> its letters."""
    fonts = {
        name[1:].encode(): _letters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()
    }
    content: bytes = page["/Contents"].get_object().get_data()
    found: dict[int, list[str]] = {}
    marks: list[int | None] = []
    font: Mapping[bytes, str] = {}
    at = 0
    while token := _TOKEN.search(content, at):
        at = token.end()
        if token["open"]:
            number = _MARK.search(token["open"])
            marks.append(None if number is None else int(number[1]))
        elif token["close"]:
            marks.pop()
        elif token["font"]:
            font = fonts[token["font"]]
        else:
            if token["hex"]:
                glyphs = bytes.fromhex(token["hex"].decode())
            else:
                glyphs, at = _literal(content, at)
            number_now = next((each for each in reversed(marks) if each is not None), None)
            if number_now is not None:
                put = "".join(font[glyphs[place : place + 2]] for place in range(0, len(glyphs), 2))
                found.setdefault(number_now, []).append(put)
    if marks:
        raise ValueError("marks that do not end")
    return {number: "".join(parts) for number, parts in found.items()}


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """A string in brackets, which may hold balanced brackets; and where it ends (ISO 32000-1, 7.3.4.2)."""
    depth, at = 1, start
    while depth:
        letter = content[at]
        if letter == ord("\\"):
            at += 1
        else:
            depth += {ord("("): 1, ord(")"): -1}.get(letter, 0)
        at += 1
    return _ESCAPED.sub(_plain, content[start : at - 1]), at


def _plain(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1].isdigit() else _ESCAPES.get(found[1], found[1])


def _letters(font: Any) -> dict[bytes, str]:
    """Glyph -> letters, from /ToUnicode."""
    told: bytes = font["/ToUnicode"].get_object().get_data()
    found: dict[bytes, str] = {}
    for part in _CHARS.findall(told):
        for glyph, text in _PAIR.findall(part):
            found[bytes.fromhex(glyph.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for part in _RANGES.findall(told):
        for first, last, text in _RANGE.findall(part):
            start = bytes.fromhex(text.decode()).decode("utf-16-be")
            for step in range(int(last, 16) - int(first, 16) + 1):
                glyph = (int(first, 16) + step).to_bytes(2, "big")
                found[glyph] = start[:-1] + chr(ord(start[-1]) + step)
    return found
