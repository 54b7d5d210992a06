"""Leaving a recorded message, as pure moves; also with reports that come late, twice or never."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from hotline.call import heard
from hotline.call_state import Call, Event, Message, Outcome, Stage, Surroundings, Turn
from hotline.ringing import ended
from hotline.verbs import Gather, HangUp, Prompt, Record, Redirect, Say, Step
from hotline.voice_message import MOST_SECONDS, message_keys
from storage.ids import ContactId

AROUND = Surroundings(languages=("fi", "sv", "en"), voicemail=True)
OFF = replace(AROUND, voicemail=False)
ARRIVED = Call(contact=ContactId("c"), language="fi", opened_at=0)
CHOSEN = replace(ARRIVED, language="en", chosen=True, stage=Stage.OFFER, told=True, turn=5)
ASKED = replace(CHOSEN, message=Message.ASKED)
LEFT, NOTHING_SAID = Event(step=Step.MESSAGE_LEFT, recorded=True), Event(step=Step.MESSAGE_LEFT)
READY, ABSENT = Event(step=Step.RECORDED, recorded=True), Event(step=Step.RECORDED)


def told(call: Call, *events: Event) -> Turn:
    """What follows these reports, one after the other."""
    turn = Turn(call)
    for event in events:
        turn = heard(turn.call, event, 50, AROUND)
    return turn


def test_the_offer_names_a_key_of_its_own_for_every_language_and_none_where_the_house_does_not_allow_it() -> None:
    offered = heard(ARRIVED, Event(step=Step.VOICE), 0, AROUND)
    [gather, _] = offered.answer
    assert isinstance(gather, Gather)
    keys = [(one.prompt, one.key) for one in gather.says if isinstance(one, Say) and one.prompt.startswith("offer")]
    assert keys == [
        (Prompt.OFFER_BACK, "1"),
        (Prompt.OFFER_MESSAGE, "4"),
        (Prompt.OFFER_BACK, "2"),
        (Prompt.OFFER_MESSAGE, "5"),
        (Prompt.OFFER_BACK, "3"),
        (Prompt.OFFER_MESSAGE, "6"),
    ]
    assert message_keys(CHOSEN, AROUND) == {"en": "2"}
    assert message_keys(CHOSEN, OFF) == {}
    assert message_keys(ASKED, AROUND) == {}


@pytest.mark.parametrize(("key", "language"), [("4", "fi"), ("5", "sv"), ("6", "en")])
def test_the_key_of_a_language_asks_to_speak_in_it(key: str, language: str) -> None:
    offered = heard(ARRIVED, Event(step=Step.VOICE), 0, AROUND).call
    turn = heard(offered, Event(step=Step.OFFER, digits=key), 5, AROUND)
    said, record, silent = turn.answer
    assert said == Say(Prompt.MESSAGE_HOW, language)
    assert isinstance(record, Record)
    assert isinstance(silent, Redirect)
    assert (record.most_seconds, record.after, record.told.step) == (MOST_SECONDS, silent.to, Step.RECORDED)
    assert (turn.call.language, turn.call.message) == (language, Message.ASKED)


def test_a_key_that_was_not_offered_asks_nobody_to_speak() -> None:
    turn = heard(CHOSEN, Event(step=Step.OFFER, digits="2"), 5, OFF)
    assert (turn.answer[0], turn.call.message) == (Say(Prompt.GOODBYE, "en"), None)


def test_whoever_has_spoken_is_thanked_and_whoever_has_not_is_told_so() -> None:
    spoken, silent = told(ASKED, LEFT), told(ASKED, NOTHING_SAID)
    assert spoken.answer == (Say(Prompt.MESSAGE_THANKS, "en"), HangUp())
    assert (spoken.call.message, spoken.take_name) == (Message.LEFT, True)
    assert silent.answer == (Say(Prompt.MESSAGE_NONE, "en"), HangUp())
    assert (silent.call.message, silent.take_name) == (Message.NONE, False)


def test_in_whatever_order_and_however_often_it_is_told_there_is_one_message_and_one_outcome() -> None:
    over = Event(step=Step.STATUS, status="over")
    for order in permutations([LEFT, READY, READY, over]):
        call = told(ASKED, *order).call
        assert (call.message, call.outcome, call.stage) == (Message.LEFT, Outcome.MESSAGE, Stage.ENDED)
        assert told(ASKED, *order[:2]).call.message in {Message.ASKED, Message.LEFT}


def test_news_of_a_recording_after_the_caller_seemed_to_have_said_nothing_is_believed() -> None:
    turn = told(ASKED, NOTHING_SAID, READY)
    assert (turn.call.message, turn.take_name, turn.answer) == (Message.LEFT, True, ())


def test_that_there_is_no_recording_says_nothing_to_anybody() -> None:
    assert told(ASKED, ABSENT) == Turn(ASKED)


def test_what_is_kept_already_is_not_taken_again() -> None:
    for kept in (Message.SEALED, Message.KEPT, Message.LOST):
        call = replace(ASKED, message=kept)
        assert told(call, READY) == Turn(call)
    again = told(replace(ASKED, message=Message.KEPT), LEFT)
    assert (again.answer[0], again.take_name) == (Say(Prompt.MESSAGE_THANKS, "en"), False)


def test_a_recording_nobody_was_asked_for_is_left_alone() -> None:
    turn = told(CHOSEN, READY, LEFT)
    assert (turn.call.message, turn.take_name, turn.answer[0]) == (None, False, Say(Prompt.MESSAGE_NONE, "en"))


@pytest.mark.parametrize(
    ("message", "outcome"),
    [(Message.ASKED, Outcome.UNSERVED), (Message.NONE, Outcome.UNSERVED), (Message.LEFT, Outcome.MESSAGE)],
)
def test_a_call_with_a_message_is_a_missed_call_with_a_message(message: Message, outcome: Outcome) -> None:
    assert ended(replace(ASKED, message=message), 60).outcome is outcome


def test_a_recording_is_waited_for_while_only_the_provider_has_it() -> None:
    assert {message for message in Message if message.awaited} == {Message.ASKED, Message.LEFT}
