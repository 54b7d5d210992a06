"""One call from its first ring to its end, as a state machine. Pure: event and `now` in, the call and an answer out.

Who is rung is part of the call: a leg that is `WANTED` is to be dialled, one with `cancel` is to be hung up, and
`hotline.dialler` does both, again and again until it has succeeded. So an answer never waits for the provider's REST
interface, and what a dead process left undone is found by the next.

Two rules hold whatever arrives, and in whichever order (tests/hotline/test_call.py permutes everything):
a caller is connected to nobody who did not press 1, and at most one leg is accepted at a time.
"""

from msgspec.structs import replace

from hotline.call_back import KEY_SECONDS, ask_number, call_back
from hotline.call_state import Call, Event, LegState, Stage, Surroundings, Turn
from hotline.ringing import bridged, cancelled, ended, next_turn, parted, passed_over, ticked
from hotline.side_leg import in_room
from hotline.staff_leg import leg_told
from hotline.verbs import NOTHING, Answer, Enqueue, Gather, HangUp, Leave, Link, Pause, Prompt, Redirect, Say, Step
from hotline.voice_message import message_keys, message_told

#: Seconds to choose a language after the last sentence of the menu.
MENU_SECONDS = 4
#: Silences for somebody who waits, and how many of them go by between two sentences.
WAIT_SECONDS = 5
WAIT_ROUNDS = 3


def heard(call: Call, event: Event, now: int, around: Surroundings) -> Turn:
    """One event. Never raises: whatever comes late, twice or out of order finds an answer that keeps the line alive."""
    match event.step:
        case Step.SCREEN | Step.ACCEPT | Step.LEG_DONE | Step.LEG_STATUS:
            return leg_told(call, event, now, around)
        case Step.STATUS:
            return Turn(ended(call, now) if event.status == LegState.OVER else call)
        case Step.SCREEN_APART | Step.ACCEPT_APART | Step.DIALLED:
            return Turn(_apart(call, event, now))
        case Step.MESSAGE_LEFT | Step.RECORDED:
            return message_told(call, event)
        case _ if call.stage is Stage.ENDED:
            return Turn(call, (HangUp(),))
        case Step.VOICE:
            return _arrived(call, now, around)
        case Step.ROOM | Step.ROOM_OVER:
            return in_room(call, event)
        case Step.LANGUAGE:
            return _chosen(call, event, now, around)
        case Step.WAIT | Step.WAIT_KEY:
            return _waiting(call, event, now, around)
        case Step.JOINING:
            return _joining(call, now)
        case Step.LEFT:
            return _left(call, event, now, around)
        case _:
            return call_back(call, event, around)


def _apart(call: Call, event: Event, now: int) -> Call:
    """Without a database the provider rang and connected by itself."""
    if event.step is Step.DIALLED:
        return parted(bridged(call, now), now) if event.bridged else replace(call, told=True)
    return bridged(call, now) if event.digits == "1" else call


def _arrived(call: Call, now: int, around: Surroundings) -> Turn:
    if call.turn:  # a second report of the same arrival
        return Turn(call, _where(call))
    call = ticked(call, now, around)
    languages = around.languages
    if not call.ringing:
        return _offered(call, _nobody_now(call, around))
    call = next_turn(call)
    says = (
        Say(Prompt.GREETING, languages[0]),
        *(Say(Prompt.DANGER, language) for language in languages),
        *(Say(Prompt.MENU, language, str(key)) for key, language in enumerate(languages, start=1)),
    )
    to = Link(Step.LANGUAGE, call.turn)
    return Turn(call, (Gather(to, says, MENU_SECONDS), Redirect(to)))


def _chosen(call: Call, event: Event, now: int, around: Surroundings) -> Turn:
    """A key of the menu, or none: then the language stays the default one. The line is never cut for want of a key."""
    if call.stage is not Stage.MENU:
        return Turn(call, _where(call))
    index = int(event.digits) - 1 if event.digits.isascii() and event.digits.isdigit() else -1
    language = around.languages[index] if 0 <= index < len(around.languages) else call.language
    call = replace(call, stage=Stage.WAITING, language=language, chosen=True)
    call = ticked(passed_over(call, around), now, around)
    if call.stage is Stage.OFFER:
        return _offered(call, _nobody_answered(call, around))
    return _queued(call)


