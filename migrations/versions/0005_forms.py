"""Messages of the contact form."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "form_messages",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("sent_as", sa.LargeBinary(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_form_messages_contact_contacts")),
        sa.PrimaryKeyConstraint("contact", name=op.f("pk_form_messages")),
        sa.UniqueConstraint("sent_as", name=op.f("uq_form_messages_sent_as")),
    )


def downgrade() -> None:
    op.drop_table("form_messages")
