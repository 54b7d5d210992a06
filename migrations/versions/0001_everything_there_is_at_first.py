"""Everything there is at first."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from contacts import append_only
from storage.engine import Dialect

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "since", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.String(length=32), nullable=True),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("offered_to", sa.String(length=64), nullable=True),
        sa.Column("offer_until", sa.BigInteger(), nullable=True),
        sa.Column("missed_by", sa.String(length=64), nullable=True),
        sa.Column("visitor_away_since", sa.BigInteger(), nullable=True),
        sa.Column("operator_away_since", sa.BigInteger(), nullable=True),
        sa.Column("transcript_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("record_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shown_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_state_opened_at", "contacts", ["state", "opened_at"], unique=False)
    op.create_table(
        "epoch_wraps",
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "holder", name=op.f("pk_epoch_wraps")),
    )
    op.create_index("ix_epoch_wraps_holder", "epoch_wraps", ["holder"], unique=False)
    op.create_table(
        "epochs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("holders", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_epochs")),
    )
    op.create_table(
        "house",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment", sa.String(length=64), nullable=False),
        sa.Column("people_revision", sa.Integer(), nullable=False),
        sa.Column("people_digest", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_public", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "openings",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session", "contact", name=op.f("pk_openings")),
    )
    op.create_table(
        "pauses",
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_pauses")),
    )
    op.create_table(
        "presence",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('available', 'break', 'away')", name=op.f("ck_presence_status")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_presence_capacity")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "published_hours",
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("expression", sa.String(length=400), nullable=False),
        sa.Column("zone", sa.String(length=400), nullable=False),
        sa.Column("country", sa.String(length=32), nullable=False),
        sa.Column("last_start_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_start_minutes >= 0", name=op.f("ck_published_hours_last_start")),
        sa.PrimaryKeyConstraint("service", "valid_from", name=op.f("pk_published_hours")),
    )
    op.create_table(
        "second_factors",
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "segment_keys",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("klass", sa.String(length=32), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("contact", "klass", "segment", "epoch", name=op.f("pk_segment_keys")),
    )
    op.create_index("ix_segment_keys_epoch", "segment_keys", ["epoch"], unique=False)
    op.create_table(
        "segments",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("klass", sa.String(length=32), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact", "klass", "segment", name=op.f("pk_segments")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("talked_at", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("lookup", name=op.f("uq_sessions_lookup")),
    )
    op.create_index(
        "uq_sessions_staff_live",
        "sessions",
        ["staff"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "staff_numbers",
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_staff_numbers")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=400), nullable=False),
        sa.Column("alias", sa.String(length=400), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("exchange_public", sa.LargeBinary(), nullable=True),
        sa.Column("signing_public", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("enrolment", sa.LargeBinary(), nullable=True),
        sa.Column("enrolment_until", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("enrolment", name=op.f("uq_staff_enrolment")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "visitor_segments",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", "segment", name=op.f("pk_visitor_segments")),
    )
    op.create_table(
        "visitors",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_visitors")),
    )
    op.create_index("ix_visitors_contact", "visitors", ["contact"], unique=False)
    op.create_index("ix_visitors_seen_at", "visitors", ["seen_at"], unique=False)
    op.create_table(
        "entries",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("klass", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_entries_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", "klass", "seq", name=op.f("pk_entries")),
        sa.UniqueConstraint("contact", "klass", "client_id", name=op.f("uq_entries_contact_klass_client_id")),
    )
    for statement in append_only.statements(_dialect()):
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only.removals(_dialect()):
        op.execute(statement)
    op.drop_table("entries")
    op.drop_index("ix_visitors_seen_at", table_name="visitors")
    op.drop_index("ix_visitors_contact", table_name="visitors")
    op.drop_table("visitors")
    op.drop_table("visitor_segments")
    op.drop_table("staff_numbers")
    op.drop_table("staff")
    op.drop_index(
        "uq_sessions_staff_live",
        table_name="sessions",
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.drop_table("sessions")
    op.drop_table("segments")
    op.drop_index("ix_segment_keys_epoch", table_name="segment_keys")
    op.drop_table("segment_keys")
    op.drop_table("second_factors")
    op.drop_table("published_hours")
    op.drop_table("presence")
    op.drop_table("pauses")
    op.drop_table("openings")
    op.drop_table("leases")
    op.drop_table("house")
    op.drop_table("epochs")
    op.drop_index("ix_epoch_wraps_holder", table_name="epoch_wraps")
    op.drop_table("epoch_wraps")
    op.drop_index("ix_contacts_state_opened_at", table_name="contacts")
    op.drop_table("contacts")
    op.drop_table("audit_head")
    op.drop_table("audit")
    op.drop_table("attempts")


def _dialect() -> Dialect:
    return "postgresql" if op.get_context().dialect.name == "postgresql" else "sqlite"
