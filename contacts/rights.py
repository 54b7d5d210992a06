"""What the application's own role may do on PostgreSQL to tables that are guarded; on all others: read, add, change, delete.

Less than the triggers refuse anyway, so that neither alone has to hold. Tables belong to another role, which migrates.
"""

from collections.abc import Mapping
from typing import Final

_READ_ADD: Final = ("SELECT", "INSERT")


def _changing(*columns: str) -> str:
    return f"UPDATE ({', '.join(columns)})"


RIGHTS: Final[Mapping[str, tuple[str, ...]]] = {
    "audit": (*_READ_ADD, "DELETE"),
    "audit_head": (*_READ_ADD, "UPDATE"),
    "audit_segments": (*_READ_ADD, _changing("dropped_at", "dropped_signature")),
    "consent_asks": (
        *_READ_ADD,
        "DELETE",
        _changing("entry", "answer", "answered_at", "lead", "lead_at", "cancelled_at"),
    ),
    "consents": (*_READ_ADD, "DELETE", _changing("withdrawn_at", "withdrawn_by", "withdrawn_staff")),
    "emergencies": (*_READ_ADD, "DELETE", _changing("confirmed_by", "confirmed_at", "verdict")),
    "forwardings": (
        *_READ_ADD,
        "DELETE",
        _changing("state", "sent_at", "failed_at", "acknowledged_at", "decided_at", "withdrawn_at", "outcome"),
    ),
    "notices": (*_READ_ADD, "DELETE", _changing("state", "sent_at", "failed_at")),
    "outbox": (*_READ_ADD, "DELETE"),
    "alembic_version": ("SELECT",),
}
