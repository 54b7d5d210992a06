"""Coded records of contacts, with their revisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_records_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", name=op.f("pk_records")),
    )
    op.create_table(
        "record_revisions",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_record_revisions_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", "revision", name=op.f("pk_record_revisions")),
    )


def downgrade() -> None:
    op.drop_table("record_revisions")
    op.drop_table("records")
