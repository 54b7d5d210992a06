"""Months of the audit log, runs of the retention worker, what is held back; contacts by when they ended."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from contacts import segments_only
from storage.engine import Dialect

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_segments",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=32), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.Column("dropped_signature", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_segments")),
    )
    op.create_table(
        "retention_days",
        sa.Column("day", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_retention_days")),
    )
    op.create_table(
        "retention_counts",
        sa.Column("day", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["day"], ["retention_days.day"], name=op.f("fk_retention_counts_day_retention_days"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("day", "what", name=op.f("pk_retention_counts")),
    )
    op.create_table(
        "holds",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_holds")),
    )
    op.create_index("ix_audit_actor_at", "audit", ["actor", "at"])
    op.create_index("ix_audit_contact", "audit", ["contact"])
    op.create_index("ix_contacts_ended_at", "contacts", ["ended_at"])
    for statement in segments_only.statements(_dialect()):
        op.execute(statement)


def downgrade() -> None:
    for statement in segments_only.removals(_dialect()):
        op.execute(statement)
    op.drop_index("ix_contacts_ended_at", table_name="contacts")
    op.drop_index("ix_audit_contact", table_name="audit")
    op.drop_index("ix_audit_actor_at", table_name="audit")
    op.drop_table("holds")
    op.drop_table("retention_counts")
    op.drop_table("retention_days")
    op.drop_table("audit_segments")


def _dialect() -> Dialect:
    return "postgresql" if op.get_context().dialect.name == "postgresql" else "sqlite"
