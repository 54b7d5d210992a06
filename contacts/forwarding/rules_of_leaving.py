"""What the database refuses of what leaves: forwardings, notices of withdrawal, the outbox; and that erasing is for ever.

See `gate_conditions` for how a condition is written.
"""

from collections.abc import Iterator
from typing import Final

from contacts.forwarding.gate_conditions import Rule, changed, erased, late, no_step, permitted, staff, timed

#: From each state a forwarding may go to these. What was sent is never unsent.
TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("sent", "failed", "withdrawn"),
    "sent": ("failed", "acknowledged", "accepted", "declined", "withdrawn"),
    "failed": ("sent", "withdrawn"),
    "acknowledged": ("accepted", "declined", "withdrawn"),
    "accepted": ("withdrawn",),
    "declined": ("withdrawn",),
    "withdrawn": (),
}
NOTICE_TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("sent", "failed"),
    "sent": ("failed",),
    "failed": ("sent",),
}


_FORWARDED = [
    "id",
    "contact",
    "consent",
    "emergency",
    "organisation",
    "scope",
    "fields",
    "digest",
    "channel",
    "told_to",
    "queued_by",
    "queued_at",
]


def forwardings() -> Iterator[Rule]:
    """What leaves has a live permission for exactly that, and is never unsent."""
    table = "forwardings"
    yield Rule(
        table, "INSERT", "a forwarding is not replaced", f"EXISTS (SELECT 1 FROM {table} AS x WHERE x.id = NEW.id)"
    )
    yield Rule(
        table,
        "INSERT",
        "a forwarding is born queued",
        "NEW.state IS DISTINCT FROM 'queued' OR NEW.sent_at IS NOT NULL OR NEW.failed_at IS NOT NULL"
        " OR NEW.acknowledged_at IS NOT NULL OR NEW.decided_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL"
        " OR NEW.outcome IS NOT NULL",
    )
    yield Rule(
        table,
        "INSERT",
        "a consent or an emergency, not both",
        "(NEW.consent IS NULL) = (NEW.emergency IS NULL)"
        " OR (NEW.emergency IS NOT NULL) <> (NEW.scope IS NOT DISTINCT FROM 'emergency')",
    )
    yield Rule(table, "INSERT", "a forwarding is not back-dated", late("queued_at"))
    yield Rule(table, "INSERT", "no live consent for this", f"NOT {permitted('queued_at')}")
    yield Rule(table, "INSERT", "an operator forwards", f"NOT {staff('queued_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "this contact is erased", erased("NEW"))
    yield Rule(table, "UPDATE", "a forwarding is not repointed", changed(_FORWARDED))
    yield Rule(table, "UPDATE", "a forwarding does not go back", no_step(TRANSITIONS))
    yield Rule(
        table,
        "UPDATE",
        "no live consent for this",
        "NEW.state = 'sent' AND OLD.state IS DISTINCT FROM 'sent' AND (NEW.sent_at IS NULL"
        f" OR NOT {permitted('sent_at')} OR {erased('NEW')})",
    )
    yield Rule(
        table,
        "UPDATE",
        "a sending is not back-dated",
        f"NEW.sent_at IS DISTINCT FROM OLD.sent_at AND NEW.sent_at IS NOT NULL AND {late('sent_at')}",
    )
    for column, *states in (
        ("sent_at", "sent"),
        ("failed_at", "failed"),
        ("acknowledged_at", "acknowledged"),
        ("decided_at", "accepted", "declined"),
        ("withdrawn_at", "withdrawn"),
    ):
        yield Rule(table, "UPDATE", "times are written as things happen", timed(column, *states))
    yield Rule(
        table,
        "UPDATE",
        "an outcome comes with a state",
        "NEW.outcome IS DISTINCT FROM OLD.outcome AND NEW.state IS NOT DISTINCT FROM OLD.state",
    )
    yield Rule(table, "DELETE", "a forwarding is not deleted", f"NOT {erased('OLD')}")


def transmission() -> Iterator[Rule]:
    """What waits is what is queued; a notice follows a withdrawal of what was sent."""
    yield Rule(
        "notices", "INSERT", "a notice is not replaced", "EXISTS (SELECT 1 FROM notices AS x WHERE x.forwarding = NEW.forwarding)"
    )  # fmt: skip
    yield Rule(
        "notices",
        "INSERT",
        "a notice follows a withdrawal of what was sent",
        "NEW.state IS DISTINCT FROM 'queued' OR NEW.sent_at IS NOT NULL OR NEW.failed_at IS NOT NULL OR NOT EXISTS"
        " (SELECT 1 FROM forwardings AS f WHERE f.id = NEW.forwarding AND f.state = 'withdrawn' AND f.sent_at IS NOT NULL)",
    )
    yield Rule("notices", "UPDATE", "a notice is not repointed", changed(["forwarding", "queued_at"]))
    yield Rule("notices", "UPDATE", "a notice does not go back", no_step(NOTICE_TRANSITIONS))
    yield Rule(
        "notices",
        "DELETE",
        "a notice is not deleted",
        "NOT EXISTS (SELECT 1 FROM forwardings AS f JOIN contacts AS k ON k.id = f.contact"
        " WHERE f.id = OLD.forwarding AND k.erased_at IS NOT NULL)",
    )
    yield Rule(
        "outbox",
        "INSERT",
        "nothing lies in the outbox but what is queued",
        "NOT ((NEW.kind = 'document' AND EXISTS (SELECT 1 FROM forwardings AS f WHERE f.id = NEW.forwarding"
        " AND f.state = 'queued')) OR (NEW.kind = 'notice' AND EXISTS (SELECT 1 FROM notices AS n"
        " WHERE n.forwarding = NEW.forwarding AND n.state = 'queued')))",
    )
    yield Rule(
        "outbox",
        "INSERT",
        "what lies in the outbox is not replaced",
        "EXISTS (SELECT 1 FROM outbox AS x WHERE x.forwarding = NEW.forwarding AND x.kind = NEW.kind)",
    )
    yield Rule("outbox", "UPDATE", "what lies in the outbox is not changed", "1 = 1")


def contacts() -> Iterator[Rule]:
    """Erased is erased."""
    yield Rule(
        "contacts",
        "UPDATE",
        "an erased contact stays erased",
        "OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at",
    )
