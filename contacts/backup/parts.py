"""Which table goes into which file of a backup. Whatever is named here neither as keys nor as left out is content.

The keyring's copies are kept for 14 days at most: what was destroyed since then cannot come back from an older one. So a
table belongs to the keyring when a copy of it could open content whose keys were destroyed. Staff go with it, because the
list of staff is believed only as a whole with the row `house` (contacts/people.py).

A new table with columns of key material has to be named here: `tests/contacts/backup/test_parts.py` asks.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy import Table

from storage.metadata import metadata


class Part(StrEnum):
    """The two files."""

    CONTENT = "content"
    KEYRING = "keyring"


KEYRING: Final = frozenset({
    "house",
    "staff",
    "second_factors",
    "epochs",
    "epoch_wraps",
    "segments",
    "segment_keys",
    "statistics_keys",
    "statistics_wraps",
    "fact_covers",
    "outbox_keys",
})  # fmt: skip

#: Nobody is signed in after a restore, no visitor comes back, nobody is at a desk, on a call or sweeping.
LEFT_OUT: Final = frozenset({
    "sessions",
    "openings",
    "attempts",
    "visitors",
    "visitor_segments",
    "presence",
    "leases",
    "call_answers",  # what was answered to reports of calls that are over
})  # fmt: skip

#: Content with digests, codes or public keys in it, none of which opens anything.
OPENS_NOTHING: Final = frozenset({
    "audit",
    "audit_head",
    "audit_segments",
    "form_messages",
    "hours_previews",
    "organisations",
    "wordings",
    "consent_asks",
    "consents",
    "emergencies",
    "forwardings",
    "tallies",
    "releases",
    "release_head",
})  # fmt: skip


def tables_of(part: Part) -> list[Table]:
    """In an order in which rows can be put back: what others hang on comes first."""
    names = KEYRING if part is Part.KEYRING else set(metadata.tables) - KEYRING - LEFT_OUT
    return [table for table in metadata.sorted_tables if table.name in names]
