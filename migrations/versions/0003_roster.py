"""The roster: shifts, their single days, offers, history."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=400), nullable=True),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=400), nullable=False),
        sa.Column("starts", sa.String(length=400), nullable=False),
        sa.Column("ends", sa.String(length=400), nullable=False),
        sa.Column("rule", sa.String(length=400), nullable=True),
        sa.Column("reaches_from", sa.BigInteger(), nullable=False),
        sa.Column("reaches_to", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('chat', 'phone', 'both')", name=op.f("ck_shifts_channel")),
        sa.CheckConstraint("tier BETWEEN 1 AND 9", name=op.f("ck_shifts_tier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("uid", name=op.f("uq_shifts_uid")),
    )
    op.create_index("ix_shifts_reaches_to", "shifts", ["reaches_to"], unique=False)
    op.create_table(
        "shift_days",
        sa.Column("shift_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=400), nullable=False),
        sa.Column("fate", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("languages", sa.String(length=400), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("starts", sa.String(length=400), nullable=True),
        sa.Column("ends", sa.String(length=400), nullable=True),
        sa.CheckConstraint("fate IN ('removed', 'cancelled', 'changed')", name=op.f("ck_shift_days_fate")),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_shift_days_shift_id_shifts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shift_id", "day", name=op.f("pk_shift_days")),
    )
    op.create_table(
        "shift_offers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=400), nullable=False),
        sa.Column("offered_by", sa.String(length=64), nullable=False),
        sa.Column("offered_to", sa.String(length=64), nullable=True),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'taken', 'declined', 'withdrawn')", name=op.f("ck_shift_offers_state")),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_shift_offers_shift_id_shifts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_offers")),
    )
    op.create_index(
        "uq_shift_offers_open",
        "shift_offers",
        ["shift_id", "day"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "roster_history",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("shift_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=400), nullable=True),
        sa.Column("before", sa.String(length=1000), nullable=True),
        sa.Column("after", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_roster_history")),
    )
    op.create_index("ix_roster_history_at", "roster_history", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_roster_history_at", table_name="roster_history")
    op.drop_table("roster_history")
    op.drop_index(
        "uq_shift_offers_open",
        table_name="shift_offers",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("shift_offers")
    op.drop_table("shift_days")
    op.drop_index("ix_shifts_reaches_to", table_name="shifts")
    op.drop_table("shifts")
