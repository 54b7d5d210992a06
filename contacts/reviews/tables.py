"""Releases: the ledger, its head, the stored bytes; and tallies of frozen half-years."""

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, Table, event

from contacts.reviews import ledger_only
from storage.columns import choice, ciphertext, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

LONGEST_PURPOSE = 300

#: A frozen half-year, counted: sealed to the statistics key, so that only analysts and leads open it.
tallies = Table(
    "tallies",
    metadata,
    choice("period", primary_key=True),
    counter("catalogue", nullable=False),
    counter("number", nullable=False),  # of the statistics key
    coarse_time("made_at", nullable=False),
    ciphertext("sealed", nullable=False),
    key_material("mac", nullable=False),
)

#: Append-only and chained (`contacts.reviews.ledger`). `details`: what readers know since then, under the app key.
releases = Table(
    "releases",
    metadata,
    counter("number", primary_key=True, autoincrement=False),
    coarse_time("at", nullable=False),
    choice("act", nullable=False),
    random_id("release", nullable=False),
    choice("period", nullable=False),
    choice("audience", nullable=False),
    counter("catalogue", nullable=False),
    counter("k", nullable=False),
    counter("published", nullable=False),
    counter("hidden", nullable=False),
    counter(
        "narrowest", nullable=False
    ),  # whole people between the bounds of the hidden cell that is known best; -1: nothing is hidden
    key_material("snapshot", nullable=False),
    random_id("requester", nullable=False),
    random_id("approver"),
    staff_text("purpose", nullable=False, length=LONGEST_PURPOSE),
    key_material("files", nullable=False),  # SHA-256 of the stored bytes
    ciphertext("details", nullable=False),
    key_material("prev", nullable=False),
    key_material("hash", nullable=False),
    CheckConstraint("act IN ('released', 'approved')", name="act"),
    CheckConstraint("audience IN ('inside', 'outside')", name="audience"),
    CheckConstraint("(act = 'approved') = (approver IS NOT NULL)", name="approved"),
    CheckConstraint("approver <> requester", name="two_people"),
    CheckConstraint("act <> 'approved' OR audience = 'outside'", name="approved_for_outside"),
)
Index("ix_releases_release", releases.c.release)
Index("ix_releases_once", releases.c.period, releases.c.audience, releases.c.act, unique=True)

release_head = Table(
    "release_head",
    metadata,
    counter("id", primary_key=True),  # always 1: the lock that chains rows one after another
    counter("number", nullable=False),
    key_material("hash", nullable=False),
    key_material("mac", nullable=False),
)

#: The bytes of a release as they were made, under the app key.
release_files = Table(
    "release_files",
    metadata,
    counter("number", ForeignKey("releases.number"), primary_key=True),
    ciphertext("sealed", nullable=False),
)

# It refers to `releases` and is created after all of them, in whatever order the others are.
for _statement in ledger_only.statements("sqlite"):
    event.listen(release_files, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in ledger_only.statements("postgresql"):
    event.listen(release_files, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
