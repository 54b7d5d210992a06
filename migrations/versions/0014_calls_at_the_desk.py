"""Calls at the desk: who takes care of a missed call, who joins a talk, what the provider has deleted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for column in (
        sa.Column("dealt_as", sa.String(length=32), nullable=True),
        sa.Column("taken_by", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("room", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("move", sa.String(length=32), nullable=True),
        sa.Column("move_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("forgotten", sa.String(length=32), nullable=True),
    ):
        op.add_column("calls", column)
    op.add_column(
        "call_legs", sa.Column("kind", sa.String(length=32), server_default=sa.text("'answer'"), nullable=False)
    )
    op.add_column("call_legs", sa.Column("forgotten", sa.String(length=32), nullable=True))
    op.create_table(
        "interpreters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreters")),
    )


def downgrade() -> None:
    op.drop_table("interpreters")
    for name in ("forgotten", "kind"):
        op.drop_column("call_legs", name)
    for name in ("forgotten", "move_at", "move", "room", "taken_at", "taken_by", "dealt_as"):
        op.drop_column("calls", name)
