"""Phones beside the one that answered, as pure moves."""

from msgspec.structs import replace

from hotline.call import heard
from hotline.call_state import Call, Event, Leg, LegKind, LegState, Move, Outcome, Stage, Surroundings
from hotline.ladder import Candidate
from hotline.ringing import ended, ticked
from hotline.side_leg import worker_ends, worker_left
from hotline.verbs import Answer, Conference, Gather, HangUp, Say, Step
from storage.ids import ContactId, StaffId

AROUND = Surroundings(languages=("fi",), new_legs=("n1", "n2"))
WORKER = Leg(id="w", staff=StaffId("anna"), rung=1, state=LegState.ANSWERED)
LEAD = Leg(id="l", staff=StaffId("leena"), rung=0, kind=LegKind.LEAD, state=LegState.JOINED)
TALK = Call(
    contact=ContactId("c"), language="fi", opened_at=0, stage=Stage.TALKING, accepted="w", bridged_at=5, legs=(WORKER,)
)
ROOM = replace(TALK, room=True, sides=(LEAD,))


def leg(step: Step, name: str, digits: str = "") -> Event:
    return Event(step=step, leg=name, digits=digits, bridged=True)


def test_the_workers_leg_follows_into_the_room_and_leaving_it_hands_the_call_to_who_joined() -> None:
    moved = heard(ROOM, leg(Step.LEG_DONE, "w"), 10, AROUND)
    assert isinstance(moved.answer[0], Conference)
    left = heard(moved.call, leg(Step.LEG_DONE, "w"), 20, AROUND)
    assert left.answer == (HangUp(),)
    assert (left.call.accepted, left.call.parted_at) == ("l", None)


def test_without_anybody_else_the_caller_is_sent_out_to_hear_that_it_is_over() -> None:
    alone = replace(ROOM, sides=(), legs=(replace(WORKER, state=LegState.JOINED),))
    left = heard(alone, leg(Step.LEG_DONE, "w"), 20, AROUND).call
    assert (left.move, left.parted_at, left.worker_left) == (Move.OVER, 20, True)


def test_the_end_of_the_callers_line_stops_everybody_in_the_room() -> None:
    over = ended(ROOM, 30)
    assert (over.outcome, over.stage) == (Outcome.TALKED, Stage.ENDED)
    assert all(one.cancel for one in (*over.legs, *over.sides))


def test_an_urgent_message_is_taken_with_one_and_ends_unserved_when_nobody_is_left_to_ring() -> None:
    someone = Candidate(staff=StaffId("anna"), tier=1, languages=frozenset({"fi"}))
    call = Call(contact=ContactId("c"), language="fi", opened_at=0, stage=Stage.WAITING, chosen=True, urgent=True)
    rings = ticked(call, 1, replace(AROUND, candidates=(someone,)))
    taken = heard(rings, leg(Step.ACCEPT, "n1", "1"), 5, AROUND).call
    assert (taken.outcome, taken.accepted) == (Outcome.TAKEN, "n1")
    assert ticked(rings, 60, replace(AROUND, candidates=(someone,))).outcome is Outcome.UNSERVED


# --- reports about them ---

INTERPRETER = replace(LEAD, id="i", staff=StaffId("amal"), kind=LegKind.INTERPRETER)
BACK = Leg(id="b", staff=StaffId("anna"), rung=0, kind=LegKind.BACK)
CALLER = replace(BACK, id="x", kind=LegKind.CALLER)
MISSED = Call(contact=ContactId("c"), language="sv", opened_at=0, stage=Stage.ENDED, outcome=Outcome.CALL_BACK)


def rung(call: Call, *sides: Leg) -> Call:
    return replace(call, sides=tuple(replace(one, state=LegState.RINGING) for one in sides))


def said(answer: Answer) -> list[str]:
    """The sentences of an answer, also those before a key."""
    found = [one for verb in answer for one in (verb.says if isinstance(verb, Gather) else (verb,))]
    return [one.prompt for one in found if isinstance(one, Say)]


def test_whoever_is_asked_to_join_presses_1_and_the_caller_hears_who_comes() -> None:
    for leg_asked, sentence in ((LEAD, "joins_lead"), (INTERPRETER, "joins_interpreter")):
        screened = heard(rung(TALK, leg_asked), leg(Step.SCREEN, leg_asked.id), 10, AROUND)
        assert said(screened.answer) == ["screen_join", "screen_join"]
        joined = heard(screened.call, leg(Step.ACCEPT, leg_asked.id, "1"), 12, AROUND)
        assert (said(joined.answer), joined.call.room, joined.call.move) == (["joined"], True, Move.ROOM)
        room = heard(joined.call, Event(step=Step.ROOM), 13, AROUND)
        assert (said(room.answer), room.call.move) == ([sentence], None)
        assert isinstance(room.answer[-1], Conference)


