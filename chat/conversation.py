"""A conversation as pure rules: the contact as it is, what happened, and when; out comes what is to be.

Each rule is `(contact, now, ...) -> Decision` or raises `Refused`; the committer runs it on the locked row. A rule that
finds its work already done changes nothing, so that every use case may be repeated safely.
"""

from msgspec.structs import replace

from contacts.committer import Also, Decision
from contacts.contact import (
    Author,
    Contact,
    Door,
    EndedBy,
    Kind,
    Klass,
    Line,
    NewEntry,
    Question,
    Refusal,
    Refused,
    State,
)
from contacts.words import Words
from storage.ids import ContactId, StaffId

#: How long an offer stands before the next operator is asked, in seconds.
OFFER_TIME = 60
#: With the ask before it, the id of the line under a card that was closed without an answer.
CLOSED = ".closed"


def begun(*, contact: ContactId, language: str, tag: str, now: int, place: int = 1) -> Contact:
    """A visitor pressed Start. `place` in the line: 1 is next."""
    return Contact(
        id=contact, door=Door.CHAT, language=language, tag=tag, state=State.WAITING, opened_at=now, place=place
    )


def visitor_said(contact: Contact, _now: int, *, client_id: str, words: Words) -> Decision:
    """A message, also while waiting: it will be there when somebody comes."""
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    if contact.quiet_since is not None:
        contact = replace(contact, quiet_since=None)
    return Decision(contact, (_message(Author.VISITOR, client_id, words),))


def operator_said(contact: Contact, _now: int, *, staff: StaffId, client_id: str, words: Words) -> Decision:
    """The worker writes to the visitor."""
    require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    return Decision(contact, (_message(Author.WORKER, client_id, words, staff),))


def operator_noted(contact: Contact, _now: int, *, staff: StaffId, client_id: str, words: Words) -> Decision:
    """An internal note, also on a message of the form: another class, another key; also after the end."""
    if contact.operator != staff:
        raise Refused(Refusal.NOT_YOURS)
    note = NewEntry(
        kind=Kind.NOTE, author=Author.WORKER, klass=Klass.RECORD, words=words, client_id=client_id, staff=staff
    )
    return Decision(contact, (note,))


