"""Contacts with something of every class, as the doors, the record and the consent pane leave them; for tests of retention."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from contacts.contact import Author, Door, Kind, Klass
from contacts.keyring import NoKey
from contacts.retention import Aside, Retention
from contacts.retention_classes import Terms
from contacts.session import Session
from contacts.tables_log import assignments, contacts, entries
from contacts.tables_records import record_revisions, records
from storage.clock import epoch_seconds
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation, SealedEntry

DAY = 86_400


@dataclass
class Kept:
    """One contact and what is sealed of it."""

    id: ContactId
    entries: dict[Klass, SealedEntry]


def worker(
    here: Installation, *, terms: Terms | None = None, batch: int = 50, aside: tuple[Aside, ...] = ()
) -> Retention:
    """A retention worker of this installation."""

    async def no_pause(_seconds: float) -> None:
        return None

    return Retention(
        store=here.store,
        clock=here.clock,
        erasure=here.erasure,
        terms=terms or Terms(),
        aside=aside,
        batch=batch,
        pause=no_pause,
    )


async def contact_with(
    here: Installation, *classes: Klass, ended: bool = True, operator: str | None = None, door: Door = Door.CHAT
) -> Kept:
    """A contact that ends now, with one entry of each of these classes (none named: all)."""
    now = epoch_seconds(here.clock.now())
    kept = Kept(ContactId(new_id()), {})
    async with here.store.write() as conn:
        await conn.execute(
            insert(contacts).values(
                id=kept.id,
                door=door.value,
                language="fi",
                tag="A1",
                state="ended" if ended else "active",
                opened_at=now - 600,
                ended_at=now if ended else None,
                operator=operator,
            )
        )
        await conn.execute(
            insert(assignments).values(
                id=new_id(), contact=kept.id, at=now, staff="s", why="taken", eligible=1, same_language=1
            )
        )
    for klass in classes or tuple(Klass):
        entry = await here.sealed(f"sana {klass}", contact=kept.id, klass=klass)
        kept.entries[klass] = entry
        async with here.store.write() as conn:
            await conn.execute(
                insert(entries).values(
                    contact=kept.id,
                    klass=klass.value,
                    seq=1,
                    segment=1,
                    kind=Kind.MESSAGE.value,
                    author=Author.VISITOR.value,
                    at=now,
                    sealed=entry.sealed,
                )
            )
            if klass is Klass.RECORD:
                await conn.execute(insert(records).values(contact=kept.id, revision=1))
                await conn.execute(
                    insert(record_revisions).values(
                        contact=kept.id, revision=1, segment=1, staff="s", at=now, sealed=entry.sealed
                    )
                )
    return kept


async def opens(here: Installation, session: Session, entry: SealedEntry) -> bool:
    """Whether this session reads it."""
    try:
        await here.read(session, entry)
    except NoKey:
        return False
    return True


async def classes_of(here: Installation, kept: Kept, session: Session) -> set[Klass]:
    """Which classes of a contact can still be opened."""
    return {klass for klass, entry in kept.entries.items() if await opens(here, session, entry)}


async def there(here: Installation, contact: ContactId) -> bool:
    """Whether the contact has a row."""
    async with here.store.read() as conn:
        return (await conn.execute(select(contacts.c.id).where(contacts.c.id == contact))).first() is not None
