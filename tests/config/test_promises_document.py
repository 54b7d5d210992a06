import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| (P\d+) \| [^|]+ \| ([^|]+) \|$", (ROOT / "docs/promises.md").read_text(), flags=re.MULTILINE)


def test_every_promise_stands_there_once_in_order() -> None:
    assert [name for name, _ in ROWS] == [f"P{number}" for number in range(1, 15)]


def test_every_promise_has_a_test_or_an_honest_not_yet() -> None:
    for name, held_by in ROWS:
        assert "`tests/" in held_by or held_by.startswith("not yet: "), name


def test_every_test_that_is_named_exists() -> None:
    for _, held_by in ROWS:
        for path, function in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", held_by):
            text = (ROOT / path).read_text()
            assert not function or re.search(rf"^(async )?def {function}\(", text, flags=re.MULTILINE), function


def test_every_file_of_promises_is_named() -> None:
    named = " ".join(held_by for _, held_by in ROWS)
    for path in (ROOT / "tests/promises").glob("test_*.py"):
        assert path.name in named
