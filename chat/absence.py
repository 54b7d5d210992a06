"""Somebody's line breaks, comes back or stays away: rules of a conversation, as `chat.conversation` has them."""

from msgspec.structs import replace

from chat.conversation import closing_card, line, over, without_operator
from contacts.committer import Decision
from contacts.contact import Contact, EndedBy, Line, State
from storage.ids import StaffId

#: A visitor whose line broke keeps the place and the conversation this long (chat.md section 2), in seconds.
RESUME_WINDOW = 600
#: An operator whose line broke this long ago is replaced, in seconds.
REPLACED_AFTER = 120


def visitor_lost(contact: Contact, now: int) -> Decision:
    """The visitor's line broke; the place is kept."""
    if contact.state is State.ENDED or contact.visitor_away_since is not None:
        return Decision(contact)
    return Decision(replace(contact, visitor_away_since=now), (line(Line.VISITOR_LOST),))


def visitor_returned(contact: Contact, _now: int) -> Decision:
    """The visitor is back on the line."""
    if contact.state is State.ENDED or contact.visitor_away_since is None:
        return Decision(contact)
    return Decision(replace(contact, visitor_away_since=None), (line(Line.VISITOR_BACK),))


def visitor_silent(contact: Contact, now: int) -> Decision:
    """The resume window passed and nobody came back."""
    away = contact.visitor_away_since
    if contact.state is State.ENDED or away is None or now - away < RESUME_WINDOW:
        return Decision(contact)
    return over(contact, now, EndedBy.SILENCE, Line.ENDED_SILENT)


def operator_lost(contact: Contact, now: int, *, staff: StaffId, since: int | None = None) -> Decision:
    """The worker's line broke (`since`: when, if not just now): the visitor is told."""
    if contact.state is not State.ACTIVE or contact.operator != staff or contact.operator_away_since is not None:
        return Decision(contact)
    away = replace(contact, operator_away_since=now if since is None else min(since, now))
    return Decision(away, (line(Line.WORKER_LOST, staff),))


def operator_gone(contact: Contact, now: int) -> Decision:
    """The worker did not come back: the visitor is in the line again, at the old place."""
    away = contact.operator_away_since
    if contact.state is not State.ACTIVE or away is None or now - away < REPLACED_AFTER:
        return Decision(contact)
    return Decision(without_operator(contact), (*closing_card(contact), line(Line.WORKER_GONE, contact.operator)))


def operator_returned(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """The worker is back on the line, and gets back whom nobody else has accepted meanwhile."""
    if contact.former == staff and contact.state in (State.WAITING, State.OFFERED) and not contact.next_reads:
        back = replace(
            contact,
            state=State.ACTIVE,
            operator=staff,
            former=None,
            offered_to=None,
            offer_until=None,
            missed_by=None,
            missed_at=None,
        )
        return Decision(back, (line(Line.WORKER_BACK, staff),))
    if contact.state is not State.ACTIVE or contact.operator != staff or contact.operator_away_since is None:
        return Decision(contact)
    return Decision(replace(contact, operator_away_since=None), (line(Line.WORKER_BACK, staff),))
