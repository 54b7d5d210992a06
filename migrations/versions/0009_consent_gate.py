"""Consents, questions for them, forwardings, emergencies, the outbox, and the triggers that guard them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from contacts.forwarding import gate
from storage.engine import Dialect

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("outbox_keys", "outbox", "notices", "forwardings", "emergencies", "consents", "consent_asks")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "consent_asks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.String(length=1500), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("minor", sa.String(length=32), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("lead", sa.String(length=64), nullable=True),
        sa.Column("lead_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no', 'change')", name=op.f("ck_consent_asks_answer")),
        sa.CheckConstraint("how IN ('card', 'spoken', 'form')", name=op.f("ck_consent_asks_how")),
        sa.CheckConstraint("minor IN ('yes', 'no', 'unknown')", name=op.f("ck_consent_asks_minor")),
        sa.CheckConstraint("scope IN ('referral', 'proposal')", name=op.f("ck_consent_asks_scope")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_consent_asks_answered")),
        sa.CheckConstraint("(lead IS NULL) = (lead_at IS NULL)", name=op.f("ck_consent_asks_lead")),
        sa.CheckConstraint("until > asked_at AND until <= asked_at + 7776000", name=op.f("ck_consent_asks_until")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_consent_asks_contact_contacts")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_consent_asks_organisation_organisations")
        ),
        sa.ForeignKeyConstraint(["wording"], ["wordings.id"], name=op.f("fk_consent_asks_wording_wordings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_asks")),
    )
    op.create_index("ix_consent_asks_contact", "consent_asks", ["contact"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ask", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.String(length=1500), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("interpreter", sa.String(length=32), nullable=False),
        sa.Column("giver", sa.String(length=32), nullable=False),
        sa.Column("representative", sa.String(length=32), nullable=True),
        sa.Column("suspected", sa.String(length=32), nullable=True),
        sa.Column("child_heard", sa.String(length=32), nullable=True),
        sa.Column("minor", sa.String(length=32), nullable=False),
        sa.Column("lead", sa.String(length=64), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_staff", sa.String(length=64), nullable=True),
        sa.CheckConstraint("child_heard IN ('heard', 'too_young', 'no_child')", name=op.f("ck_consents_child_heard")),
        sa.CheckConstraint(
            "giver <> 'representative' OR (representative IS NOT NULL AND suspected IS NOT NULL AND suspected = 'no' AND child_heard IS NOT NULL)",
            name=op.f("ck_consents_representative"),
        ),
        sa.CheckConstraint(
            "giver = 'representative' OR (representative IS NULL AND suspected IS NULL)",
            name=op.f("ck_consents_nobody_else"),
        ),
        sa.CheckConstraint("giver IN ('self', 'representative', 'professional')", name=op.f("ck_consents_giver")),
        sa.CheckConstraint("how IN ('card', 'spoken', 'form')", name=op.f("ck_consents_how")),
        sa.CheckConstraint("interpreter IN ('yes', 'no')", name=op.f("ck_consents_interpreter")),
        sa.CheckConstraint(
            "minor <> 'yes' OR (lead IS NOT NULL AND lead <> recorded_by)", name=op.f("ck_consents_lead")
        ),
        sa.CheckConstraint("minor IN ('yes', 'no', 'unknown')", name=op.f("ck_consents_minor")),
        sa.CheckConstraint(
            "representative IN ('parent', 'guardian', 'child_welfare', 'relative', 'trustee', 'other')",
            name=op.f("ck_consents_who"),
        ),
        sa.CheckConstraint("scope IN ('referral', 'proposal')", name=op.f("ck_consents_scope")),
        sa.CheckConstraint("withdrawn_by IN ('visitor', 'operator', 'erasure')", name=op.f("ck_consents_withdrawn_by")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_consents_withdrawn")),
        sa.CheckConstraint("until > given_at AND until <= given_at + 7776000", name=op.f("ck_consents_until")),
        sa.ForeignKeyConstraint(["ask"], ["consent_asks.id"], name=op.f("fk_consents_ask_consent_asks")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_consents_contact_contacts")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_consents_organisation_organisations")
        ),
        sa.ForeignKeyConstraint(["wording"], ["wordings.id"], name=op.f("fk_consents_wording_wordings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("ask", name=op.f("uq_consents_ask")),
        sa.UniqueConstraint("id", "contact", "organisation", "scope", "fields", "digest", name="uq_consents_exactly"),
    )
    op.create_index("ix_consents_contact", "consents", ["contact"], unique=False)
    op.create_table(
        "emergencies",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=True),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.String(length=1500), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("payload", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("acted_by", sa.String(length=64), nullable=False),
        sa.Column("acted_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "authority IN ('emergency_services', 'police', 'child_protection', 'social_emergency', 'other')",
            name=op.f("ck_emergencies_authority"),
        ),
        sa.CheckConstraint(
            "basis IN ('vital_interests', 'child_welfare_duty', 'serious_offence_duty', 'rescue_duty')",
            name=op.f("ck_emergencies_basis"),
        ),
        sa.CheckConstraint(
            "reason IN ('danger_to_life', 'danger_to_health', 'child_at_risk', 'others_at_risk')",
            name=op.f("ck_emergencies_reason"),
        ),
        sa.CheckConstraint("scope = 'emergency'", name=op.f("ck_emergencies_scope")),
        sa.CheckConstraint("verdict IN ('agreed', 'disagreed')", name=op.f("ck_emergencies_verdict")),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_emergencies_confirmed")),
        sa.CheckConstraint("(confirmed_at IS NULL) = (verdict IS NULL)", name=op.f("ck_emergencies_verdict_said")),
        sa.CheckConstraint("confirmed_by <> acted_by", name=op.f("ck_emergencies_two_people")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_emergencies_contact_contacts")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_emergencies_organisation_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
        sa.UniqueConstraint(
            "id", "contact", "organisation", "scope", "fields", "digest", name="uq_emergencies_exactly"
        ),
    )
    op.create_index("ix_emergencies_acted_at", "emergencies", ["acted_at"], unique=False)
    op.create_index("ix_emergencies_contact", "emergencies", ["contact"], unique=False)
    op.create_table(
        "forwardings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("consent", sa.String(length=64), nullable=True),
        sa.Column("emergency", sa.String(length=64), nullable=True),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.String(length=1500), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=True),
        sa.Column("queued_by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(scope = 'emergency') = (emergency IS NOT NULL)", name=op.f("ck_forwardings_emergency")),
        sa.CheckConstraint("channel IN ('email', 'download', 'spoken')", name=op.f("ck_forwardings_channel")),
        sa.CheckConstraint("scope IN ('referral', 'proposal', 'emergency')", name=op.f("ck_forwardings_scope")),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'acknowledged', 'accepted', 'declined', 'withdrawn')",
            name=op.f("ck_forwardings_state"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'withdrawn', 'failed') OR sent_at IS NOT NULL", name=op.f("ck_forwardings_sent")
        ),
        sa.CheckConstraint("(consent IS NULL) <> (emergency IS NULL)", name=op.f("ck_forwardings_one_permission")),
        sa.ForeignKeyConstraint(
            ["consent", "contact", "organisation", "scope", "fields", "digest"],
            [
                "consents.id",
                "consents.contact",
                "consents.organisation",
                "consents.scope",
                "consents.fields",
                "consents.digest",
            ],
            name="fk_forwardings_consent_exactly",
        ),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_forwardings_contact_contacts")),
        sa.ForeignKeyConstraint(
            ["emergency", "contact", "organisation", "scope", "fields", "digest"],
            [
                "emergencies.id",
                "emergencies.contact",
                "emergencies.organisation",
                "emergencies.scope",
                "emergencies.fields",
                "emergencies.digest",
            ],
            name="fk_forwardings_emergency_exactly",
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_forwardings_organisation_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwardings")),
    )
    op.create_index("ix_forwardings_consent", "forwardings", ["consent"], unique=False)
    op.create_index("ix_forwardings_contact", "forwardings", ["contact"], unique=False)
    op.create_index("ix_forwardings_state", "forwardings", ["state"], unique=False)
    op.create_table(
        "notices",
        sa.Column("forwarding", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state = 'queued' OR sent_at IS NOT NULL OR failed_at IS NOT NULL", name=op.f("ck_notices_sent")
        ),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_notices_state")),
        sa.ForeignKeyConstraint(["forwarding"], ["forwardings.id"], name=op.f("fk_notices_forwarding_forwardings")),
        sa.PrimaryKeyConstraint("forwarding", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_state", "notices", ["state"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("forwarding", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('document', 'notice')", name=op.f("ck_outbox_kind")),
        sa.ForeignKeyConstraint(["forwarding"], ["forwardings.id"], name=op.f("fk_outbox_forwarding_forwardings")),
        sa.PrimaryKeyConstraint("forwarding", "kind", name=op.f("pk_outbox")),
    )
    op.create_table(
        "outbox_keys",
        sa.Column("forwarding", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("forwarding", "kind", name=op.f("pk_outbox_keys")),
    )
    for statement in gate.statements(_dialect()):
        op.execute(statement)


def downgrade() -> None:
    for statement in gate.removals(_dialect()):
        op.execute(statement)
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("contacts", "erased_at")


def _dialect() -> Dialect:
    return "sqlite" if op.get_bind().dialect.name == "sqlite" else "postgresql"
