"""Keeping messages of the contact form: each a contact of its own, sealed as it arrives, with no private key at hand.

The message is the first entry of the transcript. How to answer is sealed apart, under a key of its own class, so that it
can be erased earlier. A message sent twice is known by an authenticity code over everything in it and the random id of
the page it was written on; that id is kept nowhere, so that nobody can try guesses against the code.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import RowMapping, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.begin import begin
from contacts.contact import Answer, Author, Contact, Door, Entry, Kind, Klass, State, Urgency
from contacts.heads import contact_of
from contacts.inserting import inserted
from contacts.keyring import Keyring
from contacts.sealing import EntryName
from contacts.statistics.proposals import Origin
from contacts.statistics.tables import proposals
from contacts.tables_forms import form_messages
from contacts.tables_log import contacts
from contacts.words import Words
from storage.ids import ContactId, StaffId

_PROPOSES = exists(proposals.c.id).where(proposals.c.contact == contacts.c.id, proposals.c.origin == Origin.FORM)
_MESSAGES = select(contacts, form_messages.c.urgency, form_messages.c.answer, _PROPOSES.label("proposal")).join_from(
    contacts, form_messages
)
_OPEN = (contacts.c.door == Door.FORM, contacts.c.state.in_([State.WAITING, State.ACTIVE]))


class Arrival(Struct, frozen=True, kw_only=True):
    """A message as it arrives. `page`: the random id of the page it was written on; `call_back`: how to answer."""

    contact: Contact
    page: str
    words: Words
    call_back: Words | None
    urgency: Urgency
    answer: Answer


class OpenMessage(Struct, frozen=True):
    """A message that nobody has dealt with yet. `proposal`: it proposes a person to the assistance system."""

    contact: Contact
    urgency: Urgency
    answer: Answer
    proposal: bool = False


class SentBefore(Exception):
    """This very message is kept already: roll back, and tell the sender that it has arrived."""


class FormMessages:
    """Rows of messages. Every method works inside the caller's transaction."""

    def __init__(self, *, app_key: AppKey, keyring: Keyring) -> None:
        self._app_key = app_key
        self._keyring = keyring

    async def keep(self, conn: AsyncConnection, arrival: Arrival) -> None:
        """Seal and store. Raises `SentBefore`, and `NoEpoch` or `Distrusted` when there is nobody to seal it for."""
        contact = arrival.contact
        sealed = [await self._sealed(conn, contact, Klass.TRANSCRIPT, Kind.MESSAGE, arrival.words)]
        if arrival.call_back is not None:
            sealed.append(await self._sealed(conn, contact, Klass.CALLBACK, Kind.NOTE, arrival.call_back))
        await begin(conn, contact, sealed)
        kept = await inserted(
            conn,
            form_messages,
            contact=contact.id,
            sent_as=self._sent_as(arrival),
            urgency=arrival.urgency.value,
            answer=arrival.answer.value,
        )
        if not kept:
            raise SentBefore

    async def waiting(self, conn: AsyncConnection, limit: int) -> tuple[list[OpenMessage], int]:
        """Up to `limit` messages not dealt with, the urgent first, then the oldest; and how many there are."""
        query = (
            _MESSAGES.where(*_OPEN)
            .order_by(form_messages.c.urgency != Urgency.URGENT, contacts.c.opened_at, contacts.c.id)
            .limit(limit)
        )
        found = [_open_message(row._mapping) for row in await conn.execute(query)]
        if len(found) < limit:
            return found, len(found)
        count = (await conn.execute(select(func.count()).select_from(contacts).where(*_OPEN))).scalar_one()
        return found, int(count)

    async def message(self, conn: AsyncConnection, contact: ContactId) -> OpenMessage | None:
        """One message, also one that was dealt with; None for whatever is no message of the form."""
        query = _MESSAGES.where(contacts.c.id == contact)
        row = (await conn.execute(query)).one_or_none()
        return None if row is None else _open_message(row._mapping)

    async def holder(self, conn: AsyncConnection, contact: ContactId) -> StaffId | None:
        """Who has taken it."""
        query = select(contacts.c.operator).where(contacts.c.id == contact, *_OPEN)
        return (await conn.execute(query)).scalar_one_or_none()

    async def _sealed(self, conn: AsyncConnection, contact: Contact, klass: Klass, kind: Kind, words: Words) -> Entry:
        """The one entry of a class."""
        key = await self._keyring.new_segment(conn, contact.id, klass)
        name = EntryName(contact.id, klass, key.segment, 1, 0, kind, Author.VISITOR)
        return Entry(
            contact=contact.id,
            klass=klass,
            seq=1,
            segment=key.segment,
            kind=kind,
            author=Author.VISITOR,
            at=contact.opened_at,
            sealed=key.seal(name, words),
        )

    def _sent_as(self, arrival: Arrival) -> bytes:
        fields: Sequence[str] = (
            arrival.page,
            arrival.words.reveal(),
            "" if arrival.call_back is None else arrival.call_back.reveal(),
            arrival.urgency,
            arrival.answer,
            arrival.contact.language,
        )
        return self._app_key.mac("form", *fields)


def _open_message(row: RowMapping) -> OpenMessage:
    return OpenMessage(contact_of(row), Urgency(row["urgency"]), Answer(row["answer"]), bool(row["proposal"]))
