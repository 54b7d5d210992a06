from msgspec import structs

from contacts.call_row import Kept, LegRow
from contacts.contact import Door, EndedBy, State
from hotline.call_rows import call_of, kept_after, new_call, rounded
from hotline.call_state import Leg, LegState, Outcome, Stage
from hotline.ringing import bridged, ended, parted
from storage.ids import ContactId, StaffId

NAME = ContactId("c" * 32)


def arrived() -> Kept:
    contact, row = new_call(NAME, "fi", "A3", 1000, "CA1")
    return Kept(contact, row, ())


def test_a_call_is_the_same_after_it_was_rows() -> None:
    before = arrived()
    leg = Leg(id="l" * 32, staff=StaffId("aino"), rung=1)
    call = structs.replace(call_of(before), legs=(leg,), stage=Stage.WAITING, language="sv", chosen=True, rung=1)
    after = kept_after(before, call, 1010)
    assert call_of(after) == call
    assert after.contact.language == "sv"
    assert (after.call.seen_at, kept_after(after, call, 900).call.seen_at) == (1010, 1010)


def test_what_the_provider_calls_a_leg_is_kept_when_the_call_moves() -> None:
    row = LegRow(
        id="l" * 32, contact=NAME, staff="aino", rung=1, state="dialled", provider_call="CA2", tries=2, try_at=7
    )
    before = structs.replace(arrived(), legs=(row,))
    call = call_of(before)
    call = structs.replace(call, legs=(structs.replace(call.legs[0], state=LegState.ANSWERED),))
    [leg] = kept_after(before, call, 1010).legs
    assert (leg.provider_call, leg.tries, leg.try_at, leg.state) == ("CA2", 2, 7, LegState.ANSWERED.value)


def test_a_talk_names_who_answered_and_is_kept_in_coarse_figures() -> None:
    leg = Leg(id="l" * 32, staff=StaffId("aino"), rung=1)
    call = structs.replace(call_of(arrived()), legs=(leg,), accepted=leg.id, accepted_at=1012, stage=Stage.WAITING)
    call = bridged(call, 1014)
    talking = kept_after(arrived(), call, 1014)
    assert (talking.contact.state, talking.contact.operator, talking.contact.door) == (State.ACTIVE, "aino", Door.PHONE)
    over = kept_after(talking, ended(parted(call, 1130), 1131), 1131)
    assert (over.call.waited, over.call.rang, over.call.talked) == (10, 10, 120)
    assert (over.contact.state, over.contact.ended_by, over.call.outcome) == (
        State.ENDED,
        EndedBy.VISITOR,
        Outcome.TALKED.value,
    )


def test_a_call_nobody_answered_is_unserved_if_that_was_said_and_else_hung_up() -> None:
    before = arrived()
    hung_up = kept_after(before, ended(call_of(before), 1004), 1004)
    told = kept_after(before, ended(structs.replace(call_of(before), told=True), 1004), 1004)
    assert (hung_up.contact.ended_by, told.contact.ended_by) == (EndedBy.VISITOR, EndedBy.UNSERVED)


def test_what_was_not_nothing_is_never_rounded_to_nothing() -> None:
    assert [rounded(seconds, 10) for seconds in (0, 1, 14, 15, 96)] == [0, 10, 10, 20, 100]
