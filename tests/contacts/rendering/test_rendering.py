"""One ZIP, the same each time, with nothing in it but what the frame shows."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from frictionless import Package, system
from pypdf import PdfReader

from contacts.release.catalogue import Section
from contacts.release.frame import Frame, Row, Status, change_of
from contacts.rendering.rendering import CannotRender, SaysWhatIsHidden, rendered
from contacts.rendering.review import Review
from tests.contacts.rendering.releases import archive, files, review

#: Values that stand nowhere else, neither as they are nor as the length of a bar.
HIDDEN = {"lapsed": 48611, "withdrawn": 3, "admitted_witness": 39157, "admitted_child": 27583}
SHOWN = {"admitted_victim": 91813, "not_admitted": 77377}
HIDDEN_BEFORE = {"lapsed": 48623, "admitted_witness": 39161}


def distinctive() -> Review:
    """A frame made from a truth of which some is hidden."""
    truth = HIDDEN | SHOWN
    total = sum(truth.values())
    rows = [Row(table="decisions", unit="decisions", period="2026H1", dim1="decision", value=total)]
    for code, value in truth.items():
        shown = None if code in HIDDEN else value
        before = None if code in HIDDEN_BEFORE else 60000
        rows.append(
            Row(
                table="decisions",
                unit="decisions",
                period="2026H1",
                dim1="decision",
                code1=code,
                value=shown,
                status=Status.HIDDEN if shown is None else Status.SHOWN,
                prev_value=before,
                prev_status=Status.HIDDEN if before is None else Status.SHOWN,
                change=change_of(shown, before),
            )
        )
    frame = Frame(release_id="r", period="2026H1", catalogue=1, k=5, rows=tuple(rows))
    return Review(frame=frame, service="Saarnilinja", released=date(2026, 8, 20))


@cache
def small() -> bytes:
    """It, rendered."""
    return rendered(distinctive())


def everything(name: str, octets: bytes, *, letters: bool = False) -> list[bytes]:
    """A file, and whatever is packed in it; `letters`: also those that a PDF's fonts stand for."""
    found = [octets]
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(octets)) as book:
            found += [book.read(each) for each in book.namelist()]
    if name.endswith(".pdf"):
        for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", octets, re.DOTALL):
            found.append(part)
            try:
                found.append(zlib.decompress(part))
            except zlib.error:
                continue
        found += [] if not letters else [page.extract_text().encode() for page in PdfReader(BytesIO(octets)).pages]
    return found


def test_no_file_holds_the_true_value_of_a_hidden_cell_in_any_encoding() -> None:
    made = files(small())
    longest = max(SHOWN.values())
    values = [*HIDDEN.values(), *HIDDEN_BEFORE.values()]
    looks = {form for value in values if value > 999 for form in spellings(value)}
    lengths = {f"{value * 300 / longest:.2f}" for value in values}
    seen = "91813"
    for name, octets in made.items():
        for part in everything(name, octets, letters=True):
            text = part.decode("utf-8", "replace") + part.decode("utf-16-be", "replace")
            for look in looks | (lengths if "svg" in name or "html" in name else set()):
                assert look not in text, (name, look)
    assert seen in made["data.csv"].decode(), "the search would have found it"
    assert any("91\N{NO-BREAK SPACE}813" in part.decode("utf-8", "replace") for part in [made["review.fi.html"]])


def spellings(value: int) -> set[str]:
    """A number as any of the files could write it."""
    grouped = f"{value:,}"
    return {str(value), grouped, *(grouped.replace(",", gap) for gap in (" ", "\N{NO-BREAK SPACE}", "\u202f", "."))}


def test_bars_of_hidden_cells_are_absent() -> None:
    made = files(small())
    drawing = made["charts/fi/decisions.svg"].decode()
    shown = len(SHOWN) + len(HIDDEN | SHOWN) - len(HIDDEN_BEFORE)
    assert drawing.count("<path") == shown + 2, "two squares of the legend"


