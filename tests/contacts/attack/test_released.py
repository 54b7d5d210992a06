"""Released files read back: all formats say the same; whatever was changed in one of them is noticed."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.attack.attacking import attack, ledger, named
from contacts.attack.published import Key, equations
from contacts.attack.reading import Unreadable
from contacts.attack.released import Released, released
from tests.contacts.rendering.releases import archive, draft, few, files, repacked, review


@cache
def whole() -> Released:
    """A whole release, read once."""
    return released(archive())


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    held = files(few())
    after = change(held[name])
    assert after != held[name], "nothing was changed"
    return repacked({**held, name: after})


def replaced(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    return lambda octets: octets.decode().replace(old, new, count).encode()


def in_sheets(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(octets: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(octets)) as book, zipfile.ZipFile(made, "w") as again:
            for each in book.namelist():
                again.writestr(each, book.read(each).decode().replace(old, new, 1))
        return made.getvalue()

    return change


def test_every_format_says_the_same_and_it_is_what_the_frame_says() -> None:
    """Additivity too: sums of shown cells are checked before anything is attacked."""
    read = whole()
    assert read.findings == ()
    frame = review().frame
    cells = {
        Key(row.unit, row.period, tuple(sorted(p for p in ((row.dim1, row.code1), (row.dim2, row.code2)) if p[1]))): (
            row.value
        )
        for row in frame.rows
    }
    assert {key: value for key, value in read.published.items() if key in cells} == cells
    sums = [each for each in equations(read.published) if all(read.published.get(key) is not None for key in each)]
    assert sums
    assert all(sum(sign * (read.published[key] or 0) for key, sign in each.items()) == 0 for each in sums)


def test_a_release_of_the_house_is_safe() -> None:
    outcome = attack([whole()])
    assert outcome.safe, outcome.sentences
    assert outcome.verdict is not None
    assert outcome.verdict.hidden > 100


def test_a_ledger_that_knows_a_hidden_figure_exposes_others() -> None:
    read = whole()
    truth = draft().values
    known = {
        key: next(
            value
            for cell, value in truth.items()
            if (str(cell.unit), cell.period) == key[:2] and tuple(sorted(cell.attributes)) == key.codes
        )
        for key, value in read.published.items()
        if value is None and key.codes and key.codes[0][0] == "decision"
    }
    first = min(known, key=lambda key: known[key])
    told = [[*key[:2], [list(pair) for pair in key.codes], value] for key, value in known.items() if key != first]
    lines = json.dumps({"release": "earlier", "cells": told}).encode()
    outcome = attack([read], ledger(lines))
    assert not outcome.safe
    assert any(sentence.startswith(named(first)) for sentence in outcome.sentences)


def test_two_releases_that_differ_are_a_contradiction() -> None:
    read = whole()
    key = next(key for key, value in read.published.items() if value)
    other = Released("other", 5, {key: 1 + (read.published[key] or 0)}, ())
    outcome = attack([read, other])
    assert not outcome.safe
    assert "different figures" in outcome.sentences[0]


CELL = re.compile(r"<td>(\d+)</td>")


def test_a_figure_that_is_another_in_one_file_is_found() -> None:
    row = next(
        row for row in review().frame.table("decisions") if row.value is not None and row.value > 20 and row.code1
    )
    value = str(row.value)
    for name, change in {
        "data.json": replaced(f'"value": {value}', f'"value": {row.value + 1 if row.value else 0}'),
        "review.fi.html": replaced(f"<td>{value}</td>", "<td>7777</td>"),
        "review.sv.xlsx": in_sheets(f"<v>{value}</v>", "<v>7777</v>"),
    }.items():
        findings = released(changed(name, change)).findings
        assert any(name in finding for finding in findings), name


def test_a_hidden_figure_that_one_file_shows_is_found() -> None:
    sign = '<span class="sign">c</span>'
    findings = released(changed("review.en.html", replaced(sign, "3"))).findings
    assert findings == ("review.en.html and data.csv do not say the same.",)


def test_a_document_of_another_release_is_found() -> None:
    held = files(few())
    findings = released(repacked({**held, "review.fi.pdf": files(few(90))["review.fi.pdf"]})).findings
    assert any("review.fi.pdf" in finding for finding in findings)


BAR = re.compile(r"h(\d+(?:\.\d+)?)v12h-\1Z")


@pytest.mark.parametrize("longer", [0.5, -0.5, 30])
def test_a_bar_that_is_longer_than_its_number_is_unreadable(longer: float) -> None:
    def change(octets: bytes) -> bytes:
        text = octets.decode()
        bar = BAR.findall(text)[0]
        other = f"{float(bar) + longer:.2f}"
        return text.replace(f"h{bar}v12h-{bar}Z", f"h{other}v12h-{other}Z", 1).encode()

    with pytest.raises(Unreadable):
        released(changed("charts/fi/proposals_by_party.svg", change))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("review.fi.html", replaced("<main>", "<main><script>1</script>")),
        ("review.fi.html", replaced("<table>", "<table hidden>")),
        ("review.fi.html", replaced(">2026</th>", ">2019</th>")),
        ("review.fi.html", replaced("<tr class=\"total\">", "<tr><td>1</td></tr><tr>")),
        ("review.fi.xlsx", in_sheets("<row ", '<row hidden="1" ')),
        ("review.fi.xlsx", in_sheets("<v>", "<f>1+1</f><v>")),
        ("review.fi.xlsx", in_sheets('<sheet ', '<sheet state="hidden" ')),
        ("review.fi.xlsx", lambda octets: octets[:-100]),
        ("review.fi.pdf", lambda octets: octets[: len(octets) // 2]),
        ("review.fi.pdf", lambda octets: octets.replace(b"/StructTreeRoot", b"/StructTreeRoom")),
        ("charts/en/decisions.svg", replaced("</svg>", "<script/></svg>")),
        ("charts/en/decisions.svg", replaced("</svg>", "<text>5</text></svg>")),
        ("charts/en/decisions.svg", replaced("<title", "<title>x</title><title")),
        ("data.csv", replaced("release_id", "release")),
        ("data.csv", replaced(",c,", ",,")),
        ("data.json", replaced('"labels"', '"label"')),
        ("data.json", lambda octets: octets + b"}"),
        ("data.json", replaced('"k": 5', '"k": 1')),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unreadable(name: str, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unreadable):
        released(changed(name, change))


def test_an_order_by_size_is_found() -> None:
    def change(octets: bytes) -> bytes:
        lines = octets.decode().splitlines()
        mine = [at for at, line in enumerate(lines) if ",proposals_by_party," in line]
        lines[mine[1]], lines[mine[2]] = lines[mine[2]], lines[mine[1]]
        return ("\n".join(lines) + "\n").encode()

    findings = released(changed("data.csv", change)).findings
    assert any("order" in finding for finding in findings)


def test_a_change_beside_a_hidden_figure_is_found() -> None:
    def change(octets: bytes) -> bytes:
        return re.sub(r",c,(\d+),,\n", r",c,\1,,7\n", octets.decode(), count=1).encode()

    findings = released(changed("data.csv", change)).findings
    assert "A change is told beside a figure that is hidden, or too small for one." in findings


@pytest.mark.parametrize(
    "octets",
    [b"", b"PK", b"no zip", few()[:-50], few() + b"x" * 70_000],
    ids=["empty", "start", "text", "cut", "longer"],
)
def test_what_is_no_release_is_unreadable(octets: bytes) -> None:
    with pytest.raises(Unreadable):
        released(octets)


def test_a_missing_file_a_strange_one_and_false_sums_are_unreadable() -> None:
    held = files(few())
    cases = [
        repacked({name: octets for name, octets in held.items() if name != "review.sv.pdf"}),
        repacked({**held, "more.txt": b"48611"}),
    ]
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as packed:
        for name, octets in {**held, "METHOD.md": b"another"}.items():
            packed.writestr(name, octets)
    for octets in [*cases, plain.getvalue()]:
        with pytest.raises(Unreadable):
            released(octets)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_no_damage_ends_in_anything_but_a_finding_or_unreadable(data: st.DataObject) -> None:
    held = files(few())
    name = data.draw(st.sampled_from([*sorted(n for n in held if n.startswith("review.")), "data.csv", "data.json"]))
    octets = bytearray(held[name])
    for _ in range(data.draw(st.integers(1, 5))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    try:
        released(repacked({**held, name: bytes(octets)}))
    except Unreadable:
        return


@pytest.mark.parametrize("octets", [b"{}", b"[1]", b'{"cells": [[1]]}', b"\xff", b'{"cells": 3}'])
def test_a_ledger_that_is_not_understood_is_unreadable(octets: bytes) -> None:
    with pytest.raises(Unreadable):
        ledger(octets)
