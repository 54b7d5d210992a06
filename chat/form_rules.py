"""What becomes of a message of the form, as pure rules: `(contact, now, ...) -> Decision`, or `Refused`.

A message waits until somebody takes it, is read by whoever has it, and stays until that person says what came of it. A
rule that finds its work already done changes nothing.
"""

from typing import Final

from msgspec.structs import replace

from contacts.committer import Decision
from contacts.contact import Contact, Door, EndedBy, Refusal, Refused, State
from storage.ids import ContactId, StaffId

#: What an operator can say came of a message.
OUTCOMES: Final = frozenset(
    {EndedBy.ANSWERED, EndedBy.TRIED, EndedBy.NO_ANSWER_WANTED, EndedBy.NOT_POSSIBLE},
)


def arrived(*, contact: ContactId, language: str, tag: str, now: int) -> Contact:
    """Somebody pressed Send. `language`: the one they want to be answered in."""
    return Contact(id=contact, door=Door.FORM, language=language, tag=tag, state=State.WAITING, opened_at=now)


def taken(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """Taken by an operator; also from a colleague (that this one is away is the caller's business)."""
    _require_form(contact)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    if contact.operator == staff:
        return Decision(contact)
    return Decision(replace(contact, state=State.ACTIVE, operator=staff, accepted_at=now))


def taken_by_phone(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """Taken by whoever pressed 1 when the telephones rang for it; never from a colleague."""
    if contact.operator is not None and contact.operator != staff:
        raise Refused(Refusal.ALREADY_TAKEN)
    return taken(contact, now, staff=staff)


def put_back(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """Not me: it waits again, as old as it was."""
    _require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    return Decision(replace(contact, state=State.WAITING, operator=None, accepted_at=None))


def dealt_with(contact: Contact, now: int, *, staff: StaffId, outcome: EndedBy) -> Decision:
    """The operator says what came of it. `outcome`: one of `OUTCOMES`."""
    _require_operator(contact, staff)
    if contact.state is State.ENDED:
        if contact.ended_by is outcome:
            return Decision(contact)
        raise Refused(Refusal.ENDED)
    return Decision(replace(contact, state=State.ENDED, ended_at=now, ended_by=outcome))


def _require_form(contact: Contact) -> None:
    if contact.door is not Door.FORM:
        raise Refused(Refusal.NOT_YOURS)


def _require_operator(contact: Contact, staff: StaffId) -> None:
    _require_form(contact)
    if contact.operator != staff:
        raise Refused(Refusal.NOT_YOURS)
