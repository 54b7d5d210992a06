"""Calls of the hotline."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("provider_call", sa.String(length=64), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("chosen", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("turn", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rung", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rung_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("accepted", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("bridged_at", sa.BigInteger(), nullable=True),
        sa.Column("parted_at", sa.BigInteger(), nullable=True),
        sa.Column("worker_left", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_back", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("back_when", sa.String(length=32), nullable=True),
        sa.Column("back_named", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("rang", sa.Integer(), nullable=True),
        sa.Column("talked", sa.Integer(), nullable=True),
        sa.Column("dealt_at", sa.BigInteger(), nullable=True),
        sa.Column("dealt_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_calls_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", name=op.f("pk_calls")),
        sa.UniqueConstraint("provider_call", name=op.f("uq_calls_provider_call")),
    )
    op.create_index("ix_calls_stage_rung_until", "calls", ["stage", "rung_until"], unique=False)
    op.create_table(
        "call_legs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("cancel", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("passed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("-1"), nullable=False),
        sa.Column("provider_call", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("try_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["calls.contact"], name=op.f("fk_call_legs_contact_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_legs")),
        sa.UniqueConstraint("provider_call", name=op.f("uq_call_legs_provider_call")),
    )
    op.create_index("ix_call_legs_contact", "call_legs", ["contact"], unique=False)
    op.create_index("ix_call_legs_state_try_at", "call_legs", ["state", "try_at"], unique=False)
    op.create_table(
        "call_answers",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=8000), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_call_answers")),
    )
    op.create_index("ix_call_answers_at", "call_answers", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("call_answers")
    op.drop_table("call_legs")
    op.drop_table("calls")
