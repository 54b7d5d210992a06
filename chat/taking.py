"""An operator takes a conversation, and the assignment explains itself."""

from chat import conversation
from chat.waiting_line import Why
from contacts.assignments import Assignment, explain
from contacts.committer import Decision
from contacts.contact import Contact, State
from contacts.session import Session
from storage.engine import Connection
from storage.ids import ContactId


class Taking:
    """An acceptance, and its explanation if nothing was offered: an offer has explained itself."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._taken: Assignment | None = None

    def decide(self, contact: Contact, now: int) -> Decision:
        """The rule. Raises `Refused`."""
        staff = self._session.staff_id
        decision = conversation.operator_accepted(contact, now, staff=staff)
        if contact.state is State.WAITING:
            shared = contact.language in self._session.languages
            self._taken = Assignment(contact.id, staff, now, Why.TAKEN, eligible=1, same_language=shared)
        return decision

    async def explain(self, conn: Connection, _contact: ContactId) -> None:
        """In the transaction that takes it."""
        if self._taken is not None:
            await explain(conn, self._taken)
