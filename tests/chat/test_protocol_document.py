"""docs/protocol.md and the code say the same: every frame, field and code of the one is in the other."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec import Struct

from chat.close_codes import Close
from chat.consent_card import CODES, Card, Item, Said, answer_id, closing_id, withdrawal_id
from chat.desktop import Row
from chat.frames import LONGEST_TEXT, Consent, FromVisitor, ToVisitor
from chat.socket import HELLO_WITHIN, SILENCE_LIMIT
from chat.strict_json import LARGEST_FRAME
from chat.visitor_door import WITHDRAW
from contacts.contact import Author, Kind, Line, Refusal, State
from operator_ui.desk_frames import FromDesk, OpenRef, ToDesk

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text()


def section(title: str) -> str:
    """The text under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/protocol.md has no heading {title!r}"
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def ticked(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]*)`", cell)


def fields_of(kind: type[Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def tag_of(kind: type[Struct]) -> str:
    return str(kind.__struct_config__.tag)


def kinds(union: object) -> dict[str, set[str]]:
    return {tag_of(kind): fields_of(kind) for kind in get_args(union)}


@pytest.mark.parametrize(
    ("title", "union"),
    [
        ("Frames from the visitor", FromVisitor),
        ("Frames to the visitor", ToVisitor),
        ("Frames from the desk", FromDesk),
        ("Frames to the desk", ToDesk),
    ],
)
def test_every_frame_is_in_the_document_with_its_fields_and_no_other(title: str, union: object) -> None:
    written = {ticked(row[0])[0]: (row[1], set(ticked(row[1]))) for row in rows(title)}
    actual = kinds(union)
    assert written.keys() == actual.keys()
    for tag, (cell, fields) in written.items():
        if cell == "as above, and `contact`":
            above = {ticked(row[0])[0]: set(ticked(row[1])) for row in rows("Frames to the visitor")}
            assert fields | above[tag] == actual[tag], tag
        else:
            assert fields == actual[tag], tag


def test_a_row_of_the_line_has_the_fields_it_is_said_to_have() -> None:
    (line,) = [row for row in rows("Frames to the desk") if ticked(row[0]) == ["line"]]
    listed = re.search(r"A row: `\{(.*?)\}`", line[2])
    assert listed is not None
    assert set(re.findall(r'"([a-z_]+)"', listed[1])) == fields_of(Row)


def test_a_conversation_on_screen_is_named_as_the_document_says() -> None:
    (hello,) = [row for row in rows("Frames from the desk") if ticked(row[0]) == ["hello"]]
    listed = re.search(r"list of `\{(.*?)\}`", hello[2])
    assert listed is not None
    assert set(re.findall(r'"([a-z_]+)"', listed[1])) == fields_of(OpenRef)


def test_every_close_code_is_in_the_document_and_no_other() -> None:
    written = {int(row[0]): row[1] for row in rows("Close codes")}
    assert written == {code.value: code.name.lower().replace("_", " ") for code in Close}
    assert all(row[2] for row in rows("Close codes")), "each says what the other side does"


def test_every_error_is_in_the_document_and_no_other() -> None:
    assert {ticked(row[0])[0] for row in rows("Errors (the connection lives on)")} == {code.value for code in Refusal}


def test_every_code_of_a_line_is_in_the_document_and_no_other() -> None:
    answers = {*CODES.values(), Line.CONSENT_WITHDRAWN, Line.CONSENT_WITHDRAWN_SENT, Line.CARD_TAKEN_BACK}
    assert sorted(ticked(section("Codes of answers"))) == sorted(answers)
    assert sorted(ticked(section("Codes of lines"))) == sorted(code.value for code in Line if code not in answers)


def test_a_card_has_the_parts_and_the_ids_it_is_said_to_have() -> None:
    text = section("Cards that ask for consent")
    card, item = re.findall(r"`\{(.*?)\}`", text)
    assert re.findall(r'"([a-z_]+)"', card) == [field.encode_name for field in msgspec.structs.fields(Card)]
    assert re.findall(r'"([a-z_]+)"', item) == [field.encode_name for field in msgspec.structs.fields(Item)]
    assert {answer_id(""), withdrawal_id(""), closing_id("")} <= set(ticked(text))


def test_what_can_be_pressed_on_a_card_is_in_the_document_and_no_more() -> None:
    (frame,) = [row for row in rows("Frames from the visitor") if ticked(row[0]) == ["consent"]]
    (field,) = [one for one in msgspec.structs.fields(Consent) if one.name == "answer"]
    assert set(ticked(frame[2])) - {"answer"} == set(get_args(field.type)) == {*Said, WITHDRAW}


def test_states_kinds_and_authors_are_the_ones_of_the_code() -> None:
    meaning = {ticked(row[0])[0]: set(ticked(row[2])) for row in rows("Frames to the visitor")}
    assert {state.value for state in State} - {State.OFFERED.value} <= meaning["welcome"]
    shown = (Kind.MESSAGE, Kind.LINE, Kind.CARD, Kind.ANSWER)
    assert {*(kind.value for kind in shown), *(author.value for author in Author)} <= meaning["entry"]
    desk = {ticked(row[0])[0]: set(ticked(row[2])) for row in rows("Frames to the desk")}
    assert {state.value for state in State} <= desk["line"]
    assert {"taken", "missed", "left"} <= desk["offer_gone"]


def test_limits_and_deadlines_are_the_ones_of_the_code() -> None:
    rules = re.sub(r"\s+", " ", TEXT)
    assert f"at most {LARGEST_FRAME // 1024} KiB" in rules
    assert f"at most {LONGEST_TEXT:,} characters" in rules
    assert f"arrives within {HELLO_WITHIN:g} s" in rules
    assert f"after {SILENCE_LIMIT:g} s of silence" in rules
