"""A call between its two forms: `hotline.call_state.Call`, and the rows `contacts.calls` keeps. Pure."""

from typing import Any

from msgspec import structs

from contacts.calls import CallRow, Kept, LegRow
from contacts.contact import Contact, Door, EndedBy, State
from hotline.call_state import Call, Leg, LegKind, LegState, Message, Move, Outcome, Stage, When
from storage.ids import ContactId, StaffId

#: Waits and ringing are kept to ten seconds, talks to a minute: enough for the figures, too coarse to recognise a call.
WAIT_STEP = 10
TALK_STEP = 60
_FLAGS = ("chosen", "worker_left", "told", "asked_back", "taken", "back_named", "room")
_PLAIN = ("turn", "rung", "rung_until", "accepted", "accepted_at", "bridged_at", "parted_at", "ended_at", "tries")


def call_of(kept: Kept) -> Call:
    """The call of these rows."""
    row = kept.call
    plain: dict[str, Any] = {name: bool(getattr(row, name)) for name in _FLAGS}
    plain |= {name: getattr(row, name) for name in _PLAIN}
    return Call(
        contact=kept.contact.id,
        language=kept.contact.language,
        opened_at=kept.contact.opened_at,
        stage=Stage(row.stage),
        outcome=Outcome(row.outcome) if row.outcome else None,
        back_when=When(row.back_when) if row.back_when else None,
        legs=tuple(_leg(leg) for leg in kept.legs if leg.kind == LegKind.ANSWER),
        sides=tuple(_leg(leg) for leg in kept.legs if leg.kind != LegKind.ANSWER),
        move=Move(row.move) if row.move else None,
        urgent=kept.contact.door is not Door.PHONE,
        message=Message(row.message) if row.message else None,
        **plain,
    )


def kept_after(before: Kept, call: Call, seen_at: int) -> Kept:
    """The rows after the call has moved; `seen_at`: when the provider spoke."""
    rows = {leg.id: leg for leg in before.legs}
    row = structs.replace(
        before.call,
        stage=call.stage.value,
        outcome=call.outcome.value if call.outcome else None,
        back_when=call.back_when.value if call.back_when else None,
        seen_at=max(seen_at, before.call.seen_at),
        move=call.move.value if call.move else None,
        move_at=before.call.move_at if call.move == before.call.move else 0,
        message=call.message.value if call.message else None,
        **{name: int(getattr(call, name)) for name in _FLAGS},
        **{name: getattr(call, name) for name in _PLAIN},
        **_figures(call),
    )
    legs = tuple(_leg_after(rows.get(leg.id), leg, call) for leg in (*call.legs, *call.sides))
    return Kept(_contact_after(before.contact, call), row, legs)


def new_call(contact: ContactId, language: str, tag: str, now: int, provider_call: str) -> tuple[Contact, CallRow]:
    """A call that has just arrived."""
    opened = Contact(id=contact, door=Door.PHONE, language=language, tag=tag, state=State.WAITING, opened_at=now)
    return opened, CallRow(contact=contact, stage=Stage.MENU.value, seen_at=now, provider_call=provider_call)


def rounded(seconds: int, step: int) -> int:
    """To the nearest multiple, but what was not nothing is never nothing."""
    return max((seconds + step // 2) // step * step, step) if seconds > 0 else 0


def _figures(call: Call) -> dict[str, int | None]:
    there = call.bridged_at if call.bridged_at is not None else call.ended_at
    talked = None if call.bridged_at is None or call.parted_at is None else call.parted_at - call.bridged_at
    rang = None if call.accepted_at is None else call.accepted_at - call.opened_at
    return {
        "waited": None if there is None else rounded(there - call.opened_at, WAIT_STEP),
        "rang": None if rang is None else rounded(rang, WAIT_STEP),
        "talked": None if talked is None else rounded(talked, TALK_STEP),
    }


def _contact_after(contact: Contact, call: Call) -> Contact:
    if contact.door is not Door.PHONE:  # an urgent message rings; what becomes of it is not a call's business
        return contact
    leg = call.leg(call.accepted)
    talk = call.bridged_at is not None
    state = State.ENDED if call.stage is Stage.ENDED else State.ACTIVE if talk else State.WAITING
    return structs.replace(
        contact,
        language=call.language,
        state=state,
        operator=leg.staff if talk and leg is not None else contact.operator,
        accepted_at=call.bridged_at,
        waited=None if call.bridged_at is None else rounded(call.bridged_at - call.opened_at, WAIT_STEP),
        ended_at=call.ended_at,
        ended_by=_ended_by(call) if call.stage is Stage.ENDED else None,
    )


def _ended_by(call: Call) -> EndedBy:
    if call.bridged_at is not None:
        return EndedBy.WORKER if call.worker_left else EndedBy.VISITOR
    if call.outcome is Outcome.MESSAGE:
        return EndedBy.MESSAGE
    return EndedBy.VISITOR if call.outcome is Outcome.HUNG_UP else EndedBy.UNSERVED


def _leg(row: LegRow) -> Leg:
    return Leg(
        id=row.id,
        staff=StaffId(row.staff),
        rung=row.rung,
        state=LegState(row.state),
        cancel=bool(row.cancel),
        passed=bool(row.passed),
        sequence=row.sequence,
        kind=LegKind(row.kind),
    )


def _leg_after(row: LegRow | None, leg: Leg, call: Call) -> LegRow:
    moved = LegRow(
        id=leg.id,
        contact=call.contact,
        staff=leg.staff,
        rung=leg.rung,
        state=leg.state.value,
        cancel=int(leg.cancel),
        passed=int(leg.passed),
        sequence=leg.sequence,
        kind=leg.kind.value,
    )
    if row is None:
        return moved
    return structs.replace(
        moved, provider_call=row.provider_call, tries=row.tries, try_at=row.try_at, forgotten=row.forgotten
    )
