"""The phones of staff: screened, one accepted, the others told so. Pure."""

from msgspec.structs import replace

from hotline.call_state import Call, Event, Leg, LegState, Stage, Surroundings, Turn
from hotline.ringing import bridged, cancelled, parted, taken, ticked, with_leg
from hotline.side_leg import side_told, worker_left, worker_room
from hotline.verbs import Bridge, Gather, HangUp, Link, Pause, Prompt, Say, Step

#: Seconds to press 1 after the screen was spoken; a voicemail that has not by then is hung up on.
SCREEN_SECONDS = 6


def leg_told(call: Call, event: Event, now: int, around: Surroundings) -> Turn:
    """A phone was picked up, pressed a key, changed its state, or its side of the connection is over."""
    leg = call.leg(event.leg)
    if leg is None:
        side = call.side(event.leg)
        return Turn(call, (HangUp(),)) if side is None else side_told(call, side, event, now, around)
    if event.step is Step.LEG_STATUS:
        return Turn(_leg_moved(call, leg, event, now, around))
    if event.step is Step.LEG_DONE:
        return _leg_done(call, leg, event, now, around)
    said = around.staff_language
    if leg.state not in {LegState.OVER, LegState.JOINED}:
        call = with_leg(call, replace(leg, state=LegState.ANSWERED))
    if call.accepted == leg.id and call.parted_at is None and call.stage is not Stage.ENDED:
        return _connect(call, leg, said)
    if call.accepted is not None:
        return Turn(call, (Say(Prompt.TAKEN, said), HangUp()))
    if leg.cancel or call.stage not in {Stage.MENU, Stage.WAITING}:
        return Turn(call, (Say(Prompt.GONE, said), HangUp()))
    if event.step is Step.SCREEN:
        screen = Say(Prompt.SCREEN_URGENT if call.urgent else Prompt.SCREEN, said)
        to = Link(Step.ACCEPT, leg=leg.id)
        return Turn(call, (Gather(to, (screen, Pause(1), screen), SCREEN_SECONDS), HangUp()))
    if event.digits != "1":
        return Turn(ticked(with_leg(call, replace(leg, cancel=True)), now, around), (HangUp(),))
    call = replace(call, accepted=leg.id, accepted_at=now)
    if call.urgent:
        return Turn(taken(call, now), (Say(Prompt.URGENT_TAKEN, said), HangUp()))
    return _connect(cancelled(call), leg, said)


def _connect(call: Call, leg: Leg, language: str) -> Turn:
    bridge = Bridge(call.contact, joining=Link(Step.JOINING), after=Link(Step.LEG_DONE, leg=leg.id))
    return Turn(call, (Say(Prompt.ACCEPTED, language), bridge))


def _leg_moved(call: Call, leg: Leg, event: Event, now: int, around: Surroundings) -> Call:
    """The provider's word about a phone. What is older than what we know changes nothing; what is over stays over."""
    if leg.state is LegState.OVER or (0 <= event.sequence <= leg.sequence):
        return call
    state = LegState(event.status)
    forward = list(LegState).index(state) > list(LegState).index(leg.state)
    moved = replace(leg, state=state if forward else leg.state, sequence=event.sequence)
    call = with_leg(call, moved)
    return _leg_gone(call, leg, now, around) if state is LegState.OVER else call


def _leg_done(call: Call, leg: Leg, event: Event, now: int, around: Surroundings) -> Turn:
    """The accepted phone's side of the connection is over; without a connection the caller had gone before."""
    if call.accepted == leg.id and call.room and call.parted_at is None and leg.live:
        if leg.state is LegState.JOINED:  # out of the conference
            return Turn(worker_left(with_leg(call, replace(leg, state=LegState.OVER)), leg, now), (HangUp(),))
        call = with_leg(bridged(call, now), replace(leg, state=LegState.JOINED))
        return Turn(call, (worker_room(call, leg),))
    if call.accepted == leg.id and event.bridged:
        return Turn(parted(bridged(call, now), now), (HangUp(),))
    over = with_leg(call, replace(leg, state=LegState.OVER))
    return Turn(_leg_gone(over, leg, now, around), (Say(Prompt.GONE, around.staff_language), HangUp()))


def _leg_gone(call: Call, leg: Leg, now: int, around: Surroundings) -> Call:
    """A phone that accepted and went away before anybody was connected has not accepted: the ladder goes on."""
    if call.accepted == leg.id:
        if call.bridged_at is not None:
            return worker_left(call, leg, now)
        call = replace(call, accepted=None, accepted_at=None)
    return ticked(call, now, around)
