"""Coded records: what is plain about them. What was recorded, all of it and all that was before, is sealed."""

from sqlalchemy import ForeignKey, PrimaryKeyConstraint, Table

from storage.columns import ciphertext, coarse_time, counter, random_id
from storage.metadata import metadata

#: The newest revision of each contact's record; the lock of whoever writes the next.
records = Table(
    "records",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), primary_key=True),
    counter("revision", nullable=False),
    coarse_time("finished_at"),
)

record_revisions = Table(
    "record_revisions",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    counter("revision", nullable=False),
    counter("segment", nullable=False),
    random_id("staff", nullable=False),
    coarse_time("at", nullable=False),
    ciphertext("sealed", nullable=False),
    PrimaryKeyConstraint("contact", "revision"),
)
