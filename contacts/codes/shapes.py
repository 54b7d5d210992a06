"""What a code list is made of. Pure.

A code is never deleted: it is retired (`until`), so that a record of an older version stays readable.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

LANGUAGES: Final = ("fi", "sv", "en")
"""Languages every label is written in."""

NOT_ASKED: Final = "not_asked"
NOT_KNOWN: Final = "not_known"


class Code(Struct, frozen=True, kw_only=True):
    """One code of a list.

    `labels` by language; empty for countries, whose names come from CLDR. `group`: the code it is published together
    with. `since`, `until`: versions of the lists in which it may be chosen, both inclusive. `counselling`: of outcomes,
    whether somebody was helped.
    """

    name: str
    labels: Mapping[str, str]
    group: str | None = None
    since: int = 1
    until: int | None = None
    counselling: bool = True

    def is_offered(self, version: int) -> bool:
        """Whether it may be chosen in this version of the lists."""
        return self.since <= version and (self.until is None or version <= self.until)


NEITHER: Final = (
    Code(name=NOT_ASKED, labels={"fi": "Ei kysytty", "sv": "Inte frågat", "en": "Not asked"}),
    Code(name=NOT_KNOWN, labels={"fi": "Ei tiedossa", "sv": "Inte känt", "en": "Not known"}),
)
"""Stand at the end of every list; "not asked" is what a field holds as long as nobody chose."""


class CodeList(Struct, frozen=True):
    """Codes in the order they are shown."""

    name: str
    codes: tuple[Code, ...]

    def code(self, name: str) -> Code | None:
        """The code of this name, retired or not."""
        return next((code for code in self.codes if code.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all codes, in order."""
        return tuple(code.name for code in self.codes)


class Field(Struct, frozen=True, kw_only=True):
    """A field of the record. `level`: 1 basics, 2 indicators; `many`: several codes may stand in it."""

    name: str
    list: str
    level: int
    labels: Mapping[str, str]
    many: bool = False


def listed(name: str, *rows: tuple[str, str, str, str] | Code) -> CodeList:
    """A list from rows of (code, fi, sv, en), with the two codes that every list has."""
    return CodeList(name, (*(row if isinstance(row, Code) else coded(*row) for row in rows), *NEITHER))


def coded(
    name: str,
    fi: str,
    sv: str,
    en: str,
    *,
    group: str | None = None,
    until: int | None = None,
    since: int = 1,
    counselling: bool = True,
) -> Code:
    """One code with its labels."""
    labels = {"fi": fi, "sv": sv, "en": en}
    return Code(name=name, labels=labels, group=group, since=since, until=until, counselling=counselling)
