"""The card that asks for consent, as rules: hypothesis presses its buttons in every order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from chat import absence, conversation
from chat.consent_card import (
    AFTERWARDS,
    CODES,
    UNASKED,
    Card,
    Item,
    Said,
    answer_id,
    card_answered,
    card_of,
    card_shown,
    card_taken_back,
    closing_id,
    taken_back_code,
    wish_recorded,
    withdrawal_id,
    words_of,
    yes_taken_back,
)
from contacts.committer import Decision
from contacts.contact import Author, Contact, Door, Kind, Line, Question, Refusal, Refused, State, Wish
from contacts.words import Words
from storage.ids import ContactId, StaffId

ANNA, BERT = StaffId("a" * 32), StaffId("b" * 32)
ASK, OTHER = "1" * 32, "2" * 32
NOW = 1_795_431_600
CARD = Card(
    lang="fi",
    to="Satama ry",
    wording="Saammeko lähettää nämä tiedot?",
    version=3,
    items=(Item("Ikä", "18–29"),),
    summary="Tarvitsee turvallisen paikan.",
    until="2026-12-06",
)
WORDS = words_of(CARD)


def talking(**changed: object) -> Contact:
    contact = conversation.begun(contact=ContactId("c" * 32), language="fi", tag="K7", now=NOW)
    return replace(contact, **{"state": State.ACTIVE, "operator": ANNA, **changed})


def asked(contact: Contact | None = None, ask: str = ASK) -> Contact:
    return card_shown(contact or talking(), NOW, staff=ANNA, ask=ask, words=WORDS).contact


def codes(decision: Decision) -> list[tuple[Kind, str | None, str | None]]:
    return [(entry.kind, entry.code, entry.client_id) for entry in decision.entries]


def refusal_of(rule_: object, *args: object, **named: object) -> Refusal:
    with pytest.raises(Refused) as refused:
        rule_(*args, **named)  # type: ignore[operator]
    return refused.value.code


def test_a_card_survives_its_sealing_and_nothing_else_is_taken_for_one() -> None:
    assert card_of(WORDS) == CARD
    assert card_of(Words("kyllä")) is None
    assert card_of(Words('{"lang":"fi"}')) is None
    assert card_of(Words(WORDS.reveal().replace("2026-12-06", "some day"))) is None


def test_a_card_that_no_sealed_text_can_hold_is_refused() -> None:
    assert refusal_of(words_of, replace(CARD, summary="ä" * 9000)) is Refusal.TOO_LONG


def test_the_operator_asks_and_the_card_stands_open() -> None:
    decision = card_shown(talking(), NOW, staff=ANNA, ask=ASK, words=WORDS)
    assert decision.contact.card == ASK
    (card,) = decision.entries
    assert (card.kind, card.author, card.client_id, card.words, card.staff) == (
        Kind.CARD,
        Author.WORKER,
        ASK,
        WORDS,
        ANNA,
    )


def test_a_newer_card_closes_the_older_one() -> None:
    decision = card_shown(asked(), NOW, staff=ANNA, ask=OTHER, words=WORDS)
    assert decision.contact.card == OTHER
    assert codes(decision) == [(Kind.ANSWER, Line.CARD_TAKEN_BACK, closing_id(ASK)), (Kind.CARD, None, OTHER)]


@pytest.mark.parametrize("wish", sorted(UNASKED))
def test_who_does_not_wish_to_share_is_not_asked_by_accident(wish: Wish) -> None:
    assert refusal_of(card_shown, talking(wish=wish), NOW, staff=ANNA, ask=ASK, words=WORDS) is Refusal.NOT_WISHED


def test_only_the_operator_of_a_living_chat_asks() -> None:
    assert refusal_of(card_shown, talking(), NOW, staff=BERT, ask=ASK, words=WORDS) is Refusal.NOT_YOURS
    by_phone = talking(door=Door.PHONE)
    assert refusal_of(card_shown, by_phone, NOW, staff=ANNA, ask=ASK, words=WORDS) is Refusal.NOT_YOURS
    over = talking(state=State.ENDED)
    assert refusal_of(card_shown, over, NOW, staff=ANNA, ask=ASK, words=WORDS) is Refusal.ENDED


@pytest.mark.parametrize("said", list(Said))
def test_a_press_answers_the_card_once_and_is_an_entry(said: Said) -> None:
    decision = card_answered(asked(talking(quiet_since=NOW)), NOW, ask=ASK, said=said)
    assert codes(decision) == [(Kind.ANSWER, CODES[said], answer_id(ASK))]
    assert (decision.entries[0].author, decision.contact.card, decision.contact.quiet_since) == (
        Author.VISITOR,
        None,
        None,
    )
    assert refusal_of(card_answered, decision.contact, NOW, ask=ASK, said=Said.YES) is Refusal.CARD_GONE


def test_a_press_on_another_card_or_after_the_end_counts_for_nothing() -> None:
    assert refusal_of(card_answered, asked(), NOW, ask=OTHER, said=Said.YES) is Refusal.CARD_GONE
    over = conversation.visitor_ended(asked(), NOW).contact
    assert over.card is None
    assert refusal_of(card_answered, over, NOW, ask=ASK, said=Said.YES) is Refusal.ENDED


def test_a_typed_yes_answers_no_card() -> None:
    said = conversation.visitor_said(
        asked(), NOW, client_id="00000001-0000-4000-8000-000000000000", words=Words("kyllä")
    )
    assert said.contact.card == ASK
    assert [entry.kind for entry in said.entries] == [Kind.MESSAGE]


def test_the_operator_takes_a_question_back_and_only_the_one_that_stands_open() -> None:
    decision = card_taken_back(asked(), NOW, staff=ANNA, ask=ASK)
    assert (decision.contact.card, codes(decision)) == (None, [(Kind.ANSWER, Line.CARD_TAKEN_BACK, closing_id(ASK))])
    assert card_taken_back(asked(), NOW, staff=ANNA, ask=OTHER).entries == ()
    assert refusal_of(card_taken_back, asked(), NOW, staff=BERT, ask=ASK) is Refusal.NOT_YOURS


@pytest.mark.parametrize(("sent", "code"), [(False, Line.CONSENT_WITHDRAWN), (True, Line.CONSENT_WITHDRAWN_SENT)])
def test_taking_back_says_whether_something_had_left(sent: bool, code: Line) -> None:
    assert taken_back_code(sent=sent) is code
    decision = yes_taken_back(talking(), NOW, ask=ASK, code=code)
    assert codes(decision) == [(Kind.ANSWER, code, withdrawal_id(ASK))]


def test_taking_back_is_the_last_line_of_a_conversation_that_has_just_ended() -> None:
    over = talking(state=State.ENDED, ended_at=NOW)
    decision = yes_taken_back(over, NOW + AFTERWARDS, ask=ASK, code=Line.CONSENT_WITHDRAWN)
    assert codes(decision) == [(Kind.ANSWER, Line.CONSENT_WITHDRAWN, withdrawal_id(ASK))]
    assert decision.contact is over
    late = NOW + AFTERWARDS + 1
    assert refusal_of(yes_taken_back, over, late, ask=ASK, code=Line.CONSENT_WITHDRAWN) is Refusal.ENDED


def test_a_card_leaves_with_the_worker_who_asked() -> None:
    gone = absence.operator_gone(asked(talking(operator_away_since=NOW - 600)), NOW)
    assert gone.contact.card is None
    assert (Kind.ANSWER, Line.CARD_TAKEN_BACK, closing_id(ASK)) in codes(gone)
    handed = conversation.visitor_answered(
        asked(talking(question=Question.HAND_OVER)), NOW, question=Question.HAND_OVER, yes=True
    )
    assert handed.contact.card is None
    assert (Kind.ANSWER, Line.CARD_TAKEN_BACK, closing_id(ASK)) in codes(handed)


def test_a_wish_not_to_share_closes_the_card_that_stands_open() -> None:
    decision = wish_recorded(asked(), NOW, staff=ANNA, wish=Wish.ANONYMOUS)
    assert (decision.contact.wish, decision.contact.card) == (Wish.ANONYMOUS, None)
    assert codes(decision) == [(Kind.ANSWER, Line.CARD_TAKEN_BACK, closing_id(ASK))]
    again = wish_recorded(decision.contact, NOW, staff=ANNA, wish=Wish.ANONYMOUS)
    assert again.contact is decision.contact
    assert wish_recorded(decision.contact, NOW, staff=ANNA, wish=Wish.SHARE).contact.wish is Wish.SHARE
    assert refusal_of(wish_recorded, talking(), NOW, staff=BERT, wish=Wish.SHARE) is Refusal.NOT_YOURS


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=300))
def test_whatever_is_on_a_card_is_shown_as_it_was_written(label: str, value: str, summary: str) -> None:
    card = replace(CARD, items=(Item(label, value),), summary=summary)
    assert card_of(words_of(card)) == card


class CardMachine(RuleBasedStateMachine):
    """Whatever is pressed in whatever order: an answer exists only to a card that stood open when it was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.contact = talking()
        self.number = 0
        self.open: str | None = None
        self.answers: dict[str, Line] = {}
        self.ids: list[str] = []

    def _follow(self, decision: Decision) -> None:
        self.contact = decision.contact
        for entry in decision.entries:
            assert entry.client_id not in self.ids or entry.client_id is None
            if entry.client_id is not None:
                self.ids.append(entry.client_id)
            if entry.kind is Kind.ANSWER:
                assert entry.code is not None
                assert entry.client_id is not None
                self.answers[entry.client_id] = entry.code

    def _try(self, rule_: object, **named: object) -> bool:
        try:
            self._follow(rule_(self.contact, NOW, **named))  # type: ignore[operator]
        except Refused:
            return False
        return True

    @rule()
    def ask(self) -> None:
        self.number += 1
        ask = f"{self.number:032x}"
        asked_now = self._try(card_shown, staff=ANNA, ask=ask, words=WORDS)
        assert asked_now is (
            self.contact.state is State.ACTIVE and self.contact.operator == ANNA and self.contact.wish not in UNASKED
        )
        if asked_now:
            self.open = ask

    @rule(number=st.integers(0, 6), said=st.sampled_from(Said))
    def press(self, number: int, said: Said) -> None:
        ask = f"{number:032x}"
        stood_open = self.open == ask
        assert self._try(card_answered, ask=ask, said=said) is stood_open
        if stood_open:
            assert self.answers[answer_id(ask)] is CODES[said]
            self.open = None

    @rule(wish=st.sampled_from([None, *Wish]))
    def wish(self, wish: Wish | None) -> None:
        if self._try(wish_recorded, staff=ANNA, wish=wish) and wish in UNASKED:
            self.open = None

    @rule(number=st.integers(0, 6))
    def take_back(self, number: int) -> None:
        ask = f"{number:032x}"
        if self._try(card_taken_back, staff=ANNA, ask=ask) and self.open == ask:
            self.open = None

    @rule(text=st.sampled_from(["kyllä", "yes", "YES, you may send this", "consent_yes"]))
    def type_yes(self, text: str) -> None:
        before = dict(self.answers)
        self.number += 1
        self._try(
            conversation.visitor_said, client_id=f"{self.number:08x}-0000-4000-8000-000000000000", words=Words(text)
        )
        assert self.answers == before

    @precondition(lambda self: self.contact.state is State.ACTIVE)
    @rule()
    def worker_goes(self) -> None:
        self.contact = replace(self.contact, operator_away_since=NOW - 600)
        self._follow(absence.operator_gone(self.contact, NOW))
        self._follow(conversation.operator_accepted(self.contact, NOW, staff=ANNA))
        self.open = None

    @rule()
    def end(self) -> None:
        self._follow(conversation.visitor_ended(self.contact, NOW))
        self.open = None

    @invariant()
    def at_most_one_card_stands_open_and_no_card_after_the_end(self) -> None:
        assert self.contact.card == self.open
        assert self.contact.state is not State.ENDED or self.contact.card is None


TestCardMachine = CardMachine.TestCase
TestCardMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
