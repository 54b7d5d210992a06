"""Fictional releases: worked out as the house does it, and rendered once for all tests."""

import io
import zipfile
from datetime import date
from functools import cache

from msgspec.structs import replace

from contacts.release.catalogue import THRESHOLDS, VERSION, Section, specs_with
from contacts.release.counting import Counts
from contacts.release.drafting import Draft, Earlier, drafted
from contacts.release.frame import Frame
from contacts.release.review import rows_of
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from tests.contacts.release.people import tally

BEFORE, NOW = "2025H1", "2026H1"
SERVICES = (
    ("unserved", 9),
    ("wait_median_chat", 25),
    ("wait_p90_chat", None),
    ("consents_given", 61),
    ("forwarded", 58),
)
COMMENTARY = {
    Section.PROPOSALS: {
        "fi": "Esityksiä tehtiin yhtä paljon kuin vuotta aiemmin.\n\nPoliisi esitti useampia kuin ennen.",
        "sv": "Det gjordes lika många framställningar som året innan.",
        "en": "As many proposals were made as a year earlier.",
    }
}


@cache
def draft(people: int = 300, contacts: int = 412) -> Draft:
    """Two half-years of a fictional population, protected together. It holds the truth too."""
    tallies = [tally(seed, half, contacts=contacts, people=people) for seed, half in enumerate((BEFORE, NOW))]
    languages = {language for each in tallies for language in each.languages}
    counts = Counts(tallies)
    return drafted(
        specs_with(languages),
        (BEFORE, NOW),
        counts.of,
        k=THRESHOLDS,
        kept={},
        earlier=Earlier(),
        seconds=60,
        tie=lambda _: 0.0,
    )


@cache
def review(people: int = 300, contacts: int = 412) -> Review:
    """A whole review."""
    frame = Frame(
        release_id="2026H1-1",
        period=NOW,
        catalogue=VERSION,
        k=5,
        rows=rows_of(draft(people, contacts), NOW),
        services=SERVICES,
    )
    return Review(frame=frame, service="Saarnilinja", released=date(2026, 8, 20), commentary=COMMENTARY)


@cache
def archive(people: int = 300, contacts: int = 412) -> bytes:
    """Its ZIP."""
    return rendered(review(people, contacts))


@cache
def few(people: int = 300) -> bytes:
    """The ZIP of a few of its tables, quick to make and to read: one of each shape."""
    whole = review(people)
    names = {"proposals_by_party", "decisions", "clients_by_place_and_residence", "service_by_month"}
    rows = tuple(row for row in whole.frame.rows if row.table in names)
    return rendered(replace(whole, frame=replace(whole.frame, rows=rows)))


def files(octets: bytes) -> dict[str, bytes]:
    """What is in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(octets)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(held: dict[str, bytes]) -> bytes:
    """Changed files as a release again, with sums that fit."""
    from contacts.rendering.archive import zipped  # noqa: PLC0415

    return zipped({name: octets for name, octets in held.items() if name != "SHA256SUMS"})
