"""A lead reads a conversation that is under way, visibly to both in it (promise P13): chat/helping.py has the rules.

The order is: on the audit record with a reason, then the line in the conversation, then the words. Whoever is not the
helper any more reads nothing.
"""

from functools import partial

from chat import helping
from chat.closed_reading import ClosedReading, ReadContact
from chat.shown import ShownEntry
from contacts.committer import Committer, Unit
from contacts.contact import Contact, Door, Kind, Line, Refusal, Refused, State
from contacts.log import Log
from contacts.openings import OpeningReason
from contacts.people import Role
from contacts.session import Session
from storage.ids import ContactId, StaffId


class LiveReading:
    """For leads. All raise `Refused`: not_yours for everybody else, and for what is not under way."""

    def __init__(self, *, log: Log, committer: Committer, closed: ClosedReading) -> None:
        self._log = log
        self._committer = committer
        self._closed = closed

    async def under_way(self, session: Session) -> list[Contact]:
        """The running chats of colleagues: what is plain about them."""
        _lead(session)
        found = await self._log.active()
        return [one for one in found if one.door is Door.CHAT and one.operator not in (None, session.staff_id)]

    async def found(self, session: Session, contact: ContactId) -> Contact:
        """One of them."""
        for one in await self.under_way(session):
            if one.id == contact:
                return one
        raise Refused(Refusal.NOT_YOURS)

    async def join(self, session: Session, contact: ContactId, reason: OpeningReason) -> None:
        """Be seen, first. Raises also already_taken (somebody else helps), cannot_open and `TooManyOpenings`."""
        found = await self.found(session, contact)
        if found.helper not in (None, session.staff_id):
            raise Refused(Refusal.ALREADY_TAKEN)
        await self._closed.opened(session, contact, reason)
        await self._committer.submit(Unit(contact, partial(helping.lead_joined, staff=session.staff_id)))

    async def read(self, session: Session, contact: ContactId) -> ReadContact:
        """What was said and noted until now: as far as its worker may read."""
        found = await self.found(session, contact)
        if found.helper != session.staff_id:
            raise Refused(Refusal.NOT_YOURS)
        opening = await self._closed.opened(session, contact, None)
        said, notes = await self._closed.shown(opening)
        now = await self._log.contact(contact)
        if now is None or now.helper != session.staff_id or now.state is not State.ACTIVE:
            raise Refused(Refusal.NOT_YOURS)  # it went on without us while we read
        if not _seen(said, session.staff_id):
            raise Refused(Refusal.NOT_YOURS)  # somebody wrote into the database: what counts is what the two can see
        if now.reads_from > 1:
            said, notes = [one for one in said if one.seq >= now.reads_from], []
        return ReadContact(now, [one for one in said if one.kind is not Kind.NOTE], notes)

    async def leave(self, session: Session, contact: ContactId) -> None:
        """Read no more; both in the conversation see that too."""
        _lead(session)
        await self._committer.submit(Unit(contact, partial(helping.lead_left, staff=session.staff_id)))


def _seen(said: list[ShownEntry], staff: StaffId) -> bool:
    """Whether the conversation itself says that this lead is there."""
    mine = [one.code for one in said if one.staff == staff and one.code in (Line.LEAD_JOINED, Line.LEAD_LEFT)]
    return mine[-1:] == [Line.LEAD_JOINED]


def _lead(session: Session) -> None:
    if session.role is not Role.LEAD:
        raise Refused(Refusal.NOT_YOURS)
