"""Runs typst: the data of `contacts.rendering.booklet` as JSON on stdin, the PDF on stdout.

A4, tagged, PDF/UA-1 (ISO 14289-1); no author, no time, no name of a machine; the same data gives the same bytes.
"""

import sys
from pathlib import Path
from typing import Final

import typst

from contacts.forwarding.apart import talked

TEMPLATE: Final = Path(__file__).with_name("templates") / "review.typ"
CPU_SECONDS: Final = 60


def typeset(given: bytes) -> bytes:
    """The PDF. Raises when typst cannot, or when a letter has no glyph."""
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