def _waiting(call: Call, event: Event, now: int, around: Surroundings) -> Turn:
    """The waiting side asks what to hear: also the moment to look at the ladder."""
    if call.stage is Stage.WAITING and call.accepted is None:
        if event.step is Step.WAIT_KEY and event.digits == "1":
            return Turn(replace(cancelled(call), stage=Stage.OFFER, asked_back=True), (Leave(),))
        call = ticked(call, now, around)
    if call.stage is Stage.OFFER:
        return Turn(call, (Leave(),))
    call = next_turn(call)
    says: tuple[Say | Pause, ...] = (*_while_waiting(call), Pause(WAIT_SECONDS))
    return Turn(call, (Gather(Link(Step.WAIT_KEY, call.turn), says, 1), Redirect(Link(Step.WAIT, call.turn))))


def _while_waiting(call: Call) -> tuple[Say, ...]:
    """A sentence at first and then now and again; the silence between is short, so that news is heard soon."""
    rounds = call.turn - 2  # the first turn was the menu, the second led into the queue
    if rounds <= 1:
        return (Say(Prompt.WAIT_FIRST, call.language),)
    return (Say(Prompt.WAIT_AGAIN, call.language),) if rounds % WAIT_ROUNDS == 0 else ()


def _joining(call: Call, now: int) -> Turn:
    if call.accepted is None:  # nobody pressed 1: whoever this is, they are not connected
        return Turn(call, (HangUp(),))
    return Turn(bridged(call, now), (Say(Prompt.CONNECTED, call.language),))


def _left(call: Call, event: Event, now: int, around: Surroundings) -> Turn:
    """Out of the queue: talked, asked to be called back, nobody answered, or something failed."""
    if event.bridged and call.accepted is not None:
        call = replace(parted(bridged(call, now), now), worker_left=True)
        return Turn(call, (Say(Prompt.TALK_OVER, call.language), HangUp()))
    if call.asked_back:
        return ask_number(call, event)
    if call.stage is Stage.OFFER:
        return _offered(call, _nobody_answered(call, around))
    if call.stage is Stage.TALKING:  # connected and parted at once
        return Turn(call, (HangUp(),))
    call = ticked(call, now, around)
    return _offered(call, _nobody_answered(call, around)) if call.stage is Stage.OFFER else _queued(call)


def _queued(call: Call) -> Turn:
    call = next_turn(call)
    queue = Enqueue(call.contact, wait=Link(Step.WAIT, call.turn), after=Link(Step.LEFT, call.turn))
    return Turn(call, (Say(Prompt.CONNECTING, call.language), queue))


def _offered(call: Call, said: tuple[Say, ...]) -> Turn:
    """Told honestly, and asked."""
    call = next_turn(replace(cancelled(call), stage=Stage.OFFER, told=True))
    to = Link(Step.OFFER, call.turn)
    return Turn(call, (Gather(to, said, KEY_SECONDS), Redirect(to)))


def _nobody_now(call: Call, around: Surroundings) -> tuple[Say, ...]:
    """In every language, each with keys of its own: nobody has chosen one."""
    said: list[Say] = []
    for key, language in enumerate(around.languages, start=1):
        said += [Say(Prompt.DANGER, language), Say(Prompt.NOBODY_NOW, language)]
        said += _may(call, around, language, str(key))
    return tuple(said)


def _nobody_answered(call: Call, around: Surroundings) -> tuple[Say, ...]:
    return Say(Prompt.NOBODY_ANSWERED, call.language), *_may(call, around, call.language, "1")


def _may(call: Call, around: Surroundings, language: str, back: str) -> list[Say]:
    """What the caller may choose: to be called back, and where the house allows it a recorded message."""
    keys = message_keys(call, around)
    message = [Say(Prompt.OFFER_MESSAGE, language, keys[language])] if language in keys else []
    return [Say(Prompt.OFFER_BACK, language, back), *message]


def _where(call: Call) -> Answer:
    """What a leg that asks again, at the wrong moment, is told: to go on where it is."""
    if call.stage is Stage.WAITING:
        return (Enqueue(call.contact, wait=Link(Step.WAIT, call.turn), after=Link(Step.LEFT, call.turn)),)
    if call.stage is Stage.OFFER:
        return (Redirect(Link(Step.OFFER, call.turn)),)
    return (Redirect(Link(Step.LANGUAGE, call.turn)),) if call.stage is Stage.MENU else NOTHING
