"""Tables of duty: nothing in them is about a person who contacts us."""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Table, text

from duty.hours import LONGEST_TEXT
from storage.columns import choice, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

#: One row for each person who was ever at a desk. `seat`: the connection that holds the row.
presence = Table(
    "presence",
    metadata,
    random_id("staff_id", primary_key=True),
    random_id("seat", nullable=False),
    choice("status", nullable=False),
    counter("capacity", nullable=False),
    staff_text("languages", nullable=False),  # codes, separated by one space
    coarse_time("seen_at", nullable=False),
    coarse_time("since", nullable=False),  # since when in this status
    coarse_time("available_at"),  # when they last stopped being available
    CheckConstraint("status IN ('available', 'break', 'away')", name="status"),
    CheckConstraint("capacity >= 0", name="capacity"),
)

#: Opening hours of a service. Of the published rows, the one in force is the newest whose `valid_from` has come; the
#: draft is one row, and its `valid_from` may be missing: "at once, when published".
hours_versions = Table(
    "hours_versions",
    metadata,
    random_id("id", primary_key=True),
    choice("service", nullable=False),
    choice("state", nullable=False),
    coarse_time("valid_from"),
    staff_text("expression", nullable=False, length=LONGEST_TEXT),
    staff_text("zone", nullable=False),
    choice("country", nullable=False),
    counter("last_start_minutes", nullable=False),
    random_id("made_by"),  # NULL: by a command on the machine, as with every `..._by` here
    coarse_time("made_at", nullable=False),
    CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
    CheckConstraint("state = 'draft' OR valid_from IS NOT NULL", name="valid_from"),
    CheckConstraint("last_start_minutes >= 0", name="last_start"),
)
Index(
    "uq_hours_versions_draft",
    hours_versions.c.service,
    unique=True,
    sqlite_where=text("state = 'draft'"),
    postgresql_where=text("state = 'draft'"),
)
Index(
    "uq_hours_versions_published",
    hours_versions.c.service,
    hours_versions.c.valid_from,
    unique=True,
    sqlite_where=text("state = 'published'"),
    postgresql_where=text("state = 'published'"),
)

#: What differs on some days, first and last included (ISO 8601). Rows are taken back, never deleted.
hours_exceptions = Table(
    "hours_exceptions",
    metadata,
    random_id("id", primary_key=True),
    choice("service", nullable=False),
    choice("kind", nullable=False),
    staff_text("first_day", nullable=False),
    staff_text("last_day", nullable=False),
    staff_text("times", nullable=False),  # as in opening_hours: 10:00-12:00,22:00-02:00; empty when closed
    staff_text("languages", nullable=False),  # codes, separated by one space; empty: as usual
    random_id("made_by"),
    coarse_time("made_at", nullable=False),
    coarse_time("removed_at"),
    CheckConstraint("kind IN ('closed', 'other', 'extra')", name="kind"),
    CheckConstraint("first_day <= last_day", name="days"),
    CheckConstraint("(kind = 'closed') = (times = '')", name="times"),
    Index("ix_hours_exceptions_service", "service"),
)

#: Previews that somebody was shown, by the digest of everything the preview rested on.
hours_previews = Table(
    "hours_previews",
    metadata,
    choice("service", nullable=False),
    key_material("digest", nullable=False),
    coarse_time("starts_at", nullable=False),
    coarse_time("ends_at", nullable=False),
    random_id("staff_id", nullable=False),
    coarse_time("seen_at", nullable=False),
    PrimaryKeyConstraint("service", "digest"),
)

#: Public holidays somebody has looked at. `hours`: what was to hold on that day when they did.
holiday_confirmations = Table(
    "holiday_confirmations",
    metadata,
    choice("service", nullable=False),
    staff_text("day", nullable=False),
    staff_text("hours", nullable=False),
    random_id("staff_id", nullable=False),
    coarse_time("at", nullable=False),
    PrimaryKeyConstraint("service", "day"),
)

#: Who did what to the hours, when. `details`: the values of the sentence, as JSON.
hours_history = Table(
    "hours_history",
    metadata,
    random_id("id", primary_key=True),
    choice("service", nullable=False),
    coarse_time("at", nullable=False),
    random_id("staff_id"),
    choice("action", nullable=False),
    staff_text("details", nullable=False, length=2000),
    Index("ix_hours_history_service_at", "service", "at"),
)

#: A row stands here while a lead has stopped admissions.
pauses = Table(
    "pauses",
    metadata,
    choice("service", primary_key=True),
    coarse_time("since", nullable=False),
    random_id("staff_id", nullable=False),
)
