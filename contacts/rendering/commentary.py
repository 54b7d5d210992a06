"""Whether the analyst's words name a number that the tables do not show. Pure.

A number is right when a cell of the section shows it, or its change, or a share of its total, or the difference to the year
before; years, dates and the period are no figures. Small numbers written in words are read too. What cannot be said for
certain is named: the analyst looks again.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from contacts.release.catalogue import Section
from contacts.release.frame import Frame, share_of
from contacts.rendering.review import Commentary, section_of

_NUMBER: Final = re.compile(
    r"(?<![\w.,])[+−-]?(?P<digits>\d{1,3}(?:[ .,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]\d{3})+|\d+)"
    r"(?P<part>[.,]\d+)?(?P<percent>\s*(?:%|prosen|procent|per cent|percent))?",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?|\b\d{1,2}[–-]\d{1,2}/\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Of one nothing is said: it is an article in two of the languages.
_WORDS: Final[Mapping[str, Mapping[str, int]]] = {
    "fi": {
        form: value
        for value, forms in {
            0: "nolla nollaa",
            2: "kaksi kahden kahta kahdelle kahdesta kaksikin",
            3: "kolme kolmen kolmea kolmelle kolmesta",
            4: "neljä neljän neljää neljälle neljästä",
            5: "viisi viiden viittä viidelle viidestä",
            6: "kuusi kuuden kuutta kuudelle kuudesta",
            7: "seitsemän seitsemää seitsemälle seitsemästä",
            8: "kahdeksan kahdeksaa kahdeksalle kahdeksasta",
            9: "yhdeksän yhdeksää yhdeksälle yhdeksästä",
            10: "kymmenen kymmentä kymmenelle kymmenestä",
        }.items()
        for form in forms.split()
    },
    "sv": dict(
        zip(("noll", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"), (0, *range(2, 11)), strict=True)
    ),
    "en": dict(
        zip(
            ("zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            (0, *range(2, 11)),
            strict=True,
        )
    ),
}


class Unshown(NamedTuple):
    """A number as it stands in a text, that no table of its section shows."""

    section: Section
    language: str
    text: str


def unshown_numbers(commentary: Commentary, frame: Frame) -> tuple[Unshown, ...]:
    """Every such number, in the order of the text. Nothing is released while there is one."""
    return tuple(
        Unshown(section, language, number)
        for section, texts in commentary.items()
        for language, text in texts.items()
        for number in numbers_unshown(text, frame, section, language)
    )


def numbers_unshown(text: str, frame: Frame, section: Section, language: str) -> list[str]:
    """Those of one text."""
    counts, shares = _told(frame, section)
    years = {int(frame.period[:4]), int(frame.period[:4]) - 1}
    return [
        said
        for said, value, percent in _numbers(text, language)
        if value not in (shares if percent else counts | years)
    ]


def _told(frame: Frame, section: Section) -> tuple[set[int | None], set[int | None]]:
    """Counts, and per cents, that a reader finds in the tables of a section, or gets from two figures that stand together."""
    rows = [row for row in frame.rows if section_of(row.table, frame) is section]
    counts: set[int | None] = {each for row in rows for each in (row.value, row.prev_value)}
    shares: set[int | None] = {abs(row.change) for row in rows if row.change is not None}
    totals = {(row.table, row.period): row for row in rows if not row.code1 and not row.code2}
    for row in rows:
        if row.value is not None and row.prev_value is not None:
            counts.add(abs(row.value - row.prev_value))
        total = totals.get((row.table, row.period))
        if total is not None:
            shares |= {share_of(row.value, total.value), share_of(row.prev_value, total.prev_value)}
    if section is Section.SERVICE:
        counts |= {value for _, value in frame.services}
    return counts - {None}, shares - {None}


def _numbers(text: str, language: str) -> Iterator[tuple[str, int | None, bool]]:
    """As written; its value (None: it has a fraction, and no table tells one); whether it is in per cent."""
    plain = _DATE.sub(lambda found: " " * len(found[0]), text)
    found: list[tuple[int, tuple[str, int | None, bool]]] = []
    for each in _NUMBER.finditer(plain):
        whole = int(re.sub(r"\D", "", each["digits"]))
        found.append((each.start(), (each[0].strip(), None if each["part"] else whole, bool(each["percent"]))))
    for each in _WORD.finditer(plain):
        value = _WORDS[language].get(each[0].lower())
        if value is not None:
            found.append((each.start(), (each[0], value, False)))
    yield from (number for _, number in sorted(found, key=lambda pair: pair[0]))
