"""What is known about the keeping itself: months of the audit log, runs of the retention worker, what is held back."""

from sqlalchemy import DDL, ForeignKey, PrimaryKeyConstraint, Table, event, text

from contacts import segments_only
from storage.columns import choice, coarse_time, counter, key_material
from storage.metadata import metadata

#: Closed months of the audit log. A row stays when its month is dropped: the chain goes on from its signed last hash.
audit_segments = Table(
    "audit_segments",
    metadata,
    counter("number", primary_key=True, autoincrement=False),
    choice("month", nullable=False),  # the newest that ended before the closing: 2026-11
    counter("first_row", nullable=False),
    counter("last_row", nullable=False),
    key_material("hash", nullable=False),  # of the last row
    coarse_time("closed_at", nullable=False),
    key_material("signature", nullable=False),
    coarse_time("dropped_at"),
    key_material("dropped_signature"),
)

#: One row for each day (UTC) on which the retention worker ran. `settled_at`: no older write-ahead log can be read.
retention_days = Table(
    "retention_days",
    metadata,
    choice("day", primary_key=True),
    coarse_time("began_at", nullable=False),  # of the day's latest run
    coarse_time("ended_at"),
    coarse_time("erased_at"),
    coarse_time("settled_at"),
)

#: How many of each class a day's runs destroyed.
retention_counts = Table(
    "retention_counts",
    metadata,
    choice("day", ForeignKey("retention_days.day", ondelete="CASCADE"), nullable=False),
    choice("what", nullable=False),
    counter("count", nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("day", "what"),
)

#: A row stands here while something is held back until a lead releases it (`contacts.holds`).
holds = Table(
    "holds",
    metadata,
    choice("name", primary_key=True),
    coarse_time("since", nullable=False),
)

# Tables are created in the order of their names: when this one exists, `audit` and its triggers do.
for _statement in segments_only.statements("sqlite"):
    event.listen(audit_segments, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in segments_only.statements("postgresql"):
    event.listen(audit_segments, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
