"""Organisations and the wordings of consent. Nothing here is about a person who contacts us."""

from sqlalchemy import DDL, CheckConstraint, Index, Table, UniqueConstraint, event, text

from contacts.organisations import approved_only
from storage.columns import choice, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

LONGEST_PROFILE = 40_000
LONGEST_WORDING = 2_000

#: Never deleted: what was sent names them. `mac` covers the whole row, also what visitors are shown.
organisations = Table(
    "organisations",
    metadata,
    random_id("id", primary_key=True),
    staff_text("name", nullable=False),
    staff_text("profile", nullable=False, length=LONGEST_PROFILE),  # JSON of `profile.Profile`
    choice("state", nullable=False),
    counter("listed", nullable=False),  # 1: visitors see it
    counter("takes_referrals", nullable=False),
    counter("takes_proposals", nullable=False),  # the assistance system
    counter("by_spoken", nullable=False),  # 1: this channel may be used
    counter("by_email", nullable=False),
    counter("by_download", nullable=False),
    staff_text("email"),
    key_material("recipient"),  # ASCII of an age public key, age1...
    random_id("verified_by"),  # who read its fingerprint aloud by telephone
    coarse_time("verified_at"),
    counter("revision", nullable=False),
    random_id("changed_by"),  # NULL: by a command on the machine
    coarse_time("changed_at", nullable=False),
    key_material("mac", nullable=False),
    CheckConstraint("state IN ('active', 'inactive')", name="state"),
    CheckConstraint("listed IN (0, 1)", name="listed"),
    CheckConstraint("takes_referrals IN (0, 1) AND takes_proposals IN (0, 1)", name="takes"),
    CheckConstraint("by_spoken IN (0, 1) AND by_email IN (0, 1) AND by_download IN (0, 1)", name="channels"),
    CheckConstraint("verified_at IS NULL OR recipient IS NOT NULL", name="verified"),
    CheckConstraint("by_email = 0 OR (email IS NOT NULL AND verified_at IS NOT NULL)", name="by_email"),
)

#: Of the approved ones of a purpose and language, the highest version is the one in use. Approved rows never change.
wordings = Table(
    "wordings",
    metadata,
    random_id("id", primary_key=True),
    choice("purpose", nullable=False),
    choice("language", nullable=False),
    counter("version", nullable=False),
    choice("state", nullable=False),
    staff_text("text", nullable=False, length=LONGEST_WORDING),
    counter("revision", nullable=False),  # of the draft
    random_id("made_by"),  # NULL: by a command on the machine
    coarse_time("made_at", nullable=False),
    random_id("approved_by"),
    coarse_time("approved_at"),
    key_material("mac", nullable=False),
    UniqueConstraint("purpose", "language", "version"),
    CheckConstraint("state IN ('draft', 'approved')", name="state"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved"),
)
Index(
    "uq_wordings_draft",
    wordings.c.purpose,
    wordings.c.language,
    unique=True,
    sqlite_where=text("state = 'draft'"),
    postgresql_where=text("state = 'draft'"),
)

for _statement in approved_only.statements("sqlite"):
    event.listen(wordings, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in approved_only.statements("postgresql"):
    event.listen(wordings, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
