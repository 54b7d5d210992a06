"""Phones beside the one that answered, as pure moves."""

from msgspec.structs import replace

from hotline.call import heard
from hotline.call_state import Call, Event, Leg, LegKind, LegState, Move, Outcome, Stage, Surroundings
from hotline.ladder import Candidate
from hotline.ringing import ended, ticked
from hotline.verbs import Conference, HangUp, Step
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
