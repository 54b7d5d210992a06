from pathlib import Path

import pytest

from contacts.app_key import AppKey
from contacts.distrust import Forged, MarkMissing
from contacts.marks import FileMarks, Mark, Marks, MemoryMarks

APP_KEY = AppKey.fresh()


@pytest.fixture(params=["memory", "file"])
def marks(request: pytest.FixtureRequest, tmp_path: Path) -> Marks:
    return MemoryMarks() if request.param == "memory" else FileMarks(path=tmp_path / "marks", app_key=APP_KEY)


def test_marks_that_were_never_made_are_missing(marks: Marks) -> None:
    with pytest.raises(MarkMissing):
        marks.read()
    with pytest.raises(MarkMissing):
        marks.raise_to(Mark(1, 1))


def test_marks_go_up_each_by_itself(marks: Marks) -> None:
    marks.accept(Mark())
    marks.raise_to(Mark(epoch=3))
    marks.raise_to(Mark(people=5))
    assert marks.read() == Mark(3, 5)


def test_each_organisation_has_a_mark_of_its_own(marks: Marks) -> None:
    marks.accept(Mark(3, 5))
    marks.raise_to(Mark(organisations={"b": 2, "a": 1}))
    marks.raise_to(Mark(organisations={"b": 1, "c": 4}))
    assert marks.read() == Mark(3, 5, {"a": 1, "b": 2, "c": 4})


def test_marks_of_organisations_that_were_edited_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "marks"
    FileMarks(path=path, app_key=APP_KEY).accept(Mark(3, 5, {"a": 1, "b": 2}))
    for there, instead in (("b 2", "b 1"), ("\nb 2", ""), ("b 2", "b"), ("b 2", "b 2\nc 1"), ("a 1", "a 12\nb")):
        text = path.read_text()
        path.write_text(text.replace(there, instead))
        with pytest.raises(Forged):
            FileMarks(path=path, app_key=APP_KEY).read()
        path.write_text(text)


def test_marks_never_go_down_by_themselves(marks: Marks) -> None:
    marks.accept(Mark(3, 5))
    marks.raise_to(Mark(2, 4))
    assert marks.read() == Mark(3, 5)


def test_an_administrator_may_accept_lower_marks(marks: Marks) -> None:
    marks.accept(Mark(3, 5))
    marks.accept(Mark(1, 1))
    assert marks.read() == Mark(1, 1)


def test_marks_outlive_the_process(tmp_path: Path) -> None:
    FileMarks(path=tmp_path / "marks", app_key=APP_KEY).accept(Mark(3, 5))
    assert FileMarks(path=tmp_path / "marks", app_key=APP_KEY).read() == Mark(3, 5)
    assert (tmp_path / "marks").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "3 5", "2 5 {code}", "3 4 {code}", "3 5 zz", "x 5 {code}", "3 5 {code} more"])
def test_marks_that_were_edited_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "marks"
    FileMarks(path=path, app_key=APP_KEY).accept(Mark(3, 5))
    path.write_text(text.format(code=path.read_text().split()[2]))
    with pytest.raises(Forged):
        FileMarks(path=path, app_key=APP_KEY).read()
