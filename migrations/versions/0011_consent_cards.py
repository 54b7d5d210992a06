"""Consent: the card that stands open on the visitor's page, and what the person wishes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("card", sa.String(length=64), nullable=True))
    op.add_column("contacts", sa.Column("wish", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "wish")
    op.drop_column("contacts", "card")
