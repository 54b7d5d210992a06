"""Facts for statistics: pending beside their contact, then moved where nothing leads back to it; and their keys."""

from typing import Final

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Table, text

from storage.columns import choice, ciphertext, coarse_time, counter, key_material, random_id
from storage.metadata import metadata

statistics_keys = Table(
    "statistics_keys",
    metadata,
    counter("number", primary_key=True),
    key_material("public", nullable=False),
    coarse_time("made_at", nullable=False),
    key_material("mac", nullable=False),
)

statistics_wraps = Table(
    "statistics_wraps",
    metadata,
    counter("number", nullable=False),
    random_id("holder", nullable=False),  # a staff id, or "recovery"
    key_material("sealed", nullable=False),
    key_material("mac", nullable=False),
    PrimaryKeyConstraint("number", "holder"),
)
Index("ix_statistics_wraps_holder", statistics_wraps.c.holder)

#: The outer layer of a pending fact. Destroyed when the fact moves, so that no older copy of the pending row, which names
#: its contact, can be compared with the fact.
fact_covers = Table(
    "fact_covers",
    metadata,
    random_id("contact", nullable=False),
    random_id("slot", nullable=False),
    key_material("sealed", nullable=False),
    PrimaryKeyConstraint("contact", "slot"),
)

#: Facts that may still be replaced without trace. No foreign key to contacts: the mover locks these rows alone.
pending_facts = Table(
    "pending_facts",
    metadata,
    random_id("contact", nullable=False),
    random_id("slot", nullable=False),  # which fact of the contact: contacts/statistics/pending.py
    choice("period", nullable=False),  # the half-year it is counted in: 2026H1
    counter("ready", nullable=False, server_default=text("0")),  # pending.Ready
    counter("number", nullable=False),  # of the statistics key; 0: none could be used, the fact is still owed
    ciphertext("sealed"),
    PrimaryKeyConstraint("contact", "slot"),
)

#: Without a hidden row number, in the order of their random ids: how a fact came here cannot be read from where it lies.
facts = Table(
    "facts",
    metadata,
    random_id("id", primary_key=True),
    choice("period", nullable=False),
    counter("number", nullable=False),
    ciphertext("sealed", nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_facts_period", facts.c.period)

#: The random handle that a contact's moved facts carry inside, sealed like the contact's record and destroyed with it.
fact_handles = Table(
    "fact_handles",
    metadata,
    random_id("contact", primary_key=True),
    counter("segment", nullable=False),
    ciphertext("sealed", nullable=False),
)

#: Proposals to the assistance system. What was decided is sealed like the contact's record.
proposals = Table(
    "proposals",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    choice("origin", nullable=False),
    random_id("forwarding", unique=True),
    choice("step", nullable=False),
    coarse_time("made_at", nullable=False),
    counter("revision", nullable=False, server_default=text("0")),
    counter("segment"),
    ciphertext("sealed"),
)
Index("ix_proposals_contact", proposals.c.contact)
Index("ix_proposals_made_at", proposals.c.made_at)

#: What belongs to the keyring's own backup (log.md section 1).
KEYRING: Final = (statistics_keys, statistics_wraps, fact_covers)
