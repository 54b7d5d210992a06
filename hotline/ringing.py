"""Small moves of a call: the ladder's next rung, legs that are to be hung up, connected, parted, ended. Pure."""

from msgspec.structs import replace

from hotline.call_state import Call, Leg, Outcome, Stage, Surroundings
from hotline.ladder import next_rung, speakers
from storage.ids import StaffId


def ticked(call: Call, now: int, around: Surroundings) -> Call:
    """Time has passed: the next rung when the present one is over."""
    if call.accepted is not None or call.stage not in {Stage.MENU, Stage.WAITING}:
        return call
    if call.ringing and now < call.rung_until:
        return call
    wanted = call.language if call.chosen else None
    rung = frozenset(one.staff for one in call.legs if not one.passed)
    staff = next_rung(around.candidates, rung=rung, language=wanted)
    call = cancelled(call)
    if not staff and call.urgent:
        return ended(replace(call, told=True), now)
    if not staff:
        return replace(call, stage=Stage.OFFER) if call.stage is Stage.WAITING else call
    number = call.rung + 1
    names = zip(around.new_legs, staff, strict=False)
    legs = tuple(Leg(id=name, staff=one, rung=number) for name, one in names)
    return replace(call, rung=number, rung_until=now + around.ring_seconds, legs=(*call.legs, *legs))


def rung_from_desk(call: Call, staff: StaffId, name: str, until: int) -> Call | None:
    """Somebody wants to answer at the console: their own phone is to ring, and is screened like any other.

    None: the call waits for nobody any more. Whose phone rings already has it ring on; no rung ends before `until`.
    """
    if call.accepted is not None or call.stage not in {Stage.MENU, Stage.WAITING}:
        return None
    if any(one.staff == staff for one in call.ringing):
        return call
    leg = Leg(id=name, staff=staff, rung=call.rung)
    return replace(call, legs=(*call.legs, leg), rung_until=max(call.rung_until, until))


def next_turn(call: Call) -> Call:
    """The caller is told something new."""
    return replace(call, turn=call.turn + 1)


def with_leg(call: Call, leg: Leg) -> Call:
    """The call with this leg in the place of the one of its name."""
    return replace(call, legs=tuple(leg if one.id == leg.id else one for one in call.legs))


def cancelled(call: Call) -> Call:
    """Every phone but the accepted one is to be hung up."""
    legs = tuple(replace(one, cancel=True) if one.live and one.id != call.accepted else one for one in call.legs)
    return replace(call, legs=legs)


def passed_over(call: Call, around: Surroundings) -> Call:
    """The language is known now: phones of those who do not speak it stop, if anybody on call does."""
    able = speakers(around.candidates, call.language)
    if not able or call.accepted is not None:
        return call
    legs = tuple(
        replace(one, cancel=True, passed=True) if one.live and one.staff not in able else one for one in call.legs
    )
    return replace(call, legs=legs)


def bridged(call: Call, now: int) -> Call:
    """Caller and staff hear each other; a call that has ended meanwhile stays ended, but was a talk."""
    if call.bridged_at is not None:
        return call
    if call.stage is Stage.ENDED:
        return replace(call, bridged_at=now, outcome=Outcome.TALKED)
    return replace(call, stage=Stage.TALKING, bridged_at=now)


def parted(call: Call, now: int) -> Call:
    """The talk is over."""
    return call if call.parted_at is not None else replace(call, parted_at=now)


def ended(call: Call, now: int) -> Call:
    """The caller's line is gone: the outcome is decided, and every phone that still rings is to be hung up."""
    if call.stage is Stage.ENDED:
        return call
    call = replace(call, sides=_stopped(call.sides), move=None)
    if call.bridged_at is not None:
        call = replace(call, legs=_stopped(call.legs)) if call.room else cancelled(call)
        return replace(parted(call, now), stage=Stage.ENDED, ended_at=now, outcome=Outcome.TALKED)
    return replace(call, legs=_stopped(call.legs), stage=Stage.ENDED, ended_at=now, outcome=_missed(call))


def _missed(call: Call) -> Outcome:
    """What became of a call in which nobody talked."""
    if call.taken:
        return Outcome.CALL_BACK
    if call.message is not None and call.message.there:
        return Outcome.MESSAGE
    return Outcome.UNSERVED if call.told else Outcome.HUNG_UP


def _stopped(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """All of them are to be hung up."""
    return tuple(replace(one, cancel=True) if one.live else one for one in legs)


def taken(call: Call, now: int) -> Call:
    """An urgent message was taken by whoever pressed 1; the other phones stop."""
    return replace(cancelled(call), stage=Stage.ENDED, ended_at=now, outcome=Outcome.TAKEN)
