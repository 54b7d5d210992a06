"""The tables of the review, in its order. There are no others: no filter, no free date, no third dimension. Pure.

Never: nationality by anything but the period, language by time, figures of one operator (statistics.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from contacts.release.cells import Flow
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
    """A table before its codes are known. `open`: about us, not about people: every cell is shown, however small."""

    id: str
    section: Section
    unit: Counted
    dimensions: tuple[Dimension, ...]
    open: bool = False


#: The dimension of languages is made from the facts (contacts.release.dimensions.language) and stands here by its name.
LANGUAGE: Final = "language"

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
)
SPECS: Final[tuple[Spec, ...]] = (
    *(Spec(id=name, section=section, unit=unit, dimensions=ways) for name, section, unit, ways in _ROWS),
    Spec(
        id="service_by_channel_and_answer",
        section=Section.SERVICE,
        unit=Counted.SERVICE,
        dimensions=(CHANNEL, ANSWERED),
        open=True,
    ),
    Spec(id="service_by_time", section=Section.SERVICE, unit=Counted.SERVICE, dimensions=(WEEKDAY, BAND)),
)

#: A stock, who came and who went.
FLOWS: Final = (Flow(Counted.STOCK, Counted.CLIENTS, Counted.LEAVERS),)

#: People a group must have. A fact without a person stands for one each, and twice as many are asked of it.
THRESHOLDS: Final[Mapping[str, int]] = {unit: 10 if unit is Counted.SERVICE else 5 for unit in Counted}


def thresholds(k: int) -> dict[str, int]:
    """The same for another k: 10 for publication outside."""
    return {unit: max(least, k) for unit, least in THRESHOLDS.items()}


def dimensions(specs: Iterable[Spec] = SPECS) -> list[Dimension]:
    """Every dimension once."""
    return list({way.name: way for spec in specs for way in spec.dimensions}.values())


def sections(specs: Sequence[Spec] = SPECS) -> dict[Section, list[Spec]]:
    """Tables by chapter, in order."""
    found: dict[Section, list[Spec]] = {section: [] for section in Section}
    for spec in specs:
        found[spec.section].append(spec)
    return found
