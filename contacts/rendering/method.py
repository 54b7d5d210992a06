"""`METHOD.md`: how the figures were made and what they cannot say, in plain words. One file, three languages."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from contacts.codes.catalogue import LISTS, label
from contacts.codes.eurostat import EUROSTAT
from contacts.codes.htcds import HTCDS
from contacts.codes.mapping import EMPTY, Lost, Map
from contacts.rendering.review import Review

TEMPLATE: Final = Path(__file__).with_name("templates") / "method.md"
MAPS: Final = (HTCDS, EUROSTAT)
#: Lists of the record whose codes are published.
_PUBLISHED: Final = (
    "form",
    "gender",
    "age",
    "place",
    "residence",
    "nationality",
    "decision",
    "party",
    "who",
    "topic",
    "outcome",
)


def method_md(review: Review) -> bytes:
    """The file."""
    frame = review.frame
    told = TEMPLATE.read_text().format(
        service=review.service, period=frame.period, k=frame.k, catalogue=frame.catalogue
    )
    lines = [told]
    for each in MAPS:
        lines += [f"### {each.name}", "", *losses(each, country=review.country), ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def losses(standard: Map, *, country: str) -> Sequence[str]:
    """A line for each code that says less in a standard than here, or nothing."""
    return [line for name in _PUBLISHED for line in _lost(standard, name, country)]


def _lost(standard: Map, name: str, country: str) -> Iterator[str]:
    if name in standard.lost_whole:
        yield f"- **{name}**: not kept ({standard.lost_whole[name].why})"
        return
    if name in standard.whole and standard.whole[name].loses:
        yield f"- **{name}**: loses {standard.whole[name].loses}"
    for code in LISTS[name].codes:
        if (name, code.name) not in standard.kept and (name, code.name) not in standard.lost:
            continue
        found = standard.of(name, code.name)
        words = label(code, "en", country=country)
        if isinstance(found, Lost):
            if found is not EMPTY:
                yield f"- **{name}**, {words}: not kept ({found.why})"
        elif found.loses:
            yield f"- **{name}**, {words}: “{found.value}” there, loses {found.loses}"
