"""Tables of the roster: about staff only. Wall clock readings and days are text in the basic form of RFC 5545."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, Table, text

from storage.columns import choice, coarse_time, counter, random_id, staff_text
from storage.metadata import metadata

#: One row for each shift, single or repeating. `reaches_from`, `reaches_to`: instants between which all of it lies.
shifts = Table(
    "shifts",
    metadata,
    random_id("id", primary_key=True),
    staff_text("uid", unique=True),  # the name an imported calendar gave it
    random_id("staff_id", nullable=False),
    choice("channel", nullable=False),
    staff_text("languages", nullable=False),  # codes, separated by one space
    counter("tier", nullable=False),
    staff_text("zone", nullable=False),
    staff_text("starts", nullable=False),
    staff_text("ends", nullable=False),
    staff_text("rule"),  # RRULE; none: once
    coarse_time("reaches_from", nullable=False),
    coarse_time("reaches_to"),  # none: for ever
    counter("version", nullable=False),
    CheckConstraint("channel IN ('chat', 'phone', 'both')", name="channel"),
    CheckConstraint("tier BETWEEN 1 AND 9", name="tier"),
    Index("ix_shifts_reaches_to", "reaches_to"),
)

#: What holds for one day of a shift instead. Without a plan (`staff_id` null) that of the shift.
shift_days = Table(
    "shift_days",
    metadata,
    random_id("shift_id", ForeignKey("shifts.id", ondelete="CASCADE"), nullable=False),
    staff_text("day", nullable=False),
    choice("fate", nullable=False),
    random_id("staff_id"),
    choice("channel"),
    staff_text("languages"),
    counter("tier"),
    staff_text("starts"),
    staff_text("ends"),
    PrimaryKeyConstraint("shift_id", "day"),
    CheckConstraint("fate IN ('removed', 'cancelled', 'changed')", name="fate"),
)

#: A shift offered to somebody, or to anybody (`offered_to` null).
shift_offers = Table(
    "shift_offers",
    metadata,
    random_id("id", primary_key=True),
    random_id("shift_id", ForeignKey("shifts.id", ondelete="CASCADE"), nullable=False),
    staff_text("day", nullable=False),
    random_id("offered_by", nullable=False),
    random_id("offered_to"),
    coarse_time("offered_at", nullable=False),
    coarse_time("starts_at", nullable=False),  # what was offered: a shift moved meanwhile is another one
    coarse_time("ends_at", nullable=False),
    choice("state", nullable=False),
    random_id("settled_by"),
    coarse_time("settled_at"),
    CheckConstraint("state IN ('open', 'taken', 'declined', 'withdrawn')", name="state"),
)
# A day of a shift is on offer once.
Index(
    "uq_shift_offers_open",
    shift_offers.c.shift_id,
    shift_offers.c.day,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

#: Who did what to the roster. `before`, `after`: a shift as JSON (`duty.roster_history`).
roster_history = Table(
    "roster_history",
    metadata,
    counter("number", primary_key=True),
    coarse_time("at", nullable=False),
    random_id("actor"),  # none: a command on the machine
    choice("action", nullable=False),
    random_id("shift_id", nullable=False),
    staff_text("day"),  # none: all of the shift
    staff_text("before", length=1000),
    staff_text("after", length=1000),
    Index("ix_roster_history_at", "at"),
)
