"""Contacts and their entries. One row of `contacts` is one contact's state, its numbering and its lock."""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from storage.columns import choice, ciphertext, coarse_time, counter, random_id
from storage.metadata import metadata

contacts = Table(
    "contacts",
    metadata,
    random_id("id", primary_key=True),
    choice("door", nullable=False),
    choice("language", nullable=False),
    random_id("tag", nullable=False),
    choice("state", nullable=False),
    coarse_time("opened_at", nullable=False),
    coarse_time("accepted_at"),
    coarse_time("ended_at"),
    choice("ended_by"),
    random_id("operator"),
    random_id("offered_to"),
    coarse_time("offer_until"),
    random_id("missed_by"),
    coarse_time("visitor_away_since"),
    coarse_time("operator_away_since"),
    counter("transcript_seq", nullable=False, server_default=text("0")),
    counter("record_seq", nullable=False, server_default=text("0")),
    counter("shown_seq", nullable=False, server_default=text("0")),
    counter("place", nullable=False, server_default=text("0")),
    counter("waited"),
    counter("danger", nullable=False, server_default=text("0")),
    counter("overtaken", nullable=False, server_default=text("0")),
    coarse_time("missed_at"),
    random_id("former"),
    counter("next_reads", nullable=False, server_default=text("0")),
    counter("reads_from", nullable=False, server_default=text("1")),
    choice("question"),
    random_id("question_to"),
    coarse_time("grace_until"),
    coarse_time("told_at"),
    coarse_time("quiet_since"),
    coarse_time("erased_at"),  # set by erasure only, and then for ever: what was agreed to and sent may be deleted
    random_id("card"),
    choice("wish"),
    random_id("helper"),
)
# Everything that is live is found by state; ended contacts outnumber them a thousand to one.
Index("ix_contacts_state_opened_at", contacts.c.state, contacts.c.opened_at)
# What is due is found by when it ended (contacts.retention).
Index("ix_contacts_ended_at", contacts.c.ended_at)

entries = Table(
    "entries",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    choice("klass", nullable=False),
    counter("seq", nullable=False),
    counter("segment", nullable=False),
    counter("revision", nullable=False, server_default=text("0")),
    choice("kind", nullable=False),
    choice("author", nullable=False),
    random_id("staff"),
    random_id("client_id"),
    coarse_time("at", nullable=False),
    choice("code"),
    ciphertext("sealed"),
    PrimaryKeyConstraint("contact", "klass", "seq"),
    UniqueConstraint("contact", "klass", "client_id"),
)

#: Why somebody was asked to answer somebody: written with the offer, for a complaint; no figures are made of it.
assignments = Table(
    "assignments",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    coarse_time("at", nullable=False),
    random_id("staff", nullable=False),
    choice("why", nullable=False),
    counter("eligible", nullable=False),
    counter("same_language", nullable=False),
)
Index("ix_assignments_contact", assignments.c.contact)
