"""What is counted about a contact, from its state alone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from contacts.contact import Contact, Door, EndedBy, State
from contacts.statistics.fact import Unit
from contacts.statistics.from_contact import person_fact, service_fact
from storage.ids import ContactId

HELSINKI = ZoneInfo("Europe/Helsinki")
BEGAN = int(datetime(2026, 3, 31, 21, 30, tzinfo=UTC).timestamp())  # in Helsinki half past midnight, in April
WAITING = Contact(id=ContactId("c" * 32), door=Door.CHAT, language="sv", tag="K4", state=State.WAITING, opened_at=BEGAN)


def ended(**changed: object) -> Contact:
    done = {"state": State.ENDED, "accepted_at": BEGAN + 60, "ended_at": BEGAN + 600, "ended_by": EndedBy.VISITOR}
    return msgspec.structs.replace(WAITING, **(done | changed))


def test_a_fact_about_the_service_is_in_the_towns_own_time() -> None:
    fact = service_fact(ended(waited=44), HELSINKI)
    assert (fact.unit, fact.month, fact.wait, fact.handle) == (Unit.SERVICE, "2026-04", 40, "")
    assert fact.codes == {
        "channel": ("chat",),
        "language": ("sv",),
        "weekday": ("3",),
        "band": ("00_to_04",),
        "answered": ("yes",),
        "outcome": (EndedBy.VISITOR.value,),
        "duration": ("5_to_15",),
    }


def test_whom_nobody_answered_has_no_duration_and_perhaps_no_outcome() -> None:
    fact = service_fact(WAITING, HELSINKI)
    assert (fact.codes["answered"], fact.codes["outcome"], fact.wait) == (("no",), ("unsaid",), None)
    assert "duration" not in fact.codes
    assert service_fact(ended(waited=-3), HELSINKI).wait == 0


@pytest.mark.parametrize(
    ("minutes", "name"),
    [(4, "under_5"), (5, "5_to_15"), (15, "15_to_30"), (30, "30_to_60"), (60, "over_60"), (600, "over_60")],
)
def test_a_duration_is_told_in_steps(minutes: int, name: str) -> None:
    contact = ended(accepted_at=BEGAN, ended_at=BEGAN + minutes * 60)
    assert service_fact(contact, HELSINKI).codes["duration"] == (name,)


def test_a_fact_about_the_person_is_what_the_record_says() -> None:
    fact = person_fact(ended(), HELSINKI, {"who": ["self"], "age": []}, "h" * 8)
    assert (fact.unit, fact.month, fact.handle, fact.wait) == (Unit.CONTACT, "2026-04", "h" * 8, None)
    assert fact.codes == {"channel": ("chat",), "language": ("sv",), "who": ("self",)}


def test_without_a_record_stands_what_the_house_knows() -> None:
    fact = person_fact(ended(danger=True), HELSINKI, None, "h" * 8)
    assert fact.codes["danger"] == ("yes",)
