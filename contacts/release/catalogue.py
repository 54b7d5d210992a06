"""The tables of the review, in its order. There are no others: no filter, no free date, no third dimension. Pure.

Never: nationality by anything but the period, language by time, figures of one operator (statistics.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contacts.release.cells import Flow, Same
from contacts.release.dimensions import (
    AGE,
    ANSWERED,
    BAND,
    CHANNEL,
    DECISION,
    FORM,
    GENDER,
    KIND,
    NATIONALITY,
    OUTCOME,
    PARTY,
    PLACE,
    RESIDENCE,
    TOPIC,
    WEEKDAY,
    WHO,
    Dimension,
    language,
)

VERSION: Final = 1


class Counted(StrEnum):
    """Units of count. They are never mixed in a table."""

    SERVICE = "service"
    CONTACTS = "contacts"
    PROPOSALS = "proposals"
    DECISIONS = "decisions"
    CLIENTS = "clients"
    STOCK = "stock"
    LEAVERS = "leavers"
    """Clients whose support ended: never published, but a reader knows that they exist."""


class Section(StrEnum):
    """Chapters of the review."""

    PROPOSALS = "proposals"
    DECISIONS = "decisions"
    CLIENTS = "clients"
    STOCK = "stock"
    CONTACTS = "contacts"
    SERVICE = "service"


class Spec(Struct, frozen=True, kw_only=True):
    """A table before its codes are known. `months`: also told for each month.

    `open`: (dimension, code) pairs that are about us, not about people: cells that have one are shown, however small.
    """

    id: str
    section: Section
    unit: Counted
    dimensions: tuple[Dimension, ...]
    open: frozenset[tuple[str, str]] = frozenset()
    months: bool = False


#: The table whose dimension is made from the facts: which languages there are.
_BY_LANGUAGE: Final = "contacts_by_language"

_ROWS: Final[tuple[tuple[str, Section, Counted, tuple[Dimension, ...]], ...]] = (
    ("proposals_by_party", Section.PROPOSALS, Counted.PROPOSALS, (PARTY,)),
    ("decisions", Section.DECISIONS, Counted.DECISIONS, (DECISION,)),
    ("clients_by_kind", Section.CLIENTS, Counted.CLIENTS, (KIND,)),
    ("clients_by_gender", Section.CLIENTS, Counted.CLIENTS, (GENDER,)),
    ("clients_by_age", Section.CLIENTS, Counted.CLIENTS, (AGE,)),
    ("clients_by_place_and_form", Section.CLIENTS, Counted.CLIENTS, (PLACE, FORM)),
    ("clients_by_nationality", Section.CLIENTS, Counted.CLIENTS, (NATIONALITY,)),
    ("clients_by_place_and_residence", Section.CLIENTS, Counted.CLIENTS, (PLACE, RESIDENCE)),
    ("stock_by_kind", Section.STOCK, Counted.STOCK, (KIND,)),
    ("stock_by_nationality", Section.STOCK, Counted.STOCK, (NATIONALITY,)),
    ("stock_by_gender", Section.STOCK, Counted.STOCK, (GENDER,)),
    ("stock_by_form", Section.STOCK, Counted.STOCK, (FORM,)),
    ("contacts_by_channel_and_outcome", Section.CONTACTS, Counted.CONTACTS, (CHANNEL, OUTCOME)),
    ("contacts_by_who", Section.CONTACTS, Counted.CONTACTS, (WHO,)),
    ("contacts_by_topic", Section.CONTACTS, Counted.CONTACTS, (TOPIC,)),
    (_BY_LANGUAGE, Section.CONTACTS, Counted.CONTACTS, (language(()),)),
)
#: Whom nobody could answer is told about us in the service's tables too.
_ABOUT_US: Final = frozenset({(OUTCOME.name, "unserved")})
SPECS: Final[tuple[Spec, ...]] = (
    *(
        Spec(id=name, section=section, unit=unit, dimensions=ways, open=_ABOUT_US if OUTCOME in ways else frozenset())
        for name, section, unit, ways in _ROWS
    ),
    Spec(
        id="service_by_channel_and_answer",
        section=Section.SERVICE,
        unit=Counted.SERVICE,
        dimensions=(CHANNEL, ANSWERED),
        open=frozenset({(ANSWERED.name, "no")}),
    ),
    Spec(id="service_by_time", section=Section.SERVICE, unit=Counted.SERVICE, dimensions=(WEEKDAY, BAND)),
    Spec(id="service_by_month", section=Section.SERVICE, unit=Counted.SERVICE, dimensions=(CHANNEL,), months=True),
)

#: A stock, who came and who went.
FLOWS: Final = (Flow(Counted.STOCK, Counted.CLIENTS, Counted.LEAVERS),)
#: Contacts, told twice: about the person, and about us.
SAMES: Final = (Same(Counted.CONTACTS, Counted.SERVICE, CHANNEL.name),)

#: People a group must have. A fact without a person stands for one each, and twice as many are asked of it.
THRESHOLDS: Final[Mapping[str, int]] = {unit: 10 if unit is Counted.SERVICE else 5 for unit in Counted}


def thresholds(k: int) -> dict[str, int]:
    """The same for another k: 10 for publication outside."""
    return {unit: max(least, k) for unit, least in THRESHOLDS.items()}


def specs_with(languages: Iterable[str]) -> tuple[Spec, ...]:
    """The catalogue where these languages were spoken."""
    ways = (language(tuple(languages)),)
    return tuple(replace(spec, dimensions=ways) if spec.id == _BY_LANGUAGE else spec for spec in SPECS)


def specs_in(specs: Iterable[Spec], period: str) -> list[Spec]:
    """Those told for a period. A month has few; the stock at a year's end is that of its second half."""
    if is_month(period):
        return [spec for spec in specs if spec.months]
    return [spec for spec in specs if not (is_year(period) and spec.unit is Counted.STOCK)]


def is_month(period: str) -> bool:
    """Whether it is one like 2026-03."""
    return "-" in period


def is_year(period: str) -> bool:
    """Whether it is one like 2026."""
    return len(period) == 4


def months_of(half: str) -> tuple[str, ...]:
    """The months of a half-year."""
    first = 7 if half.endswith("H2") else 1
    return tuple(f"{half[:4]}-{month:02}" for month in range(first, first + 6))


def halves_of(period: str) -> tuple[str, ...]:
    """A year's halves; a half-year itself."""
    return (f"{period}H1", f"{period}H2") if is_year(period) else (period,)


def year_before(period: str) -> str:
    """The same period a year earlier."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def half_before(period: str) -> str:
    """The half-year whose end is this one's start; "" for a year or a month."""
    year, half = period[:4], period[4:]
    return {"H1": f"{int(year) - 1}H2", "H2": f"{year}H1"}.get(half, "")


def dimensions(specs: Iterable[Spec] = SPECS) -> list[Dimension]:
    """Every dimension once."""
    return list({way.name: way for spec in specs for way in spec.dimensions}.values())


def sections(specs: Sequence[Spec] = SPECS) -> dict[Section, list[Spec]]:
    """Tables by chapter, in order."""
    found: dict[Section, list[Spec]] = {section: [] for section in Section}
    for spec in specs:
        found[spec.section].append(spec)
    return found
