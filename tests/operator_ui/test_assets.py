"""The desk's own files."""

import re
from pathlib import Path

import pytest

from operator_ui.assets import ROOT, Assets
from tests.operator_ui.desk_site import FakeHouse, browser_of

MAIN = "operator_ui/static/js/main.js"
LARGEST = 80 * 1024


def test_everything_the_desk_fetches_is_below_its_budget() -> None:
    assert Assets().packed_size < LARGEST


def test_comments_stay_at_home_and_nothing_else_does() -> None:
    browser = browser_of(FakeHouse())
    sent = browser.get(Assets().address(MAIN)).text
    assert "@module" not in sent
    assert "@typedef" not in sent
    kept = [line for line in (ROOT / MAIN).read_text().splitlines() if not re.match(r"\s*(/\*\*|\*)", line)]
    assert [line for line in sent.splitlines() if not re.match(r"\s*/\*\*", line)] == kept


def test_files_are_kept_for_a_year_because_their_address_changes_with_them(tmp_path: Path) -> None:
    browser = browser_of(FakeHouse())
    answer = browser.get(Assets().address(MAIN))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    copy = tmp_path / "copy"
    for name in ("operator_ui/static", "chat/page/js"):
        (copy / name).mkdir(parents=True)
        for path in (ROOT / name).rglob("*.*"):
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert Assets(root=copy).version == Assets().version
    (copy / MAIN).write_text("changed")
    assert Assets(root=copy).version != Assets().version


def test_compressed_and_plain_are_the_same_file() -> None:
    browser, address = browser_of(FakeHouse()), Assets().address(MAIN)
    packed = browser.get(address, headers={"accept-encoding": "gzip"})
    plain = browser.get(address, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


@pytest.mark.parametrize(
    "name",
    [
        "operator_ui/sign_in.py",
        "%2e%2e/pyproject.toml",
        "operator_ui/static/js/../../sign_in.py",
        "chat/page/js/leave.js",
    ],
)
def test_nothing_else_of_the_house_is_served(name: str) -> None:
    version = Assets().version
    assert browser_of(FakeHouse()).get(f"/desk/static/{version}/{name}").status_code == 404
    with pytest.raises(KeyError):
        Assets().address(name)


def test_an_older_version_is_not_answered_with_a_newer_file() -> None:
    assert browser_of(FakeHouse()).get(f"/desk/static/0123456789abcdef/{MAIN}").status_code == 404


def test_every_import_of_a_module_is_served() -> None:
    assets = Assets()
    for address in assets.modules:
        path = ROOT / address.split("/", 4)[4]
        for wanted in re.findall(r'^import[^;]* from "([^"]+)"', path.read_text(), re.MULTILINE):
            assert assets.address((path.parent / wanted).resolve().relative_to(ROOT).as_posix())
