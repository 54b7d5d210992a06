"""The audit log: who did what to which contact or colleague, and when. No content, no addresses, no reasons in words.

Append-only (`contacts.append_only`) and chained: `hash = SHA-256(prev || row)`. The head carries an HMAC under the app
key, so that nobody who only holds the database can write a chain of their own. A row is written **before** what it
records is shown; whoever cannot write it must deny.
"""

from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit_chain import Head, chained, genesis
from contacts.distrust import Alarm, Fault, Forged
from contacts.framing import Deployment
from contacts.inserting import inserted
from contacts.tables_audit import audit, audit_head
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId, OrganisationId, StaffId, WordingId

_HEAD = 1


class Action(StrEnum):
    """Everything that is recorded."""

    SIGN_IN_OK = "sign_in_ok"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    ENROLLED = "enrolled"
    INVITED = "invited"
    LEFT = "left"
    RESET = "reset"
    ROLE_CHANGE = "role_change"
    REVOCATION = "revocation"
    OPEN = "open"
    OPEN_WITH_REASON = "open_with_reason"
    NOTE_WRITTEN = "note_written"
    RECORD_WRITTEN = "record_written"
    EPOCH = "epoch"
    STATISTICS_KEY = "statistics_key"
    FACTS_OPENED = "facts_opened"
    EXPORT = "export"
    EXPORT_APPROVED = "export_approved"
    EXPORT_TAKEN = "export_taken"
    PROPOSAL_DECIDED = "proposal_decided"
    KEY_GRANT = "key_grant"
    RECOVERY = "recovery"
    SETTINGS = "settings"
    ERASURE = "erasure"
    ERASURE_ASKED = "erasure_asked"
    AUDIT_CLOSED = "audit_closed"
    AUDIT_DROPPED = "audit_dropped"
    RESTORED = "restored"
    BACKED_UP = "backed_up"
    RELEASED = "released"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    FORWARDING = "forwarding"
    EMERGENCY = "emergency"
    EMERGENCY_CONFIRMED = "emergency_confirmed"
    ORGANISATION = "organisation"
    WORDING = "wording"


class Audit:
    """Writes the log and checks it."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, clock: Clock, alarm: Alarm) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm

    async def append(
        self,
        conn: AsyncConnection,
        action: Action,
        *,
        actor: StaffId | None = None,
        subject: StaffId | OrganisationId | WordingId | None = None,
        contact: ContactId | None = None,
        detail: StrEnum | None = None,
    ) -> int:
        """Add a row in the caller's transaction; its number. `actor` None: the house itself, or somebody unknown.

        Rows of all workers queue on the head, so append late in a transaction. Raises `Forged` when the head is not ours.
        """
        head = await self._locked_head(conn)
        values = {
            "number": head.number + 1,
            "at": epoch_seconds(self._clock.now()),
            "action": action.value,
            "actor": actor,
            "subject": subject,
            "contact": contact,
            "detail": None if detail is None else detail.value,
        }
        digest = chained(head.hash, values)
        await conn.execute(insert(audit).values(**values, prev=head.hash, hash=digest))
        await self._move_head(conn, Head(head.number + 1, digest))
        return head.number + 1

    async def head(self, conn: AsyncConnection) -> Head:
        """The newest row's number and hash, for a witness. Raises `Forged`."""
        row = (await conn.execute(select(audit_head))).one_or_none()
        try:
            if row is None:  # made with the installation: who emptied the log took it away
                raise Forged
            self._app_key.verify(row.mac, "audit-head", self._deployment, row.number, row.hash)
        except Forged:
            self._alarm(Fault.FORGED)
            raise
        return Head(row.number, row.hash)

    async def lock(self, conn: AsyncConnection) -> None:
        """Let nobody else append until this transaction ends."""
        await conn.execute(select(audit_head.c.id).where(audit_head.c.id == _HEAD).with_for_update())

    async def _locked_head(self, conn: AsyncConnection) -> Head:
        await self.lock(conn)
        return await self.head(conn)

    async def _move_head(self, conn: AsyncConnection, head: Head) -> None:
        await conn.execute(
            update(audit_head)
            .where(audit_head.c.id == _HEAD)
            .values(number=head.number, hash=head.hash, mac=self._head_mac(head))
        )

    def receipt(self, session: str, contact: ContactId) -> str:
        """Stands in `openings` for "this session's opening of this contact is in the log": nobody else can write it."""
        return self._app_key.mac("opening", self._deployment, session, contact).hex()

    def _head_mac(self, head: Head) -> bytes:
        return _head_mac(self._app_key, self._deployment, head)


async def begin_log(conn: AsyncConnection, *, app_key: AppKey, deployment: Deployment) -> None:
    """The head of an empty log, made once with the installation. Again changes nothing."""
    head = Head(0, genesis(deployment))
    mac = _head_mac(app_key, deployment, head)
    await inserted(conn, audit_head, id=_HEAD, number=head.number, hash=head.hash, mac=mac)


def _head_mac(app_key: AppKey, deployment: Deployment, head: Head) -> bytes:
    return app_key.mac("audit-head", deployment, head.number, head.hash)
