"""What is rendered: a frame, the analyst's words, and whose review it is. Pure. Nothing else ever reaches a file."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from contacts.codes.shapes import LANGUAGES
from contacts.release.catalogue import SPECS, Section
from contacts.release.frame import Frame, Status

#: Section -> language -> text. A section without words is left to its tables.
Commentary = Mapping[Section, Mapping[str, str]]

_SECTIONS = {spec.id: spec.section for spec in SPECS}
#: Where tables stand that are made of the facts' own codes, by their unit.
_BY_UNIT = {spec.unit.value: spec.section for spec in reversed(SPECS)}


class Review(Struct, frozen=True, kw_only=True):
    """A release to be rendered. `service`: its public name; `country`: ISO code of the deployment's own country."""

    frame: Frame
    service: str
    released: date
    country: str = "FI"
    commentary: Commentary = {}

    def sections(self) -> dict[Section, list[str]]:
        """Tables by chapter, in the order of the frame; chapters that hold something only."""
        found: dict[Section, list[str]] = {section: [] for section in Section}
        for table in self.frame.tables:
            found[section_of(table, self.frame)].append(table)
        return {
            section: tables
            for section, tables in found.items()
            if tables or (section is Section.SERVICE and self.frame.services)
        }

    def text(self, section: Section, language: str) -> str:
        """The analyst's words, or nothing."""
        return self.commentary.get(section, {}).get(language, "").strip()


def section_of(table: str, frame: Frame) -> Section:
    """The chapter of a table."""
    return _SECTIONS.get(table) or _BY_UNIT[frame.table(table)[0].unit]


def frame_is_whole(frame: Frame) -> bool:
    """Whether a value stands exactly where its status says so, and nothing stands beside a hidden one."""
    return all(
        (row.value is not None) == (row.status is Status.SHOWN)
        and (row.prev_value is not None) == (row.prev_status is Status.SHOWN)
        and (row.change is None or (row.value is not None and row.prev_value is not None))
        for row in frame.rows
    )


__all__ = ["LANGUAGES", "Commentary", "Review", "frame_is_whole", "section_of"]
