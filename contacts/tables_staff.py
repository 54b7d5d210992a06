"""Staff accounts, their sealed seeds, second factors, sessions, and counted sign-in attempts."""

from sqlalchemy import Index, Table, text

from storage.columns import choice, ciphertext, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

staff = Table(
    "staff",
    metadata,
    random_id("id", primary_key=True),
    staff_text("login", nullable=False, unique=True),
    staff_text("alias", nullable=False),
    choice("role", nullable=False),
    staff_text("languages", nullable=False),  # language codes with commas
    choice("state", nullable=False),
    key_material("exchange_public"),  # X25519
    key_material("signing_public"),  # Ed25519
    key_material("salt"),
    key_material("seed"),
    key_material("enrolment", unique=True),  # HMAC of the one-time code
    coarse_time("enrolment_until"),
    coarse_time("made_at", nullable=False),
    key_material("mac", nullable=False),
)

second_factors = Table(
    "second_factors",
    metadata,
    random_id("staff", primary_key=True),
    key_material("secret", nullable=False),
    counter("last_step", nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    random_id("id", primary_key=True),
    key_material("lookup", nullable=False, unique=True),  # SHA-256 of the cookie
    random_id("staff", nullable=False),
    key_material("seed"),  # gone when the session has ended
    coarse_time("made_at", nullable=False),
    coarse_time("seen_at", nullable=False),
    coarse_time("talked_at"),  # when a live conversation last held it open
    counter("locked", nullable=False, server_default=text("0")),  # how often locked or unlocked: odd while it is locked
    choice("ended"),
)
# One live session per person, also when two sign-ins race.
Index(
    "uq_sessions_staff_live",
    sessions.c.staff,
    unique=True,
    sqlite_where=text("ended IS NULL"),
    postgresql_where=text("ended IS NULL"),
)

attempts = Table(
    "attempts",
    metadata,
    key_material("subject", primary_key=True),  # HMAC of what is counted: a bucket, or an account in a bucket
    coarse_time("since", primary_key=True),  # start of the counting window
    counter("count", nullable=False),
)

openings = Table(
    "openings",
    metadata,
    random_id("session", primary_key=True),  # `Audit.receipt`: a code, so that a row put here hides no opening
    random_id("contact", primary_key=True),
    coarse_time("at", nullable=False),
)

staff_numbers = Table(
    "staff_numbers",
    metadata,
    random_id("staff", primary_key=True),
    ciphertext("sealed", nullable=False),
)
