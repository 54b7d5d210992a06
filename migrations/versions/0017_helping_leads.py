"""A lead who reads along in a running conversation."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("helper", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "helper")
