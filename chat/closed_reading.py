"""Reading a contact that has ended: one's own, or with a reason a colleague's. A live one is never read this way (P13)."""

from msgspec import Struct

from chat.shown import ShownEntry, opened, unreadable
from contacts.committer import Fresh
from contacts.contact import Contact, Kind, Klass, Refusal, Refused, State
from contacts.distrust import Distrusted
from contacts.keyring import Keyring, NoKey
from contacts.log import Log
from contacts.openings import Opening, OpeningDenied, OpeningReason, Openings, TooManyOpenings
from contacts.people import KEY_HOLDERS
from contacts.sealing import ContentKey
from contacts.session import Session
from contacts.staff_keys import Closed
from storage.engine import Store
from storage.ids import ContactId


class ReadContact(Struct, frozen=True):
    """What was opened: the conversation or message, and the notes; each in order."""

    contact: Contact
    said: list[ShownEntry]
    notes: list[ShownEntry]


class ClosedReading:
    """On the audit record before a word is shown."""

    def __init__(self, *, store: Store, log: Log, keyring: Keyring, openings: Openings) -> None:
        self._store = store
        self._log = log
        self._keyring = keyring
        self._openings = openings

    async def found(self, session: Session, contact: ContactId) -> Contact:
        """A contact that this person might open: what is plain about it. Raises `Refused`: not_yours."""
        if session.role not in KEY_HOLDERS:
            raise Refused(Refusal.NOT_YOURS)
        found = await self._log.contact(contact)
        if found is None or found.state is not State.ENDED:
            raise Refused(Refusal.NOT_YOURS)
        return found

    async def read(self, session: Session, contact: ContactId, reason: OpeningReason | None) -> ReadContact:
        """Open it. Without a reason only one's own, and of it what the visitor let this operator read.

        Raises `Refused`: not_yours; cannot_open also when the reason is missing, and `TooManyOpenings`.
        """
        found = await self.found(session, contact)
        mine = found.operator == session.staff_id
        if reason is None and not mine:
            raise Refused(Refusal.CANNOT_OPEN)
        said, notes = await self.shown(await self.opened(session, contact, reason))
        if reason is None and found.reads_from > 1:  # what was said before me was not for me
            said = [one for one in said if one.seq >= found.reads_from]
            notes = []
        return ReadContact(found, said, notes)

    async def opened(self, session: Session, contact: ContactId, reason: OpeningReason | None) -> Opening:
        """Put it on the audit record. Raises `Refused`: not_yours, cannot_open; `TooManyOpenings`."""
        try:
            return await self._openings.opened(session, contact, reason)
        except TooManyOpenings:
            raise
        except OpeningDenied:
            raise Refused(Refusal.CANNOT_OPEN) from None
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None

    async def shown(self, opening: Opening) -> tuple[list[ShownEntry], list[ShownEntry]]:
        """What was said, and the notes; each in order. Raises `Refused`: not_yours."""
        notes = [one for one in await self._shown(opening, Klass.RECORD) if one.kind is Kind.NOTE]
        return await self._shown(opening, Klass.TRANSCRIPT), notes

    async def _shown(self, opening: Opening, klass: Klass) -> list[ShownEntry]:
        keys: dict[int, ContentKey] = {}
        async with self._store.read() as conn:
            for segment in await self._keyring.segment_numbers(conn, opening.contact, klass):
                try:
                    keys[segment] = await self._keyring.open_segment(conn, opening, klass, segment)
                except (NoKey, Distrusted):  # an altered row has raised the alarm; it closes one segment
                    continue
                except Closed:
                    raise Refused(Refusal.NOT_YOURS) from None
        shown, after = list[ShownEntry](), 0
        while page := await self._log.entries_after(opening.contact, klass, after):
            after = page[-1].seq
            fresh = [Fresh(entry, None) for entry in page]
            shown += [opened(item, keys) or unreadable(item) for item in fresh]
        return shown
