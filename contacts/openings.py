"""The guarded door to a contact: nobody on the staff opens one without a row in the audit log, written first.

An `Opening` is the proof that the row is committed; the keyring asks for it.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Fault
from contacts.inserting import inserted
from contacts.people import KEY_HOLDERS
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.tables_audit import audit
from contacts.tables_staff import openings
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId

MOST_PER_HOUR: Final = 3
"""How many contacts that are not theirs one person opens in an hour, unless the settings say otherwise."""
_HOUR: Final = 3600


class OpeningReason(StrEnum):
    """Why somebody opens a contact that is not theirs; a list, because reasons in words would be content."""

    HELP = "help"
    """The worker asked a lead for help; only of a conversation that is under way."""
    HANDOVER = "handover"
    SAFETY = "safety"
    QUALITY = "quality"
    COMPLAINT = "complaint"
    LEGAL_DUTY = "legal_duty"


class OpeningDenied(Exception):
    """Not opened: the audit log cannot be written, or this role is given no keys."""


class TooManyOpenings(OpeningDenied):
    """Not opened: this person has opened as many contacts of colleagues within the hour as one may."""


class Opening:
    """This session may open this contact, and the audit log says so. Made by `Openings` only."""

    __slots__ = ("contact", "session")

    def __init__(self, session: Session, contact: ContactId) -> None:
        self.session: Final = session
        self.contact: Final = contact


class Openings:
    """Writes the row, then hands out the proof. `most_per_hour`: how many one person opens with a reason."""

    def __init__(
        self, *, store: Store, audit: Audit, clock: Clock, alarm: Alarm, most_per_hour: int = MOST_PER_HOUR
    ) -> None:
        self._most = most_per_hour
        self._store = store
        self._audit = audit
        self._clock = clock
        self._alarm = alarm

    async def opened(self, session: Session, contact: ContactId, reason: OpeningReason | None = None) -> Opening:
        """Record that this session opens this contact, once, in a transaction of its own; committed on return.

        Raises `OpeningDenied` (with an alarm when the log cannot be written), `TooManyOpenings` and `Closed`.
        """
        if session.ended is not None:
            raise Closed
        if session.role not in KEY_HOLDERS:
            raise OpeningDenied
        if contact not in session.opened or reason is not None:
            await self._record(session, contact, reason)
            session.opened.add(contact)
        return Opening(session, contact)

    async def _record(self, session: Session, contact: ContactId, reason: OpeningReason | None) -> None:
        action = Action.OPEN if reason is None else Action.OPEN_WITH_REASON
        try:
            async with self._store.write() as conn:
                now = epoch_seconds(self._clock.now())
                if reason is not None:
                    await self._check_most(conn, session, now)
                receipt = self._audit.receipt(session.id, contact)
                first = await inserted(conn, openings, session=receipt, contact=contact, at=now)
                if first or reason is not None:
                    await self._audit.append(conn, action, actor=session.staff_id, contact=contact, detail=reason)
        except TooManyOpenings:
            raise
        except Exception as error:  # whatever the reason: what is not recorded is not opened
            self._alarm(Fault.AUDIT_UNWRITABLE)
            raise OpeningDenied from error

    async def _check_most(self, conn: AsyncConnection, session: Session, now: int) -> None:
        """The audit log itself is what is counted, and nobody else writes to it meanwhile."""
        await self._audit.lock(conn)
        query = (
            select(func.count())
            .select_from(audit)
            .where(
                audit.c.actor == session.staff_id,
                audit.c.at > now - _HOUR,
                audit.c.action == Action.OPEN_WITH_REASON.value,
            )
        )
        if int((await conn.execute(query)).scalar_one()) >= self._most:
            raise TooManyOpenings
