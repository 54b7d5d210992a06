"""Tables of duty: nothing in them is about a person who contacts us."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, Table

from storage.columns import choice, coarse_time, counter, random_id, staff_text
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

#: Published hours; the row in force is the newest whose `valid_from` has come.
published_hours = Table(
    "published_hours",
    metadata,
    choice("service", nullable=False),
    coarse_time("valid_from", nullable=False),
    staff_text("expression", nullable=False),
    staff_text("zone", nullable=False),
    choice("country", nullable=False),
    counter("last_start_minutes", nullable=False),
    PrimaryKeyConstraint("service", "valid_from"),
    CheckConstraint("last_start_minutes >= 0", name="last_start"),
)

#: A row stands here while a lead has stopped admissions.
pauses = Table(
    "pauses",
    metadata,
    choice("service", primary_key=True),
    coarse_time("since", nullable=False),
    random_id("staff_id", nullable=False),
)