def test_a_frame_that_holds_more_than_it_shows_is_not_rendered() -> None:
    held = distinctive()
    row = msgspec.structs.replace(held.frame.rows[1], value=48611, status=Status.HIDDEN)
    beside = msgspec.structs.replace(held.frame.rows[1], change=5)
    for changed in (row, beside):
        frame = msgspec.structs.replace(held.frame, rows=(held.frame.rows[0], changed))
        with pytest.raises(CannotRender):
            rendered(msgspec.structs.replace(held, frame=frame))


def test_words_with_a_number_that_is_hidden_are_not_rendered() -> None:
    words = {Section.DECISIONS: {"fi": "Raukesi 48 611."}}
    with pytest.raises(SaysWhatIsHidden) as refused:
        rendered(msgspec.structs.replace(distinctive(), commentary=words))
    assert [each.text for each in refused.value.numbers] == ["48 611"]


def test_a_program_that_takes_too_long_ends_the_whole() -> None:
    with pytest.raises(CannotRender):
        rendered(distinctive(), seconds=0.001)


def test_the_same_release_is_the_same_bytes_in_any_process() -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, '.')\n"
        "from tests.contacts.rendering.test_rendering import distinctive\n"
        "from contacts.rendering.rendering import rendered\n"
        "print(hashlib.sha256(rendered(distinctive())).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
    )
    assert (
        said.stdout.strip()
        == hashlib.sha256(small()).hexdigest()
        == hashlib.sha256(rendered(distinctive())).hexdigest()
    )


def test_the_zip_says_nothing_of_time_or_machine() -> None:
    with zipfile.ZipFile(BytesIO(archive())) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(each.extra or each.comment for each in packed.infolist())
    for name, octets in files(archive()).items():
        for part in everything(name, octets):
            here = str(Path(__file__).parents[3]).encode()
            for word in (here, b"/root", b"/home", b"/tmp", b"CreationDate", b"ModDate", b"/Author"):
                assert word not in part, (name, word)


def test_sums_are_those_of_the_files() -> None:
    held = files(archive())
    for line in held["SHA256SUMS"].decode().splitlines():
        told, name = line.split("  ")
        assert hashlib.sha256(held[name]).hexdigest() == told
    assert held["SHA256SUMS"].count(b"\n") == len(held) - 1


def test_the_data_package_is_valid_and_nothing_is_fetched(tmp_path: Path) -> None:
    for name, octets in files(archive()).items():
        if "/" not in name:
            (tmp_path / name).write_bytes(octets)
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    assert [task.name for task in report.tasks] == ["data", "codes"]


def test_documents_are_tagged_pdf_ua_in_their_language() -> None:
    for language in ("fi", "sv", "en"):
        made = files(archive())[f"review.{language}.pdf"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made
        root = PdfReader(BytesIO(made)).trailer["/Root"]
        assert root["/Lang"] == language  # type: ignore[index]
        assert "/StructTreeRoot" in root  # type: ignore[operator]
        for word in (b"/JavaScript", b"/EmbeddedFile", b"/AcroForm", b"/OpenAction"):
            assert word not in made


def test_sheets_hold_values_only() -> None:
    with zipfile.ZipFile(BytesIO(files(archive())["review.sv.xlsx"])) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert "<dc:creator></dc:creator>" in parts["docProps/core.xml"]
    assert "2000-01-01T00:00:00Z" in parts["docProps/core.xml"]
    for text in parts.values():
        assert "<f>" not in text
        assert "hidden" not in text
    assert not any(name.endswith((".bin", ".vml")) or "externalLink" in name for name in parts)


def test_readers_of_json_find_the_words() -> None:
    told = json.loads(files(archive())["data.json"])
    assert told["release"]["k"] == review().frame.k
    assert told["labels"]["form"]["codes"]["forced_labour"]["fi"] == "Pakkotyö"
    assert {table["id"] for table in told["tables"]} == set(review().frame.tables)


def test_the_method_is_told_in_three_languages_with_what_other_standards_lose() -> None:
    method = files(archive())["METHOD.md"].decode()
    for heading in (
        "Näin luvut on tehty",
        "Så är talen gjorda",
        "How these figures were made",
        "HTCDS 2.0",
        "Eurostat",
    ):
        assert heading in method
    assert "loses that it was forced criminality" in method
    assert "{" not in method
