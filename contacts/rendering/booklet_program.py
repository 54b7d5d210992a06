"""Runs typst: data of `contacts.rendering.booklet` for each language on stdin (a list in JSON), their PDFs on stdout.

A4, tagged, PDF/UA-1 (ISO 14289-1); no author, no time, no name of a machine; the same data gives the same bytes. All
languages in one process, two at once: typst lets go of Python's lock, and starting costs a third of setting one.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec
import typst

from contacts.forwarding.apart import talked

TEMPLATE: Final = Path(__file__).with_name("templates") / "review.typ"
CPU_SECONDS: Final = 60
_AT_ONCE: Final = 2


def typeset(given: bytes) -> bytes:
    """A list of data in, a list of PDFs out, in the same order."""
    texts = msgspec.json.decode(given, type=list[msgspec.Raw])
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return msgspec.msgpack.encode(list(threads.map(lambda text: pdf(bytes(text)), texts)))


def pdf(given: bytes) -> bytes:
    """One PDF. Raises when typst cannot, or when a letter has no glyph."""
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        sys_inputs={"data": given.decode()},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


if __name__ == "__main__":
    sys.exit(talked(typeset, cpu_seconds=CPU_SECONDS))
