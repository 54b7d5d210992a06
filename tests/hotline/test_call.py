"""The call by itself: scripted calls, and whatever hypothesis makes of late, doubled and shuffled reports."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hotline.call import heard
from hotline.call_state import Call, Event, LegState, Outcome, Stage, Surroundings, Turn, When
from hotline.ladder import Candidate
from hotline.ringing import ended, rung_from_desk, ticked
from hotline.verbs import Answer, Bridge, Enqueue, Gather, HangUp, Leave, Prompt, Redirect, Say, Step
from storage.ids import ContactId, StaffId

AINO, EERO, SAGA = StaffId("aino"), StaffId("eero"), StaffId("saga")
EVERYBODY = (
    Candidate(staff=AINO, tier=1, languages=frozenset({"fi", "en"})),
    Candidate(staff=EERO, tier=1, languages=frozenset({"fi"})),
    Candidate(staff=SAGA, tier=2, languages=frozenset({"sv", "en"})),
)


class Line:
    """A call under test: says what is reported, keeps what was answered."""

    def __init__(self, *candidates: Candidate) -> None:
        self.candidates = candidates
        self.now = 1000
        self.call = Call(contact=ContactId("c"), language="fi", opened_at=1000)
        self.answer: Answer = ()
        self.takes = 0
        self.names = (f"leg{number}" for number in range(10_000))

    def around(self) -> Surroundings:
        return Surroundings(
            languages=("fi", "sv", "en"), candidates=self.candidates, new_legs=[next(self.names) for _ in range(5)]
        )

    def report(self, step: Step, **fields: Any) -> Answer:
        turn: Turn = heard(self.call, Event(step=step, **fields), self.now, self.around())
        self.call, self.answer = turn.call, turn.answer
        self.takes += turn.take_number
        return turn.answer

    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.call = ticked(self.call, self.now, self.around())

    def leg(self, staff: StaffId) -> str:
        return [one.id for one in self.call.legs if one.staff == staff][-1]

    def ringing(self) -> set[str]:
        return {one.staff for one in self.call.ringing}

    def said(self) -> list[str]:
        """The sentences of the last answer."""
        found: list[str] = []
        for verb in self.answer:
            said = verb.says if isinstance(verb, Gather) else (verb,)
            found += [one.prompt for one in said if isinstance(one, Say)]
        return found

    def does(self) -> list[type]:
        return [type(verb) for verb in self.answer]


@pytest.fixture
def line() -> Line:
    """A call that has just arrived while three are on call."""
    line = Line(*EVERYBODY)
    line.report(Step.VOICE)
    return line


@pytest.fixture
def waiting(line: Line) -> Line:
    line.report(Step.LANGUAGE, digits="1")
    return line


def talking(line: Line) -> Line:
    line.report(Step.ACCEPT, leg=line.leg(AINO), digits="1")
    line.report(Step.JOINING)
    return line


# --- the menu ---


def test_staff_phones_ring_while_the_caller_hears_the_menu(line: Line) -> None:
    assert line.said() == ["greeting", *["danger"] * 3, *["menu"] * 3]
    assert line.ringing() == {AINO, EERO}
    assert line.does() == [Gather, Redirect]


def test_with_nobody_on_call_the_first_thing_said_is_the_truth() -> None:
    line = Line()
    line.report(Step.VOICE)
    assert line.said() == ["danger", "nobody_now", "offer_back"] * 3
    assert line.call.told


def test_no_key_means_the_default_language_and_never_the_end(line: Line) -> None:
    line.report(Step.LANGUAGE)
    assert line.does() == [Say, Enqueue]
    assert line.call.language == "fi"


@pytest.mark.parametrize("keys", ["9", "0", "*", "²", ""])
def test_a_key_that_is_not_on_the_menu_is_no_key(line: Line, keys: str) -> None:
    line.report(Step.LANGUAGE, digits=keys)
    assert line.call.language == "fi"
    assert line.call.stage is Stage.WAITING


def test_phones_of_those_who_do_not_speak_the_language_stop_when_it_is_known(line: Line) -> None:
    line.report(Step.LANGUAGE, digits="2")
    assert line.ringing() == {SAGA}
    line.wait(25)
    assert line.ringing() == {AINO, EERO}  # better somebody than nobody


def test_when_nobody_speaks_it_everybody_rings_on() -> None:
    line = Line(EVERYBODY[1])
    line.report(Step.VOICE)
    line.report(Step.LANGUAGE, digits="2")
    assert line.ringing() == {EERO}


def test_everybody_was_rung_before_the_language_was_chosen() -> None:
    line = Line(EVERYBODY[0])
    line.report(Step.VOICE)
    line.report(Step.LEG_STATUS, leg=line.leg(AINO), status="over")
    line.report(Step.LANGUAGE, digits="1")
    assert line.said() == ["nobody_answered", "offer_back"]


# --- the ladder ---


def test_the_next_tier_rings_when_the_first_did_not_answer(waiting: Line) -> None:
    waiting.wait(24)
    assert waiting.ringing() == {AINO, EERO}
    waiting.wait(1)
    assert waiting.ringing() == {SAGA}
    assert {one.staff for one in waiting.call.legs if one.cancel} == {AINO, EERO}


def test_the_next_tier_rings_at_once_when_all_phones_of_the_first_are_over(waiting: Line) -> None:
    waiting.report(Step.LEG_STATUS, leg=waiting.leg(AINO), status="over")
    assert waiting.ringing() == {EERO}
    waiting.report(Step.LEG_STATUS, leg=waiting.leg(EERO), status="over")
    assert waiting.ringing() == {SAGA}


def test_when_nobody_answered_the_caller_is_told_and_asked(waiting: Line) -> None:
    waiting.wait(25)
    waiting.wait(25)
    assert waiting.report(Step.WAIT) == (Leave(),)
    waiting.report(Step.LEFT)
    assert waiting.said() == ["nobody_answered", "offer_back"]


def test_nobody_who_went_off_shift_is_rung(waiting: Line) -> None:
    waiting.candidates = EVERYBODY[:2]
    waiting.wait(25)
    assert waiting.call.stage is Stage.OFFER
    assert waiting.ringing() == set()


def test_who_waits_hears_a_sentence_and_silence_in_turn(waiting: Line) -> None:
    waiting.report(Step.WAIT)
    assert waiting.said() == ["wait_first"]
    heard = []
    for _ in range(5):
        waiting.report(Step.WAIT_KEY, digits="5")
        heard.append(waiting.said())
    assert heard == [[], ["wait_again"], [], [], ["wait_again"]]


def test_a_queue_that_fails_is_entered_again(waiting: Line) -> None:
    waiting.report(Step.LEFT)
    assert waiting.does() == [Say, Enqueue]


def test_a_queue_that_fails_when_all_were_rung_ends_in_the_truth(waiting: Line) -> None:
    waiting.wait(25)
    waiting.now += 25
    waiting.report(Step.LEFT)
    assert waiting.said() == ["nobody_answered", "offer_back"]


# --- accepting ---


def test_a_phone_that_is_picked_up_is_asked_for_a_key_and_hung_up_without(waiting: Line) -> None:
    waiting.report(Step.SCREEN, leg=waiting.leg(AINO))
    assert waiting.does() == [Gather, HangUp]
    assert waiting.call.accepted is None


def test_the_first_who_presses_1_gets_the_call_and_the_others_are_hung_up(waiting: Line) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    assert waiting.does() == [Say, Bridge]
    assert waiting.ringing() == {AINO}


def test_the_second_hears_that_it_is_taken(waiting: Line) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    waiting.report(Step.ACCEPT, leg=waiting.leg(EERO), digits="1")
    assert waiting.said() == ["taken"]
    assert HangUp in waiting.does()


def test_the_same_key_reported_twice_connects_the_same_phone(waiting: Line) -> None:
    first = waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    assert waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1") == first


@pytest.mark.parametrize("digits", ["", "2", "#"])
def test_any_other_key_accepts_nothing(waiting: Line, digits: str) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits=digits)
    assert waiting.answer == (HangUp(),)
    assert waiting.call.accepted is None
    assert waiting.ringing() == {EERO}


def test_a_phone_of_an_earlier_tier_is_told_that_it_is_too_late(waiting: Line) -> None:
    leg = waiting.leg(AINO)
    waiting.wait(25)
    waiting.report(Step.SCREEN, leg=leg)
    assert waiting.said() == ["gone"]


def test_a_phone_nobody_knows_is_hung_up(waiting: Line) -> None:
    assert waiting.report(Step.ACCEPT, leg="unknown", digits="1") == (HangUp(),)


def test_who_accepted_and_went_away_before_the_connection_has_not_accepted(line: Line) -> None:
    leg = line.leg(AINO)
    line.report(Step.ACCEPT, leg=leg, digits="1")
    line.report(Step.LEG_STATUS, leg=leg, status="over")
    assert line.call.accepted is None
    assert line.ringing() == {SAGA}


def test_a_connection_that_never_was_is_no_talk(waiting: Line) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    waiting.report(Step.LEG_DONE, leg=waiting.leg(AINO), bridged=False)
    assert waiting.said() == ["gone"]
    assert waiting.call.accepted is None


def test_nobody_is_connected_without_a_key(waiting: Line) -> None:
    assert waiting.report(Step.JOINING) == (HangUp(),)
    assert waiting.call.bridged_at is None


def test_old_news_of_a_phone_changes_nothing(waiting: Line) -> None:
    leg = waiting.leg(AINO)
    waiting.report(Step.LEG_STATUS, leg=leg, status="answered", sequence=2)
    waiting.report(Step.LEG_STATUS, leg=leg, status="ringing", sequence=1)
    waiting.report(Step.LEG_STATUS, leg=leg, status="ringing", sequence=3)
    found = waiting.call.leg(leg)
    assert found is not None
    assert found.state is LegState.ANSWERED
    waiting.report(Step.LEG_STATUS, leg=leg, status="over", sequence=4)
    waiting.report(Step.LEG_STATUS, leg=leg, status="answered", sequence=5)
    assert EERO in waiting.ringing()
    assert AINO not in waiting.ringing()


# --- talking and the end ---


def test_the_talk_begins_when_both_are_there(waiting: Line) -> None:
    talking(waiting)
    assert waiting.call.stage is Stage.TALKING
    assert waiting.said() == ["connected"]


def test_when_staff_hang_up_first_the_caller_hears_that_it_is_over(waiting: Line) -> None:
    talking(waiting)
    waiting.now += 100
    waiting.report(Step.LEG_DONE, leg=waiting.leg(AINO), bridged=True)
    waiting.report(Step.LEFT, bridged=True)
    assert waiting.said() == ["talk_over"]
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.TALKED
    assert waiting.call.worker_left
    assert waiting.call.parted_at == 1100


def test_the_phone_of_a_talk_that_is_over_is_no_phone_that_went_away(waiting: Line) -> None:
    talking(waiting)
    waiting.report(Step.LEG_STATUS, leg=waiting.leg(AINO), status="over")
    assert waiting.call.accepted is not None
    assert waiting.call.parted_at is not None
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    assert waiting.said() == ["taken"]


def test_news_of_the_connection_after_the_end_still_make_it_a_talk(waiting: Line) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    waiting.report(Step.STATUS, status="over")
    before = waiting.call
    waiting.report(Step.LEG_DONE, leg=waiting.leg(AINO), bridged=True)
    assert [before.outcome, waiting.call.outcome] == [Outcome.HUNG_UP, Outcome.TALKED]
    assert waiting.call.stage is Stage.ENDED


def test_the_caller_hangs_up_and_every_phone_stops(waiting: Line) -> None:
    waiting.report(Step.STATUS, status="ringing")
    assert waiting.call.stage is Stage.WAITING
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.HUNG_UP
    assert waiting.ringing() == set()
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    assert waiting.said() == ["gone"]
    assert waiting.report(Step.WAIT) == (HangUp(),)


def test_a_call_that_is_lost_has_ended_and_ends_once(waiting: Line) -> None:
    waiting.call = ended(waiting.call, 2000)
    assert waiting.call.ended_at == 2000
    assert ended(waiting.call, 3000).ended_at == 2000


def test_talked_calls_end_as_talks_also_when_nobody_said_who_left(waiting: Line) -> None:
    talking(waiting)
    waiting.report(Step.LEFT, bridged=False)
    assert waiting.answer == (HangUp(),)
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.TALKED


# --- to be called back ---


def test_one_pressed_while_waiting_asks_to_be_called_back(waiting: Line) -> None:
    assert waiting.report(Step.WAIT_KEY, digits="1") == (Leave(),)
    assert waiting.ringing() == set()
    waiting.report(Step.LEFT, number=True)
    assert waiting.said() == ["back_same"]
    waiting.report(Step.BACK_SAME, digits="1", number=True)
    assert (waiting.takes, waiting.said()) == (1, ["back_when"])
    waiting.report(Step.BACK_SAME, digits="1", number=True)
    assert waiting.takes == 1
    waiting.report(Step.BACK_WHEN, digits="3")
    assert waiting.said() == ["back_safe"]
    waiting.report(Step.BACK_SAFE, digits="1")
    assert waiting.said() == ["back_thanks"]
    assert (waiting.call.back_when, waiting.call.back_named) == (When.AFTERNOON, True)
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.CALL_BACK


def test_one_pressed_too_late_stays_on_the_line_for_whoever_accepted(waiting: Line) -> None:
    waiting.report(Step.ACCEPT, leg=waiting.leg(AINO), digits="1")
    waiting.report(Step.WAIT_KEY, digits="1")
    assert Leave not in waiting.does()


def test_the_number_is_not_taken_without_a_key(waiting: Line) -> None:
    waiting.report(Step.WAIT_KEY, digits="1")
    waiting.report(Step.LEFT, number=True)
    waiting.report(Step.BACK_SAME, number=True)
    assert waiting.said() == ["goodbye"]
    assert waiting.takes == 0


def test_another_number_may_be_keyed(waiting: Line) -> None:
    waiting.report(Step.WAIT_KEY, digits="1")
    waiting.report(Step.LEFT, number=True)
    waiting.report(Step.BACK_SAME, digits="2", number=True)
    assert waiting.said() == ["back_number"]
    waiting.report(Step.BACK_NUMBER, number=True)
    assert waiting.takes == 1


def test_who_withholds_the_number_keys_one_and_may_err_once(waiting: Line) -> None:
    waiting.report(Step.WAIT_KEY, digits="1")
    waiting.report(Step.LEFT, number=False)
    assert waiting.said() == ["back_number"]
    waiting.report(Step.BACK_NUMBER)
    assert waiting.said() == ["back_again"]
    waiting.report(Step.BACK_NUMBER)
    assert waiting.said() == ["goodbye"]


def test_with_nobody_there_the_key_also_chooses_the_language() -> None:
    line = Line()
    line.report(Step.VOICE)
    line.report(Step.OFFER, digits="2", number=True)
    assert line.answer[0].says == (Say(Prompt.BACK_SAME, "sv"),)  # type: ignore[union-attr]


def test_no_key_at_the_offer_ends_with_what_works_instead(waiting: Line) -> None:
    waiting.wait(25)
    waiting.wait(25)
    waiting.report(Step.LEFT)
    waiting.report(Step.OFFER, digits="2")
    assert waiting.said() == ["goodbye"]
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.UNSERVED


def test_with_the_language_chosen_1_is_the_key(waiting: Line) -> None:
    waiting.wait(25)
    waiting.wait(25)
    waiting.report(Step.LEFT)
    waiting.report(Step.OFFER, digits="1", number=True)
    assert waiting.said() == ["back_same"]
    assert waiting.call.language == "fi"


# --- from the console ---


def test_who_answers_at_the_console_has_their_own_phone_rung_beside_the_others(waiting: Line) -> None:
    called = rung_from_desk(waiting.call, SAGA, "desk", 1060)
    assert called is not None
    waiting.call = called
    assert waiting.ringing() == {AINO, EERO, SAGA}
    waiting.wait(30)
    assert waiting.ringing() == {AINO, EERO, SAGA}  # the desk's phone is given its time
    assert rung_from_desk(waiting.call, SAGA, "again", 1060) == waiting.call
    waiting.report(Step.ACCEPT, leg="desk", digits="1")
    assert waiting.call.accepted == "desk"
    assert rung_from_desk(waiting.call, AINO, "late", 1060) is None


def test_nobody_answers_at_the_console_when_the_call_is_over(waiting: Line) -> None:
    waiting.report(Step.STATUS, status="over")
    assert rung_from_desk(waiting.call, SAGA, "desk", 1060) is None


# --- connected by the provider, while there was no database ---


def test_without_a_database_a_phone_that_pressed_1_made_it_a_talk(waiting: Line) -> None:
    waiting.report(Step.ACCEPT_APART, digits="")
    assert waiting.call.bridged_at is None
    waiting.report(Step.ACCEPT_APART, digits="1")
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is Outcome.TALKED


@pytest.mark.parametrize(("bridged", "outcome"), [(True, Outcome.TALKED), (False, Outcome.UNSERVED)])
def test_without_a_database_the_provider_says_whether_it_was_a_talk(
    waiting: Line, bridged: bool, outcome: Outcome
) -> None:
    waiting.report(Step.DIALLED, bridged=bridged)
    waiting.report(Step.STATUS, status="over")
    assert waiting.call.outcome is outcome


# --- asked again at the wrong moment ---


def test_an_arrival_reported_again_goes_on_where_the_call_is(line: Line) -> None:
    assert line.report(Step.VOICE)[0].to.step is Step.LANGUAGE  # type: ignore[union-attr]
    line.report(Step.LANGUAGE, digits="1")
    assert [type(verb) for verb in line.report(Step.LANGUAGE)] == [Enqueue]
    line.report(Step.WAIT_KEY, digits="1")
    assert line.report(Step.VOICE)[0].to.step is Step.OFFER  # type: ignore[union-attr]


def test_a_choice_of_language_in_a_talk_says_nothing(waiting: Line) -> None:
    talking(waiting)
    assert waiting.report(Step.LANGUAGE) == ()


class Reports(RuleBasedStateMachine):
    """Every report, in any order, as often as anybody likes."""

    @initialize()
    def arrives(self) -> None:
        self.line = Line(*EVERYBODY)
        self.pressed: set[str] = set()
        self.accepted: list[str] = []
        self.line.report(Step.VOICE)

    @rule(
        step=st.sampled_from([step for step in Step if "leg" not in step]),
        digits=st.sampled_from(["", "1", "2", "9", "#"]),
        number=st.booleans(),
        bridged=st.booleans(),
    )
    def caller(self, step: Step, digits: str, *, number: bool, bridged: bool) -> None:
        if step in {Step.SCREEN, Step.ACCEPT, Step.STATUS, Step.DIALLED, Step.SCREEN_APART, Step.ACCEPT_APART}:
            return  # the last three: the provider itself connects, and only whoever pressed 1
        self.line.report(step, digits=digits, number=number, bridged=bridged)

    @rule(which=st.integers(0, 9), digits=st.sampled_from(["", "1", "2"]))
    def picks_up_and_presses(self, which: int, digits: str) -> None:
        legs = self.line.call.legs
        if not legs:
            return
        leg = legs[which % len(legs)].id
        self.line.report(Step.SCREEN, leg=leg)
        self.line.report(Step.ACCEPT, leg=leg, digits=digits)
        if digits == "1":
            self.pressed.add(leg)

    @rule(which=st.integers(0, 9), status=st.sampled_from(LegState), sequence=st.integers(-1, 5))
    def phone(self, which: int, status: LegState, sequence: int) -> None:
        legs = self.line.call.legs
        if legs:
            self.line.report(Step.LEG_STATUS, leg=legs[which % len(legs)].id, status=status, sequence=sequence)

    @rule(which=st.integers(0, 9), bridged=st.booleans())
    def parted(self, which: int, *, bridged: bool) -> None:
        legs = self.line.call.legs
        if legs:
            self.line.report(Step.LEG_DONE, leg=legs[which % len(legs)].id, bridged=bridged)

    @rule(seconds=st.integers(0, 40))
    def time_passes(self, seconds: int) -> None:
        self.line.wait(seconds)

    @precondition(lambda self: self.line.call.rung > 0)
    @rule()
    def hangs_up(self) -> None:
        self.line.report(Step.STATUS, status="over")

    @invariant()
    def nobody_is_connected_who_did_not_press_1(self) -> None:
        call = self.line.call
        assert call.accepted is None or call.accepted in self.pressed
        assert call.bridged_at is None or call.accepted is not None
        assert len({one.staff for one in call.ringing}) == len(call.ringing)

    @invariant()
    def a_call_that_ended_has_an_outcome_and_rings_nobody(self) -> None:
        call = self.line.call
        assert (call.stage is Stage.ENDED) == (call.outcome is not None)
        if call.stage is Stage.ENDED:
            assert not [one for one in call.ringing if one.id != call.accepted]

    @invariant()
    def the_number_is_taken_at_most_once(self) -> None:
        assert self.line.takes <= 1

    @invariant()
    def a_caller_who_still_waits_can_always_be_reached_or_is_told(self) -> None:
        call = self.line.call
        if call.stage is Stage.WAITING and call.accepted is None:
            assert call.ringing or call.rung_until <= self.line.now + 25


TestReports = Reports.TestCase
TestReports.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
