"""Leaving a recorded message, when nobody could answer and the house allows it. Pure.

What is said is recorded by the provider; `hotline.mailbox` fetches it, seals it and has it deleted there. Reports about it
come twice, late or never: the caller was asked, so it is looked for in any case.
"""

from msgspec.structs import replace

from hotline.call_state import Call, Event, Message, Outcome, Stage, Surroundings, Turn
from hotline.ringing import next_turn
from hotline.verbs import HangUp, Link, Prompt, Record, Redirect, Say, Step

#: Seconds a caller may speak.
MOST_SECONDS = 120
_KEYS = "123456789"


def message_keys(call: Call, around: Surroundings) -> dict[str, str]:
    """The key to press for each language: after the language is chosen 2, before it those after the menu's own."""
    if not around.voicemail or call.message is not None:
        return {}
    if call.chosen:
        return {call.language: "2"}
    return dict(zip(around.languages, _KEYS[len(around.languages) :], strict=False))


def ask_message(call: Call, language: str) -> Turn:
    """Told that it is recorded, and who hears it; then the tone. Where nothing is said the next verb follows."""
    call = next_turn(replace(call, chosen=True, language=language, message=Message.ASKED, stage=Stage.OFFER))
    after, told = Link(Step.MESSAGE_LEFT, call.turn), Link(Step.RECORDED)
    return Turn(call, (Say(Prompt.MESSAGE_HOW, language), Record(after, told, MOST_SECONDS), Redirect(after)))


def message_told(call: Call, event: Event) -> Turn:
    """The caller has spoken, or the recording can be fetched. What nobody was asked for is not taken."""
    if event.recorded and call.message in {Message.ASKED, Message.NONE}:
        turn = Turn(left(call), take_name=True)
    elif event.step is Step.MESSAGE_LEFT and not event.recorded and call.message is Message.ASKED:
        turn = Turn(replace(call, message=Message.NONE))
    else:
        turn = Turn(call)
    if event.step is Step.RECORDED:
        return turn
    there = turn.call.message is not None and turn.call.message.there
    said = Prompt.MESSAGE_THANKS if there else Prompt.MESSAGE_NONE
    return replace(turn, answer=(Say(said, call.language), HangUp()))


def left(call: Call) -> Call:
    """There is a recording. A call that has ended meanwhile was a message all the same."""
    late = call.stage is Stage.ENDED and call.outcome is Outcome.UNSERVED
    return replace(call, message=Message.LEFT, outcome=Outcome.MESSAGE if late else call.outcome)
