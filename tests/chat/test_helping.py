"""A lead helps in a live conversation, as rules: no way in without a line that both see."""

import pytest
from msgspec.structs import replace

from chat import absence, conversation
from chat.helping import lead_joined, lead_left
from contacts.contact import Author, Contact, Door, Kind, Line, Refusal, Refused, State
from storage.ids import ContactId, StaffId

ANNA, KAISA, LIISA = StaffId("a" * 32), StaffId("b" * 32), StaffId("c" * 32)
NOW = 1_795_431_600


def talking(**changed: object) -> Contact:
    contact = conversation.begun(contact=ContactId("c" * 32), language="fi", tag="K7", now=NOW)
    return replace(contact, **{"state": State.ACTIVE, "operator": ANNA, **changed})


def refusal(contact: Contact, staff: StaffId = KAISA) -> Refusal:
    with pytest.raises(Refused) as refused:
        lead_joined(contact, NOW, staff=staff)
    return refused.value.code


def test_joining_and_leaving_are_lines_that_name_the_lead() -> None:
    joined = lead_joined(talking(), NOW, staff=KAISA)
    (said,) = joined.entries
    assert joined.contact.helper == KAISA
    assert (said.kind, said.author, said.code, said.staff) == (Kind.LINE, Author.HOUSE, Line.LEAD_JOINED, KAISA)
    assert not joined.silent
    left = lead_left(joined.contact, NOW, staff=KAISA)
    assert (left.contact.helper, [entry.code for entry in left.entries]) == (None, [Line.LEAD_LEFT])


def test_again_changes_nothing_and_nobody_else_joins_or_leaves_for_them() -> None:
    helped = talking(helper=KAISA)
    assert lead_joined(helped, NOW, staff=KAISA).entries == ()
    assert refusal(helped, LIISA) is Refusal.ALREADY_TAKEN
    assert lead_left(helped, NOW, staff=LIISA).contact is helped
    assert lead_left(talking(), NOW, staff=KAISA).entries == ()


def test_only_somebody_elses_chat_that_is_under_way_is_joined() -> None:
    for contact in (
        talking(state=State.ENDED),
        talking(state=State.WAITING, operator=None),
        talking(operator=None),
        talking(door=Door.PHONE),
        talking(operator=KAISA),
    ):
        assert refusal(contact) is Refusal.NOT_YOURS


def test_who_helped_goes_with_the_worker_and_at_the_end() -> None:
    helped = talking(helper=KAISA, operator_away_since=NOW - 600)
    assert absence.operator_gone(helped, NOW).contact.helper is None
    assert conversation.visitor_ended(helped, NOW).contact.helper is None
