"""Asking to be called back. The number is looked at only when the caller presses 1, or keys one. Pure."""

from msgspec.structs import replace

from hotline.call_state import Call, Event, Stage, Surroundings, Turn, When
from hotline.ringing import next_turn
from hotline.verbs import Answer, Gather, HangUp, Link, Prompt, Redirect, Say, Step
from hotline.voice_message import ask_message, message_keys

#: Seconds to press a key after the question was spoken.
KEY_SECONDS = 6
NUMBER_SECONDS = 12
MOST_NUMBER_KEYS = 20
MOST_TRIES = 2


def call_back(call: Call, event: Event, around: Surroundings) -> Turn:
    """What follows a key, or none, after any question of this dialogue."""
    match event.step:
        case Step.OFFER if event.digits and event.digits in _menu_keys(call, around):
            return ask_number(_spoken(call, event, around), event)
        case Step.OFFER if event.digits in (keys := message_keys(call, around)).values():
            return ask_message(call, next(language for language, key in keys.items() if key == event.digits))
        case Step.BACK_SAME if event.digits == "1" and event.number:
            return _taken(call)
        case Step.BACK_SAME if event.digits:
            return _ask_keys(call, Prompt.BACK_NUMBER)
        case Step.BACK_NUMBER if event.number:
            return _taken(call)
        case Step.BACK_NUMBER if call.tries < MOST_TRIES:
            return _ask_keys(call, Prompt.BACK_AGAIN)
        case Step.BACK_WHEN if call.taken:
            times = dict(zip("1234", When, strict=True))
            call = next_turn(replace(call, back_when=times.get(event.digits, When.SOON)))
            return Turn(call, _asked(call, Step.BACK_SAFE, Prompt.BACK_SAFE))
        case Step.BACK_SAFE if call.taken:
            call = next_turn(replace(call, back_named=event.digits == "1"))
            return Turn(call, (Say(Prompt.BACK_THANKS, call.language), HangUp()))
        case _:
            call = next_turn(replace(call, told=True))
            return Turn(call, (Say(Prompt.GOODBYE, call.language), HangUp()))


def _menu_keys(call: Call, around: Surroundings) -> str:
    """With the language chosen: 1. Without: the key of each language, as the offer was spoken in all."""
    return "1" if call.chosen else "".join(str(number + 1) for number in range(len(around.languages)))


def _spoken(call: Call, event: Event, around: Surroundings) -> Call:
    if call.chosen:
        return call
    return replace(call, chosen=True, language=around.languages[int(event.digits) - 1])


def ask_number(call: Call, event: Event) -> Turn:
    """This number, if there is one; it is looked at only when 1 is pressed. Who withholds it keys another."""
    call = replace(call, stage=Stage.OFFER)
    if not event.number:
        return _ask_keys(call, Prompt.BACK_NUMBER)
    call = next_turn(call)
    return Turn(call, _asked(call, Step.BACK_SAME, Prompt.BACK_SAME))


def _ask_keys(call: Call, prompt: Prompt) -> Turn:
    call = next_turn(replace(call, tries=call.tries + 1))
    to = Link(Step.BACK_NUMBER, call.turn)
    says = (Say(prompt, call.language),)
    return Turn(call, (Gather(to, says, NUMBER_SECONDS, most=MOST_NUMBER_KEYS), Redirect(to)))


def _taken(call: Call) -> Turn:
    if call.taken:
        return Turn(call, _asked(call, Step.BACK_WHEN, Prompt.BACK_WHEN))
    call = next_turn(replace(call, taken=True))
    return Turn(call, _asked(call, Step.BACK_WHEN, Prompt.BACK_WHEN), take_number=True)


def _asked(call: Call, step: Step, prompt: Prompt) -> Answer:
    to = Link(step, call.turn)
    return Gather(to, (Say(prompt, call.language),), KEY_SECONDS), Redirect(to)
