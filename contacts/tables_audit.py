"""The audit log and its head, and the triggers of `contacts.append_only`."""

from sqlalchemy import DDL, Index, Table, event

from contacts import append_only
from storage.columns import choice, coarse_time, counter, key_material, random_id
from storage.metadata import metadata

audit = Table(
    "audit",
    metadata,
    counter("number", primary_key=True, autoincrement=False),
    coarse_time("at", nullable=False),
    choice("action", nullable=False),
    random_id("actor"),
    random_id("subject"),  # the member of staff it was done to
    random_id("contact"),
    choice("detail"),
    key_material("prev", nullable=False),
    key_material("hash", nullable=False),
)

Index("ix_audit_actor_at", audit.c.actor, audit.c.at)
Index("ix_audit_contact", audit.c.contact)

audit_head = Table(
    "audit_head",
    metadata,
    counter("id", primary_key=True),  # always 1: the lock that chains rows one after another
    counter("number", nullable=False),
    key_material("hash", nullable=False),
    key_material("mac", nullable=False),
)

# Tables are created in the order of their names: when this one exists, `audit` does.
for _statement in append_only.statements("sqlite"):
    event.listen(audit_head, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in append_only.statements("postgresql"):
    event.listen(audit_head, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
