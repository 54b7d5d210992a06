"""What we depend on is explained, pinned, and says nothing about where it was downloaded or on which machine."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"

# Written so that this file does not hold what it forbids.
FORBIDDEN = {
    "a download address": re.compile(r"https?://\S+\.(?:whl|tar\.gz|tgz|zip|deb)\b"),
    "a package registry": re.compile(r"(?:py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|debia[n]\.org/debian)"),
    "a path of one machine": re.compile(r"(?<![\w.~/-])/(?:wor[k]|roo[t]|hom[e]/\w+)/"),
}


def named_in(source: Path) -> set[str]:
    """The packages that a requirements source names, in lower case."""
    lines = (line.partition("#")[0].strip() for line in source.read_text().splitlines())
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in lines if line and not line.startswith("-")}


def pinned_in(lock: Path) -> dict[str, str]:
    """Package to exact version, for every package that a lock holds."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", lock.read_text(), flags=re.MULTILINE)
    return {name.lower(): version for name, version in pins}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def direct_dependencies() -> set[str]:
    python = {name for source in LOCKS.glob("*.in") for name in named_in(source)}
    javascript = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    return python | set(javascript)


def test_every_dependency_has_its_line_and_every_line_its_dependency() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text()
    explained = {name.lower() for name in re.findall(r"^- \*\*(\S+)\*\* \(.+\): \S", text, flags=re.MULTILINE)}
    assert explained == direct_dependencies()


@pytest.mark.parametrize("name", ["bootstrap", "run", "test"])
def test_every_named_package_is_pinned_with_hashes(name: str) -> None:
    lock = LOCKS / f"{name}.txt"
    pinned = pinned_in(lock)
    assert named_in(LOCKS / f"{name}.in") <= pinned.keys()
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_what_runs_is_what_is_tested() -> None:
    assert pinned_in(LOCKS / "run.txt").items() <= pinned_in(LOCKS / "test.txt").items()


def test_the_javascript_lock_is_complete_and_checks_only() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert "dependencies" not in package
    assert lock[""]["devDependencies"] == package["devDependencies"]
    others = [entry for name, entry in lock.items() if name]
    assert all(entry["integrity"] and "resolved" not in entry for entry in others)


def test_no_uv_lock_is_tracked() -> None:
    assert not [path for path in tracked_files() if path.name == "uv.lock"]


def test_no_tracked_file_holds_a_download_address_or_a_machines_path() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path in tracked_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]
    assert found == []
