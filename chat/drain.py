"""What silence and closing do to a conversation: pure rules like those of chat.conversation. None of them cuts anybody off."""

from msgspec.structs import replace

from chat.conversation import line, over, require_operator
from contacts.committer import Decision
from contacts.contact import Contact, EndedBy, Line, Refusal, Refused, State
from storage.ids import StaffId

#: A visitor who has not answered for so long is asked whether they are still there, in seconds.
QUIET_AFTER = 10 * 60
#: So much more time an operator may give after closing, as often as needed, in seconds.
EXTENSION = 30 * 60
_NOTICES = {15: Line.CLOSING_15, 5: Line.CLOSING_5}


def visitor_quiet(contact: Contact, now: int, *, since: int) -> Decision:
    """No word from the visitor since `since`: a gentle question, again and again, never an end."""
    since = max(since, contact.quiet_since or 0)
    if contact.state is not State.ACTIVE or contact.visitor_away_since is not None or now - since < QUIET_AFTER:
        return Decision(contact)
    return Decision(replace(contact, quiet_since=now), (line(Line.STILL_THERE),))


def grace_extended(contact: Contact, now: int, *, staff: StaffId, closes: int | None) -> Decision:
    """The worker gives more time after closing; the visitor is told. `closes`: when the grace ends without it."""
    require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    until = max(contact.grace_until or 0, closes or 0)
    if not now - EXTENSION < until <= now + EXTENSION:  # open, long closed, or more time than that is left
        return Decision(contact)
    return Decision(replace(contact, grace_until=max(until, now) + EXTENSION), (line(Line.EXTENDED, staff),))


def closing_told(contact: Contact, now: int, *, until: int) -> Decision:
    """A running conversation is told 15 and 5 minutes before the grace ends at `until`, each once. Nothing ends."""
    if contact.state is not State.ACTIVE:
        return Decision(contact)
    for minutes in sorted(_NOTICES):
        due = until - minutes * 60
        if due <= now < until and (contact.told_at is None or contact.told_at < due):
            return Decision(replace(contact, told_at=due), (line(_NOTICES[minutes]),))
    return Decision(contact)


def visitor_unserved(contact: Contact, now: int) -> Decision:
    """We closed before anybody could answer: said honestly. An offer that stands is waited for."""
    if contact.state is not State.WAITING:
        return Decision(contact)
    return over(contact, now, EndedBy.UNSERVED, Line.ENDED_UNSERVED)
