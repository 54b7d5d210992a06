"""A conversation as pure rules: the contact as it is, what happened, and when; out comes what is to be.

Each rule is `(contact, now, ...) -> Decision` or raises `Refused`; the committer runs it on the locked row. A rule that
finds its work already done changes nothing, so that every use case may be repeated safely.
"""

from msgspec.structs import replace

from contacts.committer import Also, Decision
from contacts.contact import Author, Contact, Door, EndedBy, Kind, Klass, Line, NewEntry, Refusal, Refused, State
from contacts.words import Words
from storage.ids import ContactId, StaffId

#: A visitor whose line broke keeps the place and the conversation this long (chat.md section 2), in seconds.
RESUME_WINDOW = 600
#: How long an offer stands before the next operator is asked, in seconds.
OFFER_TIME = 60


def begun(*, contact: ContactId, language: str, tag: str, now: int) -> Contact:
    """A visitor pressed Start."""
    return Contact(id=contact, door=Door.CHAT, language=language, tag=tag, state=State.WAITING, opened_at=now)


def visitor_said(contact: Contact, _now: int, *, client_id: str, words: Words) -> Decision:
    """A message, also while waiting: it will be there when somebody comes."""
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    return Decision(contact, (_message(Author.VISITOR, client_id, words),))


def operator_said(contact: Contact, _now: int, *, staff: StaffId, client_id: str, words: Words) -> Decision:
    """The worker writes to the visitor."""
    _require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    return Decision(contact, (_message(Author.WORKER, client_id, words, staff),))


def operator_noted(contact: Contact, _now: int, *, staff: StaffId, client_id: str, words: Words) -> Decision:
    """An internal note: another class, another key; also after the end."""
    _require_operator(contact, staff)
    note = NewEntry(
        kind=Kind.NOTE, author=Author.WORKER, klass=Klass.RECORD, words=words, client_id=client_id, staff=staff
    )
    return Decision(contact, (note,))


def offered(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The house offers a waiting visitor to one operator."""
    if contact.state is not State.WAITING:
        raise Refused(Refusal.ALREADY_TAKEN)
    return Decision(replace(contact, state=State.OFFERED, offered_to=staff, offer_until=now + OFFER_TIME))


def offer_lapsed(contact: Contact, now: int) -> Decision:
    """Nobody answered the offer in time: back to the line, at the old place."""
    if contact.state is not State.OFFERED or contact.offer_until is None or now < contact.offer_until:
        return Decision(contact)
    return Decision(_back_in_line(contact))


def offer_declined(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """The operator said "not me"."""
    if contact.state is not State.OFFERED or contact.offered_to != staff:
        return Decision(contact)
    return Decision(_back_in_line(contact))


def operator_accepted(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """Two accept, one wins: whoever the row's lock lets in first."""
    if contact.operator == staff and contact.state is State.ACTIVE:
        return Decision(contact)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    free = contact.state is State.WAITING or (contact.state is State.OFFERED and contact.offered_to == staff)
    if not free:
        raise Refused(Refusal.ALREADY_TAKEN)
    taken = replace(
        contact, state=State.ACTIVE, operator=staff, accepted_at=now, offered_to=None, offer_until=None, missed_by=None
    )
    return Decision(taken, (_line(Line.WORKER_JOINED, staff),))


def operator_showed(contact: Contact, _now: int, *, staff: StaffId, seq: int) -> Decision:
    """The worker's screen has shown everything up to `seq`. Silent: a passing signal has told the visitor's page."""
    _require_operator(contact, staff)
    if seq <= contact.shown_seq:
        return Decision(contact)
    return Decision(replace(contact, shown_seq=seq), silent=True)


def visitor_lost(contact: Contact, now: int) -> Decision:
    """The visitor's line broke; the place is kept."""
    if contact.state is State.ENDED or contact.visitor_away_since is not None:
        return Decision(contact)
    return Decision(replace(contact, visitor_away_since=now), (_line(Line.VISITOR_LOST),))


def visitor_returned(contact: Contact, _now: int) -> Decision:
    """The visitor is back on the line."""
    if contact.state is State.ENDED or contact.visitor_away_since is None:
        return Decision(contact)
    return Decision(replace(contact, visitor_away_since=None), (_line(Line.VISITOR_BACK),))


def operator_lost(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The worker's line broke: the visitor is told."""
    if contact.state is not State.ACTIVE or contact.operator != staff or contact.operator_away_since is not None:
        return Decision(contact)
    return Decision(replace(contact, operator_away_since=now), (_line(Line.WORKER_LOST, staff),))


def operator_returned(contact: Contact, _now: int, *, staff: StaffId) -> Decision:
    """The worker is back on the line."""
    if contact.state is not State.ACTIVE or contact.operator != staff or contact.operator_away_since is None:
        return Decision(contact)
    return Decision(replace(contact, operator_away_since=None), (_line(Line.WORKER_BACK, staff),))


def visitor_silent(contact: Contact, now: int) -> Decision:
    """The resume window passed and nobody came back."""
    away = contact.visitor_away_since
    if contact.state is State.ENDED or away is None or now - away < RESUME_WINDOW:
        return Decision(contact)
    return _ended(contact, now, EndedBy.SILENCE, Line.ENDED_SILENT)


def visitor_ended(contact: Contact, now: int) -> Decision:
    """The visitor pressed "End"."""
    return _ended(contact, now, EndedBy.VISITOR, Line.ENDED_BY_VISITOR)


def visitor_left(contact: Contact, now: int) -> Decision:
    """Leave, the quick exit: do not write, do not call back."""
    return _ended(contact, now, EndedBy.LEFT_QUICKLY, Line.LEFT_QUICKLY)


def operator_ended(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The worker ended the conversation."""
    _require_operator(contact, staff)
    return _ended(contact, now, EndedBy.WORKER, Line.ENDED_BY_WORKER)


def _require_operator(contact: Contact, staff: StaffId) -> None:
    if contact.operator != staff:
        raise Refused(Refusal.NOT_YOURS)


def _back_in_line(contact: Contact) -> Contact:
    return replace(contact, state=State.WAITING, offered_to=None, offer_until=None, missed_by=contact.offered_to)


def _ended(contact: Contact, now: int, by: EndedBy, line: Line) -> Decision:
    if contact.state is State.ENDED:
        return Decision(contact)
    over = replace(contact, state=State.ENDED, ended_at=now, ended_by=by, offered_to=None, offer_until=None)
    return Decision(over, (_line(line),), (Also.FORGET_VISITOR,))


def _message(author: Author, client_id: str, words: Words, staff: StaffId | None = None) -> NewEntry:
    return NewEntry(kind=Kind.MESSAGE, author=author, words=words, client_id=client_id, staff=staff)


def _line(code: Line, staff: StaffId | None = None) -> NewEntry:
    return NewEntry(kind=Kind.LINE, author=Author.HOUSE, code=code, staff=staff)
