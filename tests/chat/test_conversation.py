"""The rules of a conversation, one by one and then in any order that hypothesis can think of."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from chat import absence, conversation
from contacts.committer import Also, Decision
from contacts.contact import Author, Contact, EndedBy, Kind, Klass, Line, NewEntry, Question, Refusal, Refused, State
from contacts.words import Words
from storage.ids import StaffId
from tests.chat.talks import ACTIVE, ANNA, BERTIL, ENDED, OFFERED, START, WAITING, lines

ENDING = {Line.ENDED_BY_VISITOR, Line.ENDED_BY_WORKER, Line.LEFT_QUICKLY, Line.ENDED_SILENT}
HI = Words("hei")

Rule = Callable[[Contact, int], Decision]
VISITOR_SAYS: Rule = partial(conversation.visitor_said, client_id="id", words=HI)
ANNA_SAYS: Rule = partial(conversation.operator_said, staff=ANNA, client_id="id", words=HI)
ANNA_NOTES: Rule = partial(conversation.operator_noted, staff=ANNA, client_id="id", words=HI)
ANNA_ACCEPTS: Rule = partial(conversation.operator_accepted, staff=ANNA)
BERTIL_ACCEPTS: Rule = partial(conversation.operator_accepted, staff=BERTIL)
ENDINGS: list[Rule] = [
    conversation.visitor_ended,
    conversation.visitor_left,
    partial(conversation.operator_ended, staff=ANNA),
]


def refusal(rule: Rule, contact: Contact) -> Refusal:
    with pytest.raises(Refused) as refused:
        rule(contact, START + 10)
    return refused.value.code


def test_a_conversation_begins_in_the_line_with_nobody() -> None:
    assert WAITING.state is State.WAITING
    assert (WAITING.language, WAITING.tag, WAITING.opened_at) == ("fi", "K7", START)
    assert WAITING.operator is None
    assert WAITING.offered_to is None


@pytest.mark.parametrize("contact", [WAITING, OFFERED, ACTIVE], ids=lambda c: c.state)
def test_the_visitor_writes_at_any_time_before_the_end(contact: Contact) -> None:
    decision = VISITOR_SAYS(contact, START + 5)
    assert decision.contact is contact
    assert decision.entries == (NewEntry(kind=Kind.MESSAGE, author=Author.VISITOR, words=HI, client_id="id"),)
    assert decision.also == ()


def test_the_worker_writes_as_who_they_are() -> None:
    message = NewEntry(kind=Kind.MESSAGE, author=Author.WORKER, words=HI, client_id="id", staff=ANNA)
    assert ANNA_SAYS(ACTIVE, START + 5).entries == (message,)


def test_nobody_writes_after_the_end() -> None:
    assert refusal(VISITOR_SAYS, ENDED) is Refusal.ENDED
    assert refusal(ANNA_SAYS, ENDED) is Refusal.ENDED


def test_a_note_goes_into_the_record_and_also_after_the_end() -> None:
    for contact in (ACTIVE, ENDED):
        (note,) = ANNA_NOTES(contact, START + 5).entries
        assert (note.kind, note.klass, note.author, note.staff) == (Kind.NOTE, Klass.RECORD, Author.WORKER, ANNA)
        assert (note.words, note.client_id) == (HI, "id")


@pytest.mark.parametrize("contact", [WAITING, OFFERED, replace(ACTIVE, operator=BERTIL), replace(ENDED, operator=None)])
def test_who_is_not_the_operator_neither_writes_nor_notes_nor_shows_nor_ends(contact: Contact) -> None:
    shows: Rule = partial(conversation.operator_showed, staff=ANNA, seq=1)
    ends: Rule = partial(conversation.operator_ended, staff=ANNA)
    assert {refusal(rule, contact) for rule in (ANNA_SAYS, ANNA_NOTES, shows, ends)} == {Refusal.NOT_YOURS}


def test_an_offer_stands_for_a_minute() -> None:
    assert (OFFERED.state, OFFERED.offered_to) == (State.OFFERED, ANNA)
    assert OFFERED.offer_until == START + 1 + conversation.OFFER_TIME
    assert conversation.offer_lapsed(OFFERED, START + conversation.OFFER_TIME) == Decision(OFFERED)
    lapsed = conversation.offer_lapsed(OFFERED, START + 1 + conversation.OFFER_TIME)
    assert lapsed == Decision(replace(WAITING, missed_by=ANNA, missed_at=START + 1 + conversation.OFFER_TIME))


@pytest.mark.parametrize("contact", [OFFERED, ACTIVE, ENDED], ids=lambda c: c.state)
def test_only_somebody_in_the_line_is_offered(contact: Contact) -> None:
    assert refusal(partial(conversation.offered, staff=BERTIL), contact) is Refusal.ALREADY_TAKEN


@pytest.mark.parametrize("contact", [WAITING, ACTIVE, ENDED, replace(OFFERED, offer_until=None)])
def test_an_offer_that_is_not_there_does_not_lapse(contact: Contact) -> None:
    assert conversation.offer_lapsed(contact, START + 1000) == Decision(contact)


def test_an_offer_is_declined_by_whom_it_was_made_to() -> None:
    declined = conversation.offer_declined(OFFERED, START + 5, staff=ANNA)
    assert declined.contact == replace(WAITING, missed_by=ANNA, missed_at=START + 5)
    assert conversation.offer_declined(OFFERED, START + 5, staff=BERTIL) == Decision(OFFERED)
    assert conversation.offer_declined(ACTIVE, START + 5, staff=ANNA) == Decision(ACTIVE)


def test_an_operator_takes_from_the_line_as_well_as_what_was_offered() -> None:
    assert lines(BERTIL_ACCEPTS(WAITING, START + 5)) == [Line.WORKER_JOINED]
    taken = ANNA_ACCEPTS(OFFERED, START + 5)
    assert lines(taken) == [Line.WORKER_JOINED]
    assert taken.entries[0].staff == ANNA
    assert (taken.contact.state, taken.contact.operator, taken.contact.accepted_at) == (State.ACTIVE, ANNA, START + 5)
    assert (taken.contact.offered_to, taken.contact.offer_until, taken.contact.missed_by) == (None, None, None)


def test_of_two_who_accept_one_wins_and_may_repeat_it() -> None:
    assert refusal(BERTIL_ACCEPTS, OFFERED) is Refusal.ALREADY_TAKEN
    assert refusal(BERTIL_ACCEPTS, ACTIVE) is Refusal.ALREADY_TAKEN
    assert ANNA_ACCEPTS(ACTIVE, START + 9) == Decision(ACTIVE)


def test_what_is_over_is_accepted_by_nobody() -> None:
    assert refusal(ANNA_ACCEPTS, ENDED) is Refusal.ENDED
    assert refusal(BERTIL_ACCEPTS, ENDED) is Refusal.ENDED


def test_what_was_shown_only_grows() -> None:
    decision = conversation.operator_showed(ACTIVE, START + 5, staff=ANNA, seq=4)
    assert decision.silent
    shown = decision.contact
    assert shown.shown_seq == 4
    assert conversation.operator_showed(shown, START + 6, staff=ANNA, seq=4) == Decision(shown)
    assert conversation.operator_showed(shown, START + 6, staff=ANNA, seq=3) == Decision(shown)


@pytest.mark.parametrize(
    ("rule", "by", "line"),
    [
        (conversation.visitor_ended, EndedBy.VISITOR, Line.ENDED_BY_VISITOR),
        (conversation.visitor_left, EndedBy.LEFT_QUICKLY, Line.LEFT_QUICKLY),
        (partial(conversation.operator_ended, staff=ANNA), EndedBy.WORKER, Line.ENDED_BY_WORKER),
    ],
)
def test_an_end_says_how_once_and_forgets_the_visitor_once(rule: Rule, by: EndedBy, line: Line) -> None:
    over = rule(ACTIVE, START + 5)
    assert lines(over) == [line]
    assert over.also == (Also.FORGET_VISITOR,)
    assert (over.contact.state, over.contact.ended_at, over.contact.ended_by) == (State.ENDED, START + 5, by)
    assert all(again(over.contact, START + 6) == Decision(over.contact) for again in ENDINGS)


def test_whoever_leaves_takes_the_offer_along() -> None:
    gone = conversation.visitor_left(OFFERED, START + 5).contact
    assert (gone.offered_to, gone.offer_until, gone.operator) == (None, None, None)


people = st.sampled_from([ANNA, BERTIL, StaffId("cecilia")])


class Conversations(RuleBasedStateMachine):
    """Anything may happen at any time, in any order; what must never happen is watched after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.contact = WAITING
        self.entries: list[NewEntry] = []
        self.forgotten = 0
        self.operators: set[StaffId] = set()
        self.over: Contact | None = None
        self.shown = 0

    def happen(self, rule: Rule, *, repeatable: bool = True) -> None:
        before = self.contact
        try:
            decision = rule(before, self.now)
        except Refused:
            return
        self.contact = decision.contact
        self.entries += decision.entries
        self.forgotten += decision.also.count(Also.FORGET_VISITOR)
        if before.state is State.ENDED:
            assert all(entry.kind is Kind.NOTE for entry in decision.entries)
        if repeatable:
            assert rule(self.contact, self.now) == Decision(self.contact)

    @rule(seconds=st.sampled_from([0, 1, 30, 60, 61, 599, 600, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(number=st.integers(0, 99))
    def visitor_says(self, number: int) -> None:
        said = partial(conversation.visitor_said, client_id=str(number), words=HI)
        self.happen(said, repeatable=False)

    @rule(staff=people, note=st.booleans())
    def operator_writes(self, staff: StaffId, note: bool) -> None:
        wrote = conversation.operator_noted if note else conversation.operator_said
        self.happen(partial(wrote, staff=staff, client_id="x", words=HI), repeatable=False)
        assert self.contact.operator == staff or (not self.entries or self.entries[-1].staff != staff)

    @rule(staff=people)
    def offered(self, staff: StaffId) -> None:
        self.happen(partial(conversation.offered, staff=staff), repeatable=False)

    @rule()
    def offer_lapses(self) -> None:
        self.happen(conversation.offer_lapsed)

    @rule(staff=people)
    def declines(self, staff: StaffId) -> None:
        self.happen(partial(conversation.offer_declined, staff=staff))

    @rule(staff=people)
    def accepts(self, staff: StaffId) -> None:
        self.happen(partial(conversation.operator_accepted, staff=staff))

    @rule(staff=people, seq=st.integers(0, 9))
    def shows(self, staff: StaffId, seq: int) -> None:
        self.happen(partial(conversation.operator_showed, staff=staff, seq=seq))

    @rule(visitor_back=st.booleans())
    def visitor_comes_or_goes(self, visitor_back: bool) -> None:
        self.happen(absence.visitor_returned if visitor_back else absence.visitor_lost)

    @rule(staff=people, back=st.booleans())
    def operator_comes_or_goes(self, staff: StaffId, back: bool) -> None:
        moved = absence.operator_returned if back else absence.operator_lost
        self.happen(partial(moved, staff=staff))

    @rule()
    def silence(self) -> None:
        self.happen(absence.visitor_silent)

    @precondition(lambda self: len(self.entries) > 3)
    @rule(quickly=st.booleans())
    def visitor_goes(self, quickly: bool) -> None:
        self.happen(conversation.visitor_left if quickly else conversation.visitor_ended)

    @precondition(lambda self: len(self.entries) > 3)
    @rule(staff=people)
    def operator_ends(self, staff: StaffId) -> None:
        self.happen(partial(conversation.operator_ended, staff=staff))

    @invariant()
    def the_end_is_final_and_said_once(self) -> None:
        over = self.contact.state is State.ENDED
        assert sum(entry.code in ENDING for entry in self.entries) == int(over)
        assert self.forgotten == int(over)
        assert (self.contact.ended_at is not None) == (self.contact.ended_by is not None) == over
        if self.over is not None:
            assert replace(self.contact, shown_seq=0) == self.over
        elif over:
            self.over = replace(self.contact, shown_seq=0)

    @invariant()
    def one_operator_wins(self) -> None:
        if self.contact.operator is not None:
            self.operators.add(self.contact.operator)
        joined = [entry.staff for entry in self.entries if entry.code is Line.WORKER_JOINED]
        assert joined == sorted(self.operators)
        assert len(joined) <= 1
        assert (self.contact.accepted_at is not None) == bool(joined)

    @invariant()
    def an_offer_is_whole_or_not_there(self) -> None:
        offered = self.contact.state is State.OFFERED
        assert (self.contact.offered_to is not None) == offered
        assert (self.contact.offer_until is not None) == offered
        if self.contact.state is State.ACTIVE:
            assert self.contact.operator is not None

    @invariant()
    def lost_and_back_take_turns(self) -> None:
        codes = [entry.code for entry in self.entries]
        for lost, back, away in (
            (Line.VISITOR_LOST, Line.VISITOR_BACK, self.contact.visitor_away_since),
            (Line.WORKER_LOST, Line.WORKER_BACK, self.contact.operator_away_since),
        ):
            told = [code for code in codes if code in {lost, back}]
            assert told == [lost, back] * (len(told) // 2) + [lost] * (len(told) % 2)
            assert (away is not None) == (len(told) % 2 == 1)

    @invariant()
    def what_was_shown_never_goes_back(self) -> None:
        assert self.contact.shown_seq >= self.shown
        self.shown = self.contact.shown_seq

    @invariant()
    def every_entry_is_a_message_a_note_or_a_code(self) -> None:
        for entry in self.entries:
            if entry.kind is Kind.LINE:
                assert entry.author is Author.HOUSE
                assert (entry.words, entry.client_id) == (None, None)
                assert entry.code is not None
            else:
                assert entry.code is None
                assert entry.words is not None
                assert entry.client_id is not None
            assert (entry.klass is Klass.RECORD) == (entry.kind is Kind.NOTE)

    @invariant()
    def times_are_in_order(self) -> None:
        contact = self.contact
        times = [t for t in (contact.opened_at, contact.accepted_at, contact.ended_at, self.now) if t is not None]
        assert times == sorted(times)


Conversations.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyConversation = Conversations.TestCase


@pytest.mark.parametrize("contact", [OFFERED, ACTIVE, ENDED], ids=lambda c: c.state)
def test_only_who_waits_is_overtaken(contact: Contact) -> None:
    assert conversation.overtaken(contact, START + 5).contact is contact
    twice = conversation.overtaken(conversation.overtaken(WAITING, START + 5).contact, START + 6)
    assert (twice.contact.overtaken, twice.silent) == (2, True)


def test_nobody_is_flagged_after_the_end() -> None:
    assert refusal(partial(conversation.danger_flagged, staff=ANNA, on=True), ENDED) is Refusal.ENDED


def test_nothing_is_asked_after_the_end() -> None:
    assert (
        refusal(partial(conversation.operator_asked, staff=ANNA, question=Question.HAND_OVER), ENDED) is Refusal.ENDED
    )


def test_the_same_question_is_asked_once_and_nothing_where_nothing_is_veiled() -> None:
    asked = conversation.operator_asked(ACTIVE, START + 5, staff=ANNA, question=Question.HAND_OVER).contact
    assert conversation.operator_asked(asked, START + 6, staff=ANNA, question=Question.HAND_OVER).contact is asked
    assert conversation.operator_asked(ACTIVE, START + 5, staff=ANNA, question=Question.READ).contact is ACTIVE


def test_whoever_writes_is_not_quiet() -> None:
    quiet = replace(ACTIVE, quiet_since=START + 4)
    assert VISITOR_SAYS(quiet, START + 5).contact == ACTIVE


def test_the_danger_flag_of_a_conversation_is_its_operators() -> None:
    assert refusal(partial(conversation.danger_flagged, staff=BERTIL, on=True), ACTIVE) is Refusal.NOT_YOURS
    flagged = conversation.danger_flagged(ACTIVE, START + 5, staff=ANNA, on=True).contact
    assert flagged.danger
    assert conversation.danger_flagged(flagged, START + 6, staff=ANNA, on=True).contact is flagged
    assert conversation.danger_flagged(WAITING, START + 6, staff=BERTIL, on=True).contact.danger


def test_an_answer_counts_only_for_what_is_asked() -> None:
    assert conversation.visitor_answered(ACTIVE, START + 5, question=Question.READ, yes=True).contact is ACTIVE
    veiled = replace(ACTIVE, reads_from=9)
    asked = conversation.operator_asked(veiled, START + 5, staff=ANNA, question=Question.READ).contact
    for yes, code, reads_from in ((True, Line.READ_ALLOWED, 1), (False, Line.READ_REFUSED, 9)):
        answer = conversation.visitor_answered(asked, START + 6, question=Question.READ, yes=yes)
        assert (lines(answer), answer.contact.reads_from, answer.contact.question) == ([code], reads_from, None)


def test_a_conversation_is_handed_over_only_with_a_yes() -> None:
    asked = conversation.operator_asked(ACTIVE, START + 5, staff=ANNA, question=Question.HAND_OVER, to=BERTIL).contact
    no = conversation.visitor_answered(asked, START + 6, question=Question.HAND_OVER, yes=False)
    assert (no.contact, lines(no)) == (ACTIVE, [Line.HAND_OVER_REFUSED])
    yes = conversation.visitor_answered(asked, START + 6, question=Question.HAND_OVER, yes=True)
    assert (yes.contact.state, yes.contact.offered_to, yes.contact.next_reads) == (State.OFFERED, BERTIL, True)
    anybody = conversation.visitor_answered(
        replace(asked, question_to=None), START + 6, question=Question.HAND_OVER, yes=True
    )
    assert (anybody.contact.state, anybody.contact.operator) == (State.WAITING, None)
