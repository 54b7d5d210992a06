"""Facts for statistics, their keys, and proposals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "statistics_keys",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statistics_keys")),
    )
    op.create_table(
        "statistics_wraps",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", "holder", name=op.f("pk_statistics_wraps")),
    )
    op.create_index("ix_statistics_wraps_holder", "statistics_wraps", ["holder"])
    op.create_table(
        "fact_covers",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("contact", "slot", name=op.f("pk_fact_covers")),
    )
    op.create_table(
        "pending_facts",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("ready", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("contact", "slot", name=op.f("pk_pending_facts")),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_facts_period", "facts", ["period"])
    op.create_table(
        "fact_handles",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("contact", name=op.f("pk_fact_handles")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("forwarding", sa.String(length=64), nullable=True),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_proposals_contact_contacts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("forwarding", name=op.f("uq_proposals_forwarding")),
    )
    op.create_index("ix_proposals_contact", "proposals", ["contact"])
    op.create_index("ix_proposals_made_at", "proposals", ["made_at"])


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_table("fact_handles")
    op.drop_table("facts")
    op.drop_table("pending_facts")
    op.drop_table("fact_covers")
    op.drop_table("statistics_wraps")
    op.drop_table("statistics_keys")
