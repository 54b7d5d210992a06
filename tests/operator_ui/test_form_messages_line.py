import json
from collections.abc import Callable

from chat.form_list import Listed
from contacts.contact import Answer, Urgency
from operator_ui.form_messages_line import FormMessagesLine
from storage.ids import ContactId, StaffId

ANNA, BERT = StaffId("anna"), StaffId("bert")


class FakeList:
    """The part of `chat.form_list.FormList` that desks use."""

    def __init__(self, *rows: Listed, count: int | None = None) -> None:
        self.rows = rows
        self.count = len(rows) if count is None else count
        self.handlers: list[Callable[[], None]] = []

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]:
        self.handlers.append(handler)
        return lambda: self.handlers.remove(handler)


def listed(operator: StaffId | None = None, *, by: str | None = None, away: bool = False) -> Listed:
    return Listed(
        ContactId("c" * 32), "K7", "fi", 100, Urgency.URGENT, Answer.WANTED, operator=operator, by=by, away=away
    )


def told(*rows: Listed, count: int | None = None) -> dict[str, object]:
    frames: list[str] = []
    FormMessagesLine(forms=FakeList(*rows, count=count), staff=ANNA, send=frames.append).tell()
    (frame,) = frames
    found: dict[str, object] = json.loads(frame)
    return found


def test_a_desk_is_told_what_waits_and_whose_the_rest_is() -> None:
    frame = told(listed(), listed(ANNA, by="Anna"), listed(BERT, by="Bert"), listed(BERT, by="Bert", away=True))
    rows = frame["rows"]
    assert isinstance(rows, list)
    assert frame["t"] == "forms"
    assert [(row["state"], row["by"]) for row in rows] == [
        ("waiting", None),
        ("mine", None),
        ("taken", "Bert"),
        ("left", "Bert"),
    ]
    assert {key: rows[0][key] for key in ("contact", "tag", "language", "since", "urgency", "answer")} == {
        "contact": "c" * 32,
        "tag": "K7",
        "language": "fi",
        "since": 100,
        "urgency": "urgent",
        "answer": "wanted",
    }


def test_of_a_flood_the_number_is_told() -> None:
    assert told(listed(), count=5000)["count"] == 5000


def test_changes_are_told_until_it_stops() -> None:
    forms, frames = FakeList(), list[str]()
    line = FormMessagesLine(forms=forms, staff=ANNA, send=frames.append)
    forms.handlers[0]()
    assert len(frames) == 1
    line.stop()
    assert forms.handlers == []
