import pytest
from msgspec.structs import replace

from chat import conversation, form_rules
from contacts.contact import Contact, Door, EndedBy, Refusal, Refused, State
from contacts.words import Words
from storage.ids import ContactId, StaffId

ANNA, BERT = StaffId("anna"), StaffId("bert")
WAITING = form_rules.arrived(contact=ContactId("c"), language="fi", tag="K7", now=100)
MINE = form_rules.taken(WAITING, 200, staff=ANNA).contact
DONE = form_rules.dealt_with(MINE, 300, staff=ANNA, outcome=EndedBy.ANSWERED).contact
CHAT = replace(MINE, door=Door.CHAT)


def refusal_of(rule: object, contact: Contact, **given: object) -> Refusal:
    assert callable(rule)
    with pytest.raises(Refused) as refused:
        rule(contact, 400, **given)
    return refused.value.code


def test_a_message_waits_from_the_moment_it_was_sent() -> None:
    assert (WAITING.door, WAITING.state, WAITING.opened_at, WAITING.operator) == (Door.FORM, State.WAITING, 100, None)


def test_taken_it_has_an_operator() -> None:
    assert (MINE.state, MINE.operator, MINE.accepted_at, MINE.opened_at) == (State.ACTIVE, ANNA, 200, 100)


def test_taking_what_is_mine_changes_nothing() -> None:
    assert form_rules.taken(MINE, 400, staff=ANNA).contact is MINE


def test_a_colleague_may_take_it_over() -> None:
    assert form_rules.taken(MINE, 400, staff=BERT).contact.operator == BERT


def test_put_back_it_waits_as_long_as_before() -> None:
    assert form_rules.put_back(MINE, 400, staff=ANNA).contact == WAITING


@pytest.mark.parametrize("outcome", sorted(form_rules.OUTCOMES))
def test_dealt_with_it_ends_with_what_came_of_it_and_writes_no_line(outcome: EndedBy) -> None:
    decision = form_rules.dealt_with(MINE, 300, staff=ANNA, outcome=outcome)
    assert (decision.contact.state, decision.contact.ended_by, decision.contact.ended_at) == (State.ENDED, outcome, 300)
    assert decision.entries == ()


def test_saying_the_same_again_changes_nothing() -> None:
    assert form_rules.dealt_with(DONE, 400, staff=ANNA, outcome=EndedBy.ANSWERED).contact is DONE


def test_what_was_dealt_with_stays_so() -> None:
    assert refusal_of(form_rules.taken, DONE, staff=BERT) is Refusal.ENDED
    assert refusal_of(form_rules.put_back, DONE, staff=ANNA) is Refusal.ENDED
    assert refusal_of(form_rules.dealt_with, DONE, staff=ANNA, outcome=EndedBy.TRIED) is Refusal.ENDED


def test_nobody_puts_back_or_settles_what_a_colleague_has() -> None:
    assert refusal_of(form_rules.put_back, MINE, staff=BERT) is Refusal.NOT_YOURS
    assert refusal_of(form_rules.dealt_with, MINE, staff=BERT, outcome=EndedBy.TRIED) is Refusal.NOT_YOURS


def test_a_conversation_is_no_message() -> None:
    assert refusal_of(form_rules.taken, CHAT, staff=ANNA) is Refusal.NOT_YOURS
    assert refusal_of(form_rules.put_back, CHAT, staff=ANNA) is Refusal.NOT_YOURS
    assert refusal_of(form_rules.dealt_with, CHAT, staff=ANNA, outcome=EndedBy.TRIED) is Refusal.NOT_YOURS


def test_a_message_is_no_conversation_but_takes_notes() -> None:
    assert refusal_of(conversation.operator_accepted, WAITING, staff=ANNA) is Refusal.NOT_YOURS
    assert (
        refusal_of(conversation.operator_said, MINE, staff=ANNA, client_id="1", words=Words("x")) is Refusal.NOT_YOURS
    )
    assert refusal_of(conversation.operator_ended, MINE, staff=ANNA) is Refusal.NOT_YOURS
    noted = conversation.operator_noted(MINE, 400, staff=ANNA, client_id="1", words=Words("x"))
    assert len(noted.entries) == 1


def test_a_telephone_takes_what_is_free_or_its_own_and_never_a_colleagues() -> None:
    assert form_rules.taken_by_phone(WAITING, 200, staff=ANNA).contact == MINE
    assert form_rules.taken_by_phone(MINE, 400, staff=ANNA).contact is MINE
    assert refusal_of(form_rules.taken_by_phone, MINE, staff=BERT) is Refusal.ALREADY_TAKEN
