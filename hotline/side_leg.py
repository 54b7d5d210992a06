"""Phones rung for another reason than to answer: who joins a talk, who calls somebody back, the one called back. Pure.

A talk moves into a conference when the first joins: the provider is asked to send the caller's leg to `Step.ROOM`, where
the caller hears who joins; the worker's leg follows by itself, because its connection has ended. Whoever joins has pressed 1.
"""

from msgspec.structs import replace

from hotline.call_state import Call, Event, Leg, LegKind, LegState, Move, Stage, Surroundings, Turn
from hotline.ringing import next_turn, parted
from hotline.verbs import Conference, Gather, HangUp, Link, Pause, Prompt, Say, Step

SCREEN_SECONDS = 6
_JOINING = frozenset({LegKind.LEAD, LegKind.INTERPRETER})
_ANNOUNCED = {LegKind.LEAD: Prompt.JOINS_LEAD, LegKind.INTERPRETER: Prompt.JOINS_INTERPRETER}


def side_told(call: Call, leg: Leg, event: Event, now: int, around: Surroundings) -> Turn:
    """Such a phone was picked up, pressed a key, changed its state, or left the conference."""
    if event.step is Step.LEG_STATUS:
        return Turn(_moved(call, leg, event, now))
    if event.step is Step.LEG_DONE:
        return Turn(_gone(call, leg, now), (HangUp(),))
    said = around.staff_language
    if leg.state is LegState.OVER or leg.cancel or not _awaited(call, leg):
        return Turn(call, (Say(Prompt.GONE, said), HangUp()))
    if leg.kind is LegKind.CALLER:  # no sentence of ours: whoever picked up hears a person
        return Turn(with_side(call, replace(leg, state=LegState.JOINED)), (_room(call, leg),))
    if event.step is Step.SCREEN and leg.state is not LegState.JOINED:
        screen = Say(Prompt.SCREEN_JOIN if leg.kind in _JOINING else Prompt.SCREEN_BACK, said)
        call = with_side(call, replace(leg, state=LegState.ANSWERED))
        to = Link(Step.ACCEPT, leg=leg.id)
        return Turn(call, (Gather(to, (screen, Pause(1), screen), SCREEN_SECONDS), HangUp()))
    if event.digits != "1":
        return Turn(with_side(call, replace(leg, cancel=True)), (HangUp(),))
    joined = with_side(call, replace(leg, state=LegState.JOINED))
    if leg.kind is LegKind.BACK:
        caller = Leg(id=around.new_legs[0], staff=leg.staff, rung=0, kind=LegKind.CALLER)
        joined = replace(joined, sides=(*joined.sides, caller))
        return Turn(joined, (Say(Prompt.BACK_RINGS, said), _room(call, leg)))
    return Turn(replace(joined, room=True, move=Move.ROOM), (Say(Prompt.JOINED, said), _room(call, leg)))


def in_room(call: Call, event: Event) -> Turn:
    """The caller's leg has been sent to the conference: who joins, and in. Or it has come out, and hears that it is over."""
    if call.parted_at is not None or event.step is Step.ROOM_OVER:
        call = replace(call, move=None)
        return Turn(call, (Say(Prompt.TALK_OVER, call.language), HangUp()))
    call = next_turn(replace(call, move=None))
    kinds = [one.kind for one in call.sides if one.state is LegState.JOINED and one.kind in _JOINING]
    says = tuple(Say(_ANNOUNCED[kind], call.language) for kind in dict.fromkeys(kinds[-1:]))
    return Turn(call, (*says, Conference(call.contact, after=Link(Step.ROOM_OVER, call.turn))))


def worker_room(call: Call, leg: Leg) -> Conference:
    """The worker's side of the conference; leaving it is a report of its own."""
    return _room(call, leg)


def worker_left(call: Call, leg: Leg, now: int) -> Call:
    """Whoever answered is gone. A lead who has joined goes on with the call; else the talk is over."""
    if call.parted_at is not None:
        return call  # the talk was ended, for everybody
    joined = (one for one in call.sides if one.kind is LegKind.LEAD and one.state is LegState.JOINED and one.live)
    lead = next(joined, None)
    if not call.room or lead is None or call.stage is Stage.ENDED:
        return talk_over(call, now)
    promoted = replace(lead, kind=LegKind.ANSWER)
    sides = tuple(one for one in call.sides if one.id != lead.id)
    over = tuple(replace(one, state=LegState.OVER) if one.id == leg.id else one for one in call.legs)
    return replace(call, legs=(*over, promoted), sides=sides, accepted=lead.id)


def talk_over(call: Call, now: int) -> Call:
    """Nobody of us is there any more: the caller is told so, and whoever joined is hung up on."""
    call = parted(replace(call, sides=cancelled_sides(call.sides)), now)
    leaves = call.room and call.stage is not Stage.ENDED
    return replace(call, worker_left=True, move=Move.OVER) if leaves else call


def cancelled_sides(sides: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """All of them are to be hung up."""
    return tuple(replace(one, cancel=True) if one.live else one for one in sides)


def with_side(call: Call, leg: Leg) -> Call:
    """The call with this leg in the place of the one of its name."""
    return replace(call, sides=tuple(leg if one.id == leg.id else one for one in call.sides))


def _room(call: Call, leg: Leg) -> Conference:
    return Conference(call.contact, after=Link(Step.LEG_DONE, 1, leg.id))


def _awaited(call: Call, leg: Leg) -> bool:
    """Whether there is still something to join."""
    if leg.kind in _JOINING:
        return call.stage is Stage.TALKING and call.parted_at is None
    if leg.kind is LegKind.CALLER:
        return any(one.kind is LegKind.BACK and one.state is LegState.JOINED and one.live for one in call.sides)
    return True


def _moved(call: Call, leg: Leg, event: Event, now: int) -> Call:
    if leg.state is LegState.OVER or (0 <= event.sequence <= leg.sequence):
        return call
    state = LegState(event.status)
    forward = list(LegState).index(state) > list(LegState).index(leg.state)
    call = with_side(call, replace(leg, state=state if forward else leg.state, sequence=event.sequence))
    return _gone(call, leg, now) if state is LegState.OVER else call


def _gone(call: Call, leg: Leg, now: int) -> Call:
    """It has left. Of two who called each other back nobody stays alone; nor does a caller with an interpreter."""
    call = with_side(call, replace(leg, state=LegState.OVER, cancel=False))
    if leg.kind in {LegKind.BACK, LegKind.CALLER}:
        pair = {LegKind.BACK, LegKind.CALLER}
        sides = tuple(replace(one, cancel=True) if one.kind in pair and one.live else one for one in call.sides)
        return replace(call, sides=sides)
    worker = call.leg(call.accepted)
    alone = call.stage is Stage.TALKING and call.parted_at is None and (worker is None or not worker.live)
    return talk_over(call, now) if alone else call


def worker_ends(call: Call, now: int) -> Call:
    """Whoever answered ends the talk at the desk: their phone is hung up, and the caller is told."""
    legs = tuple(replace(one, cancel=True) if one.id == call.accepted and one.live else one for one in call.legs)
    call = replace(call, legs=legs)
    return talk_over(call, now) if call.room else replace(call, sides=cancelled_sides(call.sides))
