"""A release as its ZIP says it: every file read back, all of them compared. Pure.

What is not understood is unreadable; files that say different things, a chart or a per cent that says what a table hides,
an order that is not the list's: told by name.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from contacts.attack import chart_reader, page_reader, sheet_reader
from contacts.attack.booklet_reader import Booklet
from contacts.attack.data_reader import from_csv, from_json, legends, parsed
from contacts.attack.grids import Grid, Legend, read
from contacts.attack.order import any_out_of_order
from contacts.attack.published import Key
from contacts.attack.reading import HIDDEN, IMPOSSIBLE, NOT_COUNTED, Place, Reading, Said, Unreadable, year_before

_MOST_BYTES: Final = 128 * 2**20
_LANGUAGES: Final = ("fi", "sv", "en")
_CHART: Final = re.compile(r"charts/(fi|sv|en)/[a-z_]+\.svg")
_NAMES: Final = frozenset(
    {"METHOD.md", "SHA256SUMS", "codes.csv", "data.csv", "data.json", "datapackage.json"}
    | {f"review.{language}.{kind}" for language in _LANGUAGES for kind in ("html", "pdf", "xlsx")}
)
#: Changes are told from this many on.
_LEAST: Final = 20
_K: Final = 5
_ORDER: Final = "The rows of a table stand in another order than their list: that says which are larger."


class Released(NamedTuple):
    """`findings`: plain sentences about what the files give away or contradict; empty when they agree."""

    release_id: str
    k: int
    published: Mapping[Key, int | None]
    findings: tuple[str, ...]


def released(octets: bytes) -> Released:
    """Everything a reader of a ZIP learns. Raises `Unreadable`, whatever was wrong."""
    try:
        return _released(octets)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - damaged files fail in ways that nobody can list; what is not read was not checked
        raise Unreadable("A file of the release is damaged.") from None


def of_one_file(
    release: str, reading: Reading, *, orders: Mapping[str, Iterable[Sequence[str]]] | None = None, k: int = _K
) -> Released:
    """What a single file tells, with what it gives away by itself. `release`: what to call it."""
    findings = _by_themselves(reading)
    if any_out_of_order(orders or {}):
        findings.append(_ORDER)
    published, unlike = _published(reading)
    return Released(release, max(k, _K), published, (*findings, *unlike))


def _released(octets: bytes) -> Released:
    files = _files(octets)
    release_id, reading, shapes, orders = from_csv(files["data.csv"])
    findings: list[str] = []
    if from_json(files["data.json"]) != (release_id, reading, shapes, orders):
        findings.append("data.json and data.csv do not say the same.")
    words = legends(files["data.json"], shapes)
    services = _services(files["data.json"])
    for language, legend in words.items():
        findings += _compared(language, legend, files, reading, services)
    findings += _by_themselves(reading)
    if any_out_of_order(orders):
        findings.append(_ORDER)
    published, unlike = _published(reading)
    findings += unlike
    return Released(release_id, _threshold(files["data.json"]), published, tuple(findings))


def _compared(
    language: str, legend: Legend, files: Mapping[str, bytes], reading: Reading, services: list[str]
) -> list[str]:
    page, sheets = files[f"review.{language}.html"], files[f"review.{language}.xlsx"]
    booklet = Booklet(files[f"review.{language}.pdf"])
    kinds: dict[str, tuple[list[Grid], list[str]]] = {
        "html": (page_reader.grids(page), page_reader.services(page)),
        "xlsx": (sheet_reader.grids(sheets), sheet_reader.services(sheets)),
        "pdf": (booklet.grids(), booklet.services()),
    }
    findings: list[str] = []
    for kind, (grids, numbers) in kinds.items():
        seen = read(grids, legend)
        if dict(seen.cells) != dict(reading.cells):
            findings.append(f"review.{language}.{kind} and data.csv do not say the same.")
        if any(reading.changes.get(place) != change for place, change in seen.changes.items()):
            findings.append(f"review.{language}.{kind} tells other changes than data.csv.")
        if [re.sub(r"\D", "", each) or NOT_COUNTED for each in numbers] != services:
            findings.append(f"review.{language}.{kind} and data.json tell other numbers about the service.")
    drawings = {name: files[name] for name in files if name.startswith(f"charts/{language}/")}
    for name, drawing in [*drawings.items(), *((f"review.{language}.html", each) for each in page_reader.charts(page))]:
        told = chart_reader.read(drawing, legend)
        if any(reading.cells.get(place) != value for place, value in told.items()):
            findings.append(f"A chart of {name} does not say the same as data.csv.")
    return findings


def _by_themselves(reading: Reading) -> list[str]:
    """A change beside a figure that is not shown says it; one that does not follow from the shown ones is wrong."""
    for place, change in reading.changes.items():
        now = reading.cells[place]
        before = reading.cells.get(place._replace(key=place.key._replace(period=year_before(place.key.period))))
        if not isinstance(now, int) or not isinstance(before, int) or min(now, before) < _LEAST:
            return ["A change is told beside a figure that is hidden, or too small for one."]
        if abs(100 * (now - before) - change * before) * 2 > before:
            return ["A change does not follow from the figures beside it."]
    return []


def _published(reading: Reading) -> tuple[dict[Key, int | None], list[str]]:
    """Cells without their tables; a cell that two tables tell differently is shown."""
    found: dict[Key, int | None] = {}
    unlike: list[str] = []
    for (_, key), value in reading.cells.items():
        if value == NOT_COUNTED:
            continue
        told = _plain(value)
        if key in found and found[key] != told:
            unlike.append("Two tables tell one figure differently.")
            told = told if found[key] is None else found[key]
        found[key] = told
    return found, list(dict.fromkeys(unlike))


def _plain(value: Said) -> int | None:
    if value == HIDDEN:
        return None
    return 0 if value == IMPOSSIBLE else int(value)


def _services(octets: bytes) -> list[str]:
    try:
        told: Mapping[str, int | None] = parsed(octets)["services"]
        return [NOT_COUNTED if value is None else str(int(value)) for value in told.values()]
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Unreadable("data.json does not hold the numbers about the service.") from None


def _threshold(octets: bytes) -> int:
    k = parsed(octets)["release"].get("k")
    if not isinstance(k, int) or k < _K:
        raise Unreadable("The release does not say how many people its figures protect.")
    return k


def _files(octets: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            entries = archive.infolist()
            if sum(each.file_size for each in entries) > _MOST_BYTES or archive.comment:
                raise Unreadable("The ZIP is too large, or holds a comment.")
            files = {each.filename: archive.read(each) for each in entries}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        raise Unreadable("A file is no ZIP of a release.") from None
    if len(files) != len(entries) or any(each.extra or each.comment for each in entries):
        raise Unreadable("The ZIP holds a file twice, or more than files.")
    strange = [name for name in files if name not in _NAMES and not _CHART.fullmatch(name)]
    if strange or not files.keys() >= _NAMES:
        raise Unreadable("The ZIP does not hold the files of a release.")
    sums = "".join(
        f"{hashlib.sha256(held).hexdigest()}  {name}\n" for name, held in files.items() if name != "SHA256SUMS"
    )
    if sums.encode() != files["SHA256SUMS"]:
        raise Unreadable("The sums of the ZIP are not those of its files.")
    return files


__all__ = ["Place", "Released", "of_one_file", "released"]
