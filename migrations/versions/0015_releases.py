"""Releases of statistics: tallies, the ledger, stored bytes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from contacts.reviews import ledger_only
from storage.engine import Dialect

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "release_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_head")),
    )
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("narrowest", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("approver", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(act = 'approved') = (approver IS NOT NULL)", name=op.f("ck_releases_approved")),
        sa.CheckConstraint("act <> 'approved' OR audience = 'outside'", name=op.f("ck_releases_approved_for_outside")),
        sa.CheckConstraint("act IN ('released', 'approved')", name=op.f("ck_releases_act")),
        sa.CheckConstraint("audience IN ('inside', 'outside')", name=op.f("ck_releases_audience")),
        sa.CheckConstraint("approver <> requester", name=op.f("ck_releases_two_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_once", "releases", ["period", "audience", "act"], unique=True)
    op.create_index("ix_releases_release", "releases", ["release"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_tallies")),
    )
    op.create_table(
        "release_files",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["releases.number"], name=op.f("fk_release_files_number_releases")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_release_files")),
    )

    for statement in ledger_only.statements(_dialect()):
        op.execute(statement)


def downgrade() -> None:
    for table in ("release_files", "releases", "release_head", "tallies"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION releases_append_only()")


def _dialect() -> Dialect:
    return "sqlite" if op.get_bind().dialect.name == "sqlite" else "postgresql"
