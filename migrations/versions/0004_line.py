"""The line: places, danger, hand-over between operators, closing; why somebody was asked; fences on leases."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COUNTERS = {"place": "0", "danger": "0", "overtaken": "0", "next_reads": "0", "reads_from": "1"}
_OTHERS: dict[str, sa.types.TypeEngine[Any]] = {
    "waited": sa.Integer(),
    "missed_at": sa.BigInteger(),
    "former": sa.String(length=64),
    "question": sa.String(length=32),
    "question_to": sa.String(length=64),
    "grace_until": sa.BigInteger(),
    "told_at": sa.BigInteger(),
    "quiet_since": sa.BigInteger(),
}


def upgrade() -> None:
    for name, default in _COUNTERS.items():
        op.add_column("contacts", sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False))
    for name, kind in _OTHERS.items():
        op.add_column("contacts", sa.Column(name, kind, nullable=True))
    op.add_column("leases", sa.Column("fence", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("same_language", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_assignments_contact_contacts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_contact", "assignments", ["contact"], unique=False)


def downgrade() -> None:
    op.drop_table("assignments")
    op.drop_column("leases", "fence")
    for name in [*_OTHERS, *_COUNTERS]:
        op.drop_column("contacts", name)
