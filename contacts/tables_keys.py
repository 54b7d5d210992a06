"""The keyring: epochs, who can open them, and the keys of contacts. Backed up apart from everything else.

No foreign key leads out of it: it is saved and restored by itself, and keys are destroyed before what they open.
"""

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from storage.columns import choice, coarse_time, counter, key_material, random_id
from storage.metadata import metadata

house = Table(
    "house",
    metadata,
    counter("id", primary_key=True),  # always 1: also the lock for every change of staff or epoch
    random_id("deployment", nullable=False),
    counter("people_revision", nullable=False),
    key_material("people_digest", nullable=False),
    key_material("recovery_public"),  # X25519; the private half is on paper
    key_material("mac", nullable=False),
)

epochs = Table(
    "epochs",
    metadata,
    counter("number", primary_key=True),
    key_material("public", nullable=False),
    key_material("holders", nullable=False),  # digest of those it was wrapped to
    coarse_time("made_at", nullable=False),
    key_material("mac", nullable=False),
)

epoch_wraps = Table(
    "epoch_wraps",
    metadata,
    counter("epoch", nullable=False),
    random_id("holder", nullable=False),  # a staff id, or "recovery"
    key_material("sealed", nullable=False),
    key_material("mac", nullable=False),
    PrimaryKeyConstraint("epoch", "holder"),
)
Index("ix_epoch_wraps_holder", epoch_wraps.c.holder)

segments = Table(
    "segments",
    metadata,
    random_id("contact", nullable=False),
    choice("klass", nullable=False),
    counter("segment", nullable=False),
    PrimaryKeyConstraint("contact", "klass", "segment"),
)

segment_keys = Table(
    "segment_keys",
    metadata,
    random_id("contact", nullable=False),
    choice("klass", nullable=False),
    counter("segment", nullable=False),
    counter("epoch", nullable=False),
    key_material("sealed", nullable=False),
    key_material("mac", nullable=False),
    PrimaryKeyConstraint("contact", "klass", "segment", "epoch"),
)
Index("ix_segment_keys_epoch", segment_keys.c.epoch)

visitors = Table(
    "visitors",
    metadata,
    key_material("lookup", primary_key=True),  # HMAC of the cookie under the app key
    random_id("contact", nullable=False),
    key_material("public", nullable=False),
    coarse_time("seen_at", nullable=False),
    key_material("mac", nullable=False),
)
Index("ix_visitors_contact", visitors.c.contact)
Index("ix_visitors_seen_at", visitors.c.seen_at)

visitor_segments = Table(
    "visitor_segments",
    metadata,
    key_material("lookup", nullable=False),
    counter("segment", nullable=False),
    key_material("sealed", nullable=False),
    key_material("mac", nullable=False),
    PrimaryKeyConstraint("lookup", "segment"),
)