def offered(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The house offers a waiting visitor to one operator."""
    if contact.state is not State.WAITING:
        raise Refused(Refusal.ALREADY_TAKEN)
    return Decision(replace(contact, state=State.OFFERED, offered_to=staff, offer_until=now + OFFER_TIME))


def overtaken(contact: Contact, _now: int) -> Decision:
    """Somebody flagged as in danger was offered first, who had come later (chat.waiting_line)."""
    if contact.state is not State.WAITING:
        return Decision(contact)
    return Decision(replace(contact, overtaken=contact.overtaken + 1), silent=True)


def danger_flagged(contact: Contact, _now: int, *, staff: StaffId, on: bool) -> Decision:
    """Staff set or take away the danger flag: the operator, or anybody on somebody who waits."""
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    if contact.state is State.ACTIVE:
        require_operator(contact, staff)
    return Decision(contact if contact.danger is on else replace(contact, danger=on))


def offer_lapsed(contact: Contact, now: int) -> Decision:
    """Nobody answered the offer in time: back to the line, at the old place."""
    if contact.state is not State.OFFERED or contact.offer_until is None or now < contact.offer_until:
        return Decision(contact)
    return Decision(_back_in_line(contact, now))


def offer_declined(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The operator said "not me"."""
    if contact.state is not State.OFFERED or contact.offered_to != staff:
        return Decision(contact)
    return Decision(_back_in_line(contact, now))


def operator_accepted(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """Two accept, one wins: whoever the row's lock lets in first.

    Whoever follows a colleague reads what was written before only if the visitor lets them: they said so when they were
    handed over, or are asked now.
    """
    if contact.door is not Door.CHAT:
        raise Refused(Refusal.NOT_YOURS)
    if contact.operator == staff and contact.state is State.ACTIVE:
        return Decision(contact)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    free = contact.state is State.WAITING or (contact.state is State.OFFERED and contact.offered_to == staff)
    if not free:
        raise Refused(Refusal.ALREADY_TAKEN)
    veiled = contact.former is not None and contact.former != staff and not contact.next_reads
    taken = replace(
        contact,
        state=State.ACTIVE,
        operator=staff,
        accepted_at=now,
        waited=now - contact.opened_at if contact.waited is None else contact.waited,
        offered_to=None,
        offer_until=None,
        missed_by=None,
        missed_at=None,
        former=None,
        next_reads=False,
        reads_from=1 if contact.next_reads else contact.reads_from,
        question=Question.READ if veiled else None,
        question_to=None,
        operator_away_since=None,
    )
    joined = (
        (line(Line.WORKER_JOINED, staff), line(Line.ASKED_READ, staff))
        if veiled
        else (line(Line.WORKER_JOINED, staff),)
    )
    return Decision(taken, joined, veiled=veiled)


def operator_showed(contact: Contact, _now: int, *, staff: StaffId, seq: int) -> Decision:
    """The worker's screen has shown everything up to `seq`. Silent: a passing signal has told the visitor's page."""
    require_operator(contact, staff)
    if seq <= contact.shown_seq:
        return Decision(contact)
    return Decision(replace(contact, shown_seq=seq), silent=True)


def operator_asked(
    contact: Contact, _now: int, *, staff: StaffId, question: Question, to: StaffId | None = None
) -> Decision:
    """The worker asks the visitor: may a colleague (`to`, or anybody) go on with you; may I read what was before?"""
    require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    nothing_to_read = question is Question.READ and contact.reads_from <= 1
    if nothing_to_read or (contact.question is question and contact.question_to == to):
        return Decision(contact)
    code = Line.ASKED_READ if question is Question.READ else Line.ASKED_HAND_OVER
    return Decision(replace(contact, question=question, question_to=to), (line(code, staff),))


def visitor_answered(contact: Contact, now: int, *, question: Question, yes: bool) -> Decision:
    """The visitor pressed Yes or No. An answer to what is not asked (any more) changes nothing."""
    if contact.state is not State.ACTIVE or contact.question is not question:
        return Decision(contact)
    answered = replace(contact, question=None, question_to=None)
    if question is Question.READ:
        code = Line.READ_ALLOWED if yes else Line.READ_REFUSED
        return Decision(replace(answered, reads_from=1) if yes else answered, (line(code, by=Author.VISITOR),))
    if not yes:
        return Decision(answered, (line(Line.HAND_OVER_REFUSED, by=Author.VISITOR),))
    moving = replace(without_operator(contact), next_reads=True, missed_by=contact.operator, missed_at=now)
    if contact.question_to is not None:
        moving = replace(moving, state=State.OFFERED, offered_to=contact.question_to, offer_until=now + OFFER_TIME)
    return Decision(moving, (*closing_card(contact), line(Line.HANDED_OVER, contact.operator, by=Author.VISITOR)))


def visitor_ended(contact: Contact, now: int) -> Decision:
    """The visitor pressed "End"."""
    return over(contact, now, EndedBy.VISITOR, Line.ENDED_BY_VISITOR)


def visitor_left(contact: Contact, now: int) -> Decision:
    """Leave, the quick exit: do not write, do not call back."""
    return over(contact, now, EndedBy.LEFT_QUICKLY, Line.LEFT_QUICKLY)


def operator_ended(contact: Contact, now: int, *, staff: StaffId) -> Decision:
    """The worker ended the conversation."""
    require_operator(contact, staff)
    return over(contact, now, EndedBy.WORKER, Line.ENDED_BY_WORKER)


def require_operator(contact: Contact, staff: StaffId) -> None:
    """Raises `Refused` for everybody else: an absent contact looks the same."""
    if contact.operator != staff or contact.door is not Door.CHAT:
        raise Refused(Refusal.NOT_YOURS)


def _back_in_line(contact: Contact, now: int) -> Contact:
    return replace(
        contact,
        state=State.WAITING,
        offered_to=None,
        offer_until=None,
        missed_by=contact.offered_to,
        missed_at=now,
    )


def without_operator(contact: Contact) -> Contact:
    """Back in the line, at the old place; whoever had it may get it back (chat.absence)."""
    return replace(
        contact,
        state=State.WAITING,
        operator=None,
        former=contact.operator,
        next_reads=False,
        operator_away_since=None,
        question=None,
        question_to=None,
        quiet_since=None,
        card=None,
        helper=None,
    )


def over(contact: Contact, now: int, by: EndedBy, code: Line) -> Decision:
    """The end, said once; the visitor's cookie goes with it."""
    if contact.state is State.ENDED:
        return Decision(contact)
    ended = replace(
        contact,
        state=State.ENDED,
        ended_at=now,
        ended_by=by,
        offered_to=None,
        offer_until=None,
        question=None,
        question_to=None,
        card=None,
        helper=None,
    )
    return Decision(ended, (line(code),), (Also.FORGET_VISITOR,))


def _message(author: Author, client_id: str, words: Words, staff: StaffId | None = None) -> NewEntry:
    return NewEntry(kind=Kind.MESSAGE, author=author, words=words, client_id=client_id, staff=staff)


def line(code: Line, staff: StaffId | None = None, by: Author = Author.HOUSE) -> NewEntry:
    """A line of the house in the conversation."""
    return NewEntry(kind=Kind.LINE, author=by, code=code, staff=staff)


def closing_card(contact: Contact, staff: StaffId | None = None) -> tuple[NewEntry, ...]:
    """The line under a card that nobody has answered, if one stands open (chat.consent_card)."""
    if contact.card is None:
        return ()
    closed = contact.card + CLOSED
    return (NewEntry(kind=Kind.ANSWER, author=Author.HOUSE, code=Line.CARD_TAKEN_BACK, client_id=closed, staff=staff),)
