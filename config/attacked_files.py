"""Released files for the attacker: whole ZIPs, ledgers, and single files out of a ZIP.

A single page, sheet, document or chart does not bring its code lists along as a ZIP does: whoever reads it knows the words
from the catalogue, so the catalogue's words are its legend here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Final

from babel import Locale

from contacts.attack import chart_reader, page_reader, sheet_reader
from contacts.attack.attacking import LEAST
from contacts.attack.booklet_reader import Booklet
from contacts.attack.data_reader import from_csv, from_json, parsed
from contacts.attack.grids import Grid, Legend, Shape, read
from contacts.attack.reading import Reading, Unreadable
from contacts.attack.released import Released, of_one_file, released
from contacts.codes.shapes import LANGUAGES
from contacts.release.catalogue import Counted, halves_of, is_year, months_of, specs_with
from contacts.rendering.labels import dimension_label, label, period_label, table_title
from contacts.rendering.words_review import TITLE, YEAR_TITLE

#: What people hear when a file is none of these.
NO_RELEASE: Final = (
    "This is no released file. Read are: the ZIP, data.csv, data.json, a page (.html), sheets (.xlsx), a document (.pdf), "
    "a chart (.svg), and a ledger (.jsonl)."
)
_MOST_BYTES: Final = 128 * 2**20
_CENTURY: Final = range(2000, 2100)
_STRINGS: Final = "xl/sharedStrings.xml"


def opened(name: str, octets: bytes) -> Released:
    """What one file tells. `name`: its ending says what it is. Raises `Unreadable` with a plain sentence."""
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise Unreadable(NO_RELEASE)
    if len(octets) > _MOST_BYTES:
        raise Unreadable("This file is too large for one of a release.")
    try:
        return reader(PurePath(name).name, octets)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - damaged files fail in ways that nobody can list
        raise Unreadable("This file is damaged.") from None


def _archive(_name: str, octets: bytes) -> Released:
    return released(octets)


def _csv(_name: str, octets: bytes) -> Released:
    if octets.startswith(b"dimension,code,"):
        raise Unreadable("codes.csv holds words only, no figures.")
    release, reading, _, orders = from_csv(octets)
    return of_one_file(release, reading, orders=orders)


def _json(_name: str, octets: bytes) -> Released:
    whole = parsed(octets)
    if isinstance(whole, dict) and "resources" in whole:
        raise Unreadable("datapackage.json describes data.csv and holds no figures.")
    release, reading, _, orders = from_json(octets)
    return of_one_file(release, reading, orders=orders, k=int(whole["release"].get("k", LEAST)))


def _page(name: str, octets: bytes) -> Released:
    return _in_any_language(name, octets.decode(), page_reader.grids(octets))


def _sheets(name: str, octets: bytes) -> Released:
    grids = sheet_reader.grids(octets)
    with zipfile.ZipFile(io.BytesIO(octets)) as book:
        return _in_any_language(name, book.read(_STRINGS).decode(), grids)


def _document(name: str, octets: bytes) -> Released:
    return _in_any_language(name, octets.decode("utf-8", "replace"), Booklet(octets).grids())


def _chart(name: str, octets: bytes) -> Released:
    text = octets.decode()
    for language, period in _periods(text, r">{}<"):
        legend = legend_of(language, period)
        if any(title in text for title in legend.titles):
            return of_one_file(name, Reading(chart_reader.read(octets, legend), {}))
    raise Unreadable("This chart does not say in words that we know what it is of.")


_READERS: Final[Mapping[str, Callable[[str, bytes], Released]]] = {
    ".zip": _archive,
    ".csv": _csv,
    ".json": _json,
    ".html": _page,
    ".xlsx": _sheets,
    ".pdf": _document,
    ".svg": _chart,
}


def _in_any_language(name: str, text: str, grids: list[Grid]) -> Released:
    """Tables in the language whose title the file bears."""
    if not grids:
        raise Unreadable("This file holds no table of a release.")
    for language, period in _periods(text):
        legend = legend_of(language, period)
        if all(grid.caption in legend.titles for grid in grids):
            return of_one_file(name, read(grids, legend))
    raise Unreadable("This file does not say in words that we know which review it is.")


def _periods(text: str, around: str = "{}") -> Iterator[tuple[str, str]]:
    """(language, period) of every title of a review that stands in a text. Charts bear the period alone."""
    for year in reversed(_CENTURY):  # charts bear the year before too
        if str(year) not in text:
            continue
        for period in (f"{year}H1", f"{year}H2", str(year)):
            for language in LANGUAGES:
                said = period_label(period, language)
                title = (YEAR_TITLE if is_year(period) else TITLE)[language].format(period=said)
                wanted = title if around == "{}" else said
                if re.search(around.format(re.escape(wanted)), text):
                    yield language, period


def legend_of(language: str, period: str) -> Legend:
    """The catalogue's words in a language, with the tables of a period."""
    spoken = [code for code in map(str, Locale(language).languages) if "_" not in code]
    titles: dict[str, str] = {}
    shapes: dict[str, Shape] = {}
    labels: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for spec in specs_with(spoken):
        ways = [way.name for way in spec.dimensions]
        titles[table_title(spec.unit, (["month"] if spec.months else []) + ways, language)] = spec.id
        halves = halves_of(period)
        periods: tuple[str, ...] = (halves[-1],) if spec.unit is Counted.STOCK else (period,)
        if spec.months:
            periods = tuple(month for half in halves for month in months_of(half))
        shapes[spec.id] = Shape(spec.unit, periods, tuple(ways))
        for way in spec.dimensions:
            names[way.name] = dimension_label(way.name, language)
            known = labels.setdefault(way.name, {})
            for code in way.codes:
                known.setdefault(label(way.name, code, language, country="FI"), code)
    for country in Locale(language).territories.values():
        labels["place"].setdefault(str(country), "finland")
    return Legend(titles=titles, shapes=shapes, labels=labels, names=names)
