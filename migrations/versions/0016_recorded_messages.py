"""Recorded messages of callers, sealed; names at the provider of calls that are erased here."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for column in (
        sa.Column("message", sa.String(length=32), nullable=True),
        sa.Column("recording", sa.String(length=64), nullable=True),
        sa.Column("message_tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("message_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("calls", column)
    op.create_index("ix_calls_message", "calls", ["message"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_recordings_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", "part", name=op.f("pk_recordings")),
    )
    op.create_table(
        "erased_calls",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_erased_calls")),
    )


def downgrade() -> None:
    op.drop_table("erased_calls")
    op.drop_table("recordings")
    op.drop_index("ix_calls_message", table_name="calls")
    for name in ("message_at", "message_tries", "recording", "message"):
        op.drop_column("calls", name)
