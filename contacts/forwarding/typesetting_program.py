"""Runs typst: a document as JSON on stdin, the PDF on stdout. See `contacts.forwarding.typesetting`.

Fonts are those inside the typst package, so that machines agree. A character that they lack is looked for among the fonts
of this machine; for one that nobody has a box is printed, and the document says so.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import msgspec
import typst

from contacts.forwarding.apart import talked
from contacts.forwarding.typesetting import Document, Section

TEMPLATES = Path(__file__).with_name("templates")
FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
BOX = "\N{WHITE SQUARE}"
CPU_SECONDS = 20

_LACKING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
#: Joiners shape words in several scripts; every other character of format shows nothing or turns a line around.
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NOBODYS = frozenset({"Cn", "Co"})
#: A word without an end is broken after so many letters instead of running off the page.
_LONG = re.compile(r"(\S{30})(?=\S)")
_ROUNDS = 4


def typeset(given: bytes) -> bytes:
    """The PDF of a document in JSON. Raises when typst cannot."""
    document = _everywhere(msgspec.json.decode(given, type=Document), visible)
    made = _set(document, system_fonts=False)
    for _ in range(_ROUNDS):
        if isinstance(made, bytes):
            return made
        made = _set(document, system_fonts=True)
        if isinstance(made, set):
            document = _boxed(document, made)
    raise ValueError("no document without unknown characters")


def visible(text: str) -> str:
    """The text without what cannot be seen or would turn a line around; never a word too long for the page."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join(_LONG.sub("\\1\u200b", "".join(_seen(character) for character in line)) for line in lines)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in _NOBODYS:
        return BOX
    return "" if category in _UNSEEN and character not in _JOINERS else character


def _set(document: Document, *, system_fonts: bool) -> bytes | set[str]:
    """The PDF, or the characters for which there is no glyph."""
    data = msgspec.to_builtins(document) | {"fonts": FONTS}
    compiler = typst.Compiler(
        (TEMPLATES / "document.typ").read_bytes(),
        root=TEMPLATES,
        ignore_system_fonts=not system_fonts,
        sys_inputs={"data": msgspec.json.encode(data).decode()},
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError as error:
        lacking = set("".join(_plain(text) for text in _LACKING.findall(error.diagnostic)))
        if not lacking:
            raise
        return lacking
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _boxed(document: Document, lacking: set[str]) -> Document:
    """The document with a box for each of these characters, and a line that says so."""
    boxes = str.maketrans(dict.fromkeys(lacking, BOX))
    document = _everywhere(document, lambda text: text.translate(boxes))
    if document.missing == "":
        return document
    note = Section(heading="", lead=document.missing)
    return msgspec.structs.replace(document, sections=(*document.sections, note), missing="")


def _everywhere(document: Document, change: Callable[[str], str]) -> Document:
    """The document with every string in it changed."""

    def changed(part: object) -> object:
        if isinstance(part, str):
            return change(part)
        if isinstance(part, dict):
            return {name: changed(value) for name, value in part.items()}
        return [changed(value) for value in part] if isinstance(part, list | tuple) else part

    return msgspec.convert(changed(msgspec.to_builtins(document)), type=Document)


def _plain(escaped: str) -> str:
    """What a debugging string of typst's stands for."""
    unescaped = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), escaped)
    return re.sub(r"\\(.)", r"\1", unescaped)


if __name__ == "__main__":
    sys.exit(talked(typeset, cpu_seconds=CPU_SECONDS))
