"""A document set as PDF, by typst, in a process of its own.

A4, tagged, PDF/UA-1 (ISO 14289-1) as long as every character has a glyph; no author, no time, no name of a machine; the
same document gives the same bytes. Strings are handed over as data: none of them is ever read as markup.
"""

import msgspec
from msgspec import Struct

from contacts.forwarding.apart import Apart

SECONDS = 10.0
PROGRAM = "contacts.forwarding.typesetting_program"


class Section(Struct, frozen=True, kw_only=True):
    """A heading and what stands below it: a quiet line, paragraphs, rows of two columns."""

    heading: str
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


class Document(Struct, frozen=True, kw_only=True):
    """Everything on the pages. `missing` is printed at the end when a character has no glyph on this machine."""

    language: str
    title: str
    service: str
    confidential: str
    footer: str
    missing: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


class Typesetter:
    """Two documents at a time."""

    def __init__(self) -> None:
        self._apart = Apart(module=PROGRAM, seconds=SECONDS, at_once=2)

    async def typeset(self, document: Document) -> bytes:
        """The PDF. Raises `contacts.forwarding.apart.Failed`."""
        return await self._apart.run(msgspec.json.encode(document))