def test_another_key_or_none_joins_nothing() -> None:
    for digits in ("", "2"):
        turn = heard(rung(TALK, LEAD), leg(Step.ACCEPT, "l", digits), 10, AROUND)
        assert (turn.answer, turn.call.sides[0].cancel, turn.call.room) == ((HangUp(),), True, False)


def test_who_comes_too_late_hears_that_the_caller_is_gone() -> None:
    parted = replace(rung(TALK, LEAD), parted_at=9)
    over = replace(TALK, sides=(replace(LEAD, state=LegState.OVER),))
    stopped = replace(TALK, sides=(replace(LEAD, state=LegState.RINGING, cancel=True),))
    lonely = replace(MISSED, sides=(replace(CALLER, state=LegState.RINGING),))
    for call, name in ((parted, "l"), (over, "l"), (stopped, "l"), (lonely, "x")):
        assert said(heard(call, leg(Step.SCREEN, name), 10, AROUND).answer) == ["gone"]


def test_a_leg_that_was_never_rung_is_hung_up_on() -> None:
    assert heard(TALK, leg(Step.SCREEN, "nobody"), 10, AROUND).answer == (HangUp(),)


def test_calling_back_rings_the_caller_only_when_1_was_pressed_and_no_sentence_of_ours_meets_them() -> None:
    screened = heard(rung(MISSED, BACK), leg(Step.SCREEN, "b"), 10, AROUND)
    assert said(screened.answer) == ["screen_back", "screen_back"]
    assert len(screened.call.sides) == 1
    pressed = heard(screened.call, leg(Step.ACCEPT, "b", "1"), 12, AROUND)
    assert said(pressed.answer) == ["back_rings"]
    assert [one.kind for one in pressed.call.sides] == [LegKind.BACK, LegKind.CALLER]
    answered = heard(pressed.call, leg(Step.SCREEN, "n1"), 20, AROUND)
    assert [type(verb) for verb in answered.answer] == [Conference]


def test_of_two_who_call_each_other_back_nobody_stays_alone() -> None:
    both = replace(MISSED, sides=(replace(BACK, state=LegState.JOINED), replace(CALLER, state=LegState.JOINED)))
    for gone, left in (("b", "x"), ("x", "b")):
        call = heard(both, leg(Step.LEG_DONE, gone), 30, AROUND).call
        assert [(one.id, one.cancel) for one in call.sides if one.live or one.cancel] == [(left, True)]


def test_states_only_go_forward_and_the_end_is_the_end() -> None:
    call = rung(TALK, LEAD)
    late = Event(step=Step.LEG_STATUS, leg="l", status=LegState.DIALLED, sequence=0)
    call = heard(call, Event(step=Step.LEG_STATUS, leg="l", status=LegState.ANSWERED, sequence=2), 10, AROUND).call
    assert call.sides[0].state is LegState.ANSWERED
    assert heard(call, late, 11, AROUND).call == call
    later = replace(late, sequence=3)
    assert heard(call, later, 11, AROUND).call.sides[0].state is LegState.ANSWERED
    over = heard(call, Event(step=Step.LEG_STATUS, leg="l", status=LegState.OVER, sequence=4), 12, AROUND).call
    assert over.sides[0].state is LegState.OVER
    assert heard(over, replace(later, sequence=9), 13, AROUND).call == over


def test_the_caller_who_comes_out_of_the_room_hears_that_it_is_over() -> None:
    for call, step in ((ROOM, Step.ROOM_OVER), (replace(ROOM, parted_at=20), Step.ROOM)):
        assert said(heard(call, Event(step=step), 30, AROUND).answer) == ["talk_over"]


def test_in_the_room_again_for_a_second_who_joins_only_the_newest_is_named() -> None:
    call = replace(ROOM, sides=(LEAD, INTERPRETER))
    assert said(heard(call, Event(step=Step.ROOM), 10, AROUND).answer) == ["joins_interpreter"]


def test_an_interpreter_who_leaves_last_leaves_nobody_with_the_caller() -> None:
    alone = replace(ROOM, legs=(replace(WORKER, state=LegState.OVER),), sides=(INTERPRETER,))
    assert heard(alone, leg(Step.LEG_DONE, "i"), 30, AROUND).call.move is Move.OVER
    with_worker = replace(ROOM, sides=(INTERPRETER,))
    assert heard(with_worker, leg(Step.LEG_DONE, "i"), 30, AROUND).call.move is None


def test_ending_at_the_desk_hangs_up_ones_own_phone_and_tells_a_caller_in_the_room() -> None:
    talk = worker_ends(replace(TALK, sides=(LEAD,)), 40)
    assert (talk.legs[0].cancel, talk.sides[0].cancel, talk.move) == (True, True, None)
    room = worker_ends(ROOM, 40)
    assert (room.legs[0].cancel, room.move, room.worker_left) == (True, Move.OVER, True)


def test_a_worker_who_leaves_a_talk_that_was_ended_changes_nothing() -> None:
    done = replace(ROOM, parted_at=20)
    assert worker_left(done, WORKER, 30) == done
