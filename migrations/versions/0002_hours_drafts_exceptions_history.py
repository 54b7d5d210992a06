"""Opening hours have versions, drafts, exceptions, previews, confirmed holidays and a history."""

from collections.abc import Sequence
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMES = "service, valid_from, expression, zone, country, last_start_minutes"


def upgrade() -> None:
    op.create_table(
        "hours_versions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("expression", sa.String(length=1000), nullable=False),
        sa.Column("zone", sa.String(length=400), nullable=False),
        sa.Column("country", sa.String(length=32), nullable=False),
        sa.Column("last_start_minutes", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name=op.f("ck_hours_versions_state")),
        sa.CheckConstraint("state = 'draft' OR valid_from IS NOT NULL", name=op.f("ck_hours_versions_valid_from")),
        sa.CheckConstraint("last_start_minutes >= 0", name=op.f("ck_hours_versions_last_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_versions")),
    )
    op.create_index(
        "uq_hours_versions_draft",
        "hours_versions",
        ["service"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "uq_hours_versions_published",
        "hours_versions",
        ["service", "valid_from"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "hours_exceptions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.String(length=400), nullable=False),
        sa.Column("last_day", sa.String(length=400), nullable=False),
        sa.Column("times", sa.String(length=400), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('closed', 'other', 'extra')", name=op.f("ck_hours_exceptions_kind")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_hours_exceptions_days")),
        sa.CheckConstraint("(kind = 'closed') = (times = '')", name=op.f("ck_hours_exceptions_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_exceptions")),
    )
    op.create_index("ix_hours_exceptions_service", "hours_exceptions", ["service"])
    op.create_table(
        "hours_previews",
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", "digest", name=op.f("pk_hours_previews")),
    )
    op.create_table(
        "holiday_confirmations",
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=400), nullable=False),
        sa.Column("hours", sa.String(length=400), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", "day", name=op.f("pk_holiday_confirmations")),
    )
    op.create_table(
        "hours_history",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("details", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_history")),
    )
    op.create_index("ix_hours_history_service_at", "hours_history", ["service", "at"])
    _carry_over()
    op.drop_table("published_hours")


def downgrade() -> None:
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
    # What is too long for the older table stays unpublished there: "unknown" is honest, cut-off hours are not.
    op.execute(
        f"INSERT INTO published_hours ({_NAMES}) SELECT {_NAMES} FROM hours_versions"  # noqa: S608 - fixed names
        " WHERE state = 'published' AND length(expression) <= 400"
    )
    op.drop_index("ix_hours_history_service_at", table_name="hours_history")
    op.drop_table("hours_history")
    op.drop_table("holiday_confirmations")
    op.drop_table("hours_previews")
    op.drop_index("ix_hours_exceptions_service", table_name="hours_exceptions")
    op.drop_table("hours_exceptions")
    for index in ("uq_hours_versions_published", "uq_hours_versions_draft"):
        op.drop_index(index, table_name="hours_versions")
    op.drop_table("hours_versions")


def _carry_over() -> None:
    rows = op.get_bind().execute(sa.text(f"SELECT {_NAMES} FROM published_hours")).mappings()  # noqa: S608 - fixed names
    carried = [{**row, "id": token_hex(16), "state": "published", "made_at": row["valid_from"]} for row in rows]
    versions = sa.table(
        "hours_versions", *(sa.column(name) for name in [*_NAMES.split(", "), "id", "state", "made_at"])
    )
    if carried:
        op.bulk_insert(versions, carried)
