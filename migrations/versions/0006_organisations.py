"""Organisations and the wordings of consent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from contacts.organisations import approved_only
from storage.engine import Dialect

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("profile", sa.String(length=40000), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("takes_referrals", sa.Integer(), nullable=False),
        sa.Column("takes_proposals", sa.Integer(), nullable=False),
        sa.Column("by_spoken", sa.Integer(), nullable=False),
        sa.Column("by_email", sa.Integer(), nullable=False),
        sa.Column("by_download", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=400), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("verified_by", sa.String(length=64), nullable=True),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'inactive')", name=op.f("ck_organisations_state")),
        sa.CheckConstraint("listed IN (0, 1)", name=op.f("ck_organisations_listed")),
        sa.CheckConstraint(
            "takes_referrals IN (0, 1) AND takes_proposals IN (0, 1)", name=op.f("ck_organisations_takes")
        ),
        sa.CheckConstraint(
            "by_spoken IN (0, 1) AND by_email IN (0, 1) AND by_download IN (0, 1)",
            name=op.f("ck_organisations_channels"),
        ),
        sa.CheckConstraint("verified_at IS NULL OR recipient IS NOT NULL", name=op.f("ck_organisations_verified")),
        sa.CheckConstraint(
            "by_email = 0 OR (email IS NOT NULL AND verified_at IS NOT NULL)", name=op.f("ck_organisations_by_email")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "wordings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'approved')", name=op.f("ck_wordings_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_wordings_version")),
        sa.CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_wordings_approved")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint("purpose", "language", "version", name=op.f("uq_wordings_purpose_language_version")),
    )
    op.create_index(
        "uq_wordings_draft",
        "wordings",
        ["purpose", "language"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    for statement in approved_only.statements(_dialect()):
        op.execute(statement)


def downgrade() -> None:
    for statement in approved_only.removals(_dialect()):
        op.execute(statement)
    op.drop_index(
        "uq_wordings_draft",
        table_name="wordings",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_table("wordings")
    op.drop_table("organisations")


def _dialect() -> Dialect:
    return "sqlite" if op.get_bind().dialect.name == "sqlite" else "postgresql"
