"""Consents, what they allow to leave, and what leaves without one in an emergency; guarded by `contacts.forwarding.gate`.

`fields`: names of the fields of a payload (`payload.Item.field`), sorted, with commas. `digest`: `payload.digest`.
`payload`: the number of the sealed payload among the entries of class `Klass.PAYLOAD`.
"""

from sqlalchemy import DDL, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Table, UniqueConstraint, event

from contacts.forwarding.gate import made_with
from storage.columns import choice, ciphertext, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

LONGEST_FIELDS = 1_500
_DAY = 86_400
_MATCHING = ("contact", "organisation", "scope", "fields", "digest")

#: A question put to somebody: on a card, spoken, or with a form. Its answer is written once.
consent_asks = Table(
    "consent_asks",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    random_id("organisation", ForeignKey("organisations.id"), nullable=False),
    choice("scope", nullable=False),
    staff_text("fields", nullable=False, length=LONGEST_FIELDS),
    key_material("digest", nullable=False),
    counter("payload", nullable=False),
    random_id("wording", ForeignKey("wordings.id"), nullable=False),
    counter("wording_version", nullable=False),
    choice("language", nullable=False),
    choice("how", nullable=False),
    choice("minor", nullable=False),
    coarse_time("until", nullable=False),
    random_id("asked_by", nullable=False),
    coarse_time("asked_at", nullable=False),
    counter("entry"),  # of the card in the transcript
    choice("answer"),
    coarse_time("answered_at"),
    random_id("lead"),  # who was asked because it is about a minor, and agreed
    coarse_time("lead_at"),
    coarse_time("cancelled_at"),
    CheckConstraint("scope IN ('referral', 'proposal')", name="scope"),
    CheckConstraint("how IN ('card', 'spoken', 'form')", name="how"),
    CheckConstraint("minor IN ('yes', 'no', 'unknown')", name="minor"),
    CheckConstraint("answer IN ('yes', 'no', 'change')", name="answer"),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    CheckConstraint("(lead IS NULL) = (lead_at IS NULL)", name="lead"),
    CheckConstraint(f"until > asked_at AND until <= asked_at + {90 * _DAY}", name="until"),
)
Index("ix_consent_asks_contact", consent_asks.c.contact)

#: A yes, as an operator recorded it. Nothing of it changes but that it is withdrawn, once.
consents = Table(
    "consents",
    metadata,
    random_id("id", primary_key=True),
    random_id("ask", ForeignKey("consent_asks.id"), nullable=False, unique=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    random_id("organisation", ForeignKey("organisations.id"), nullable=False),
    choice("scope", nullable=False),
    staff_text("fields", nullable=False, length=LONGEST_FIELDS),
    key_material("digest", nullable=False),
    counter("payload", nullable=False),
    random_id("wording", ForeignKey("wordings.id"), nullable=False),
    counter("wording_version", nullable=False),
    choice("language", nullable=False),
    choice("how", nullable=False),
    choice("interpreter", nullable=False),
    choice("giver", nullable=False),
    choice("representative"),
    choice("suspected"),
    choice("child_heard"),
    choice("minor", nullable=False),
    random_id("lead"),
    coarse_time("until", nullable=False),
    random_id("recorded_by", nullable=False),
    coarse_time("given_at", nullable=False),
    coarse_time("withdrawn_at"),
    choice("withdrawn_by"),
    random_id("withdrawn_staff"),
    UniqueConstraint("id", *_MATCHING, name="uq_consents_exactly"),
    CheckConstraint("scope IN ('referral', 'proposal')", name="scope"),
    CheckConstraint("how IN ('card', 'spoken', 'form')", name="how"),
    CheckConstraint("interpreter IN ('yes', 'no')", name="interpreter"),
    CheckConstraint("giver IN ('self', 'representative', 'professional')", name="giver"),
    CheckConstraint("giver = 'representative' OR (representative IS NULL AND suspected IS NULL)", name="nobody_else"),
    CheckConstraint(
        "giver <> 'representative' OR (representative IS NOT NULL AND suspected IS NOT NULL AND suspected = 'no'"
        " AND child_heard IS NOT NULL)",
        name="representative",
    ),
    CheckConstraint(
        "representative IN ('parent', 'guardian', 'child_welfare', 'relative', 'trustee', 'other')", name="who"
    ),
    CheckConstraint("child_heard IN ('heard', 'too_young', 'no_child')", name="child_heard"),
    CheckConstraint("minor IN ('yes', 'no', 'unknown')", name="minor"),
    CheckConstraint("minor <> 'yes' OR (lead IS NOT NULL AND lead <> recorded_by)", name="lead"),
    CheckConstraint(f"until > given_at AND until <= given_at + {90 * _DAY}", name="until"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    CheckConstraint("withdrawn_by IN ('visitor', 'operator', 'erasure')", name="withdrawn_by"),
)
Index("ix_consents_contact", consents.c.contact)

#: Imminent danger: somebody acted without consent, alone, with a reason and a legal basis. A lead confirms within 24 h.
emergencies = Table(
    "emergencies",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    choice("authority", nullable=False),
    random_id("organisation", ForeignKey("organisations.id")),  # NULL: told by telephone to one that is not on our list
    choice("scope", nullable=False),
    staff_text("fields", nullable=False, length=LONGEST_FIELDS),
    key_material("digest"),
    counter("payload"),
    choice("reason", nullable=False),
    choice("basis", nullable=False),
    random_id("acted_by", nullable=False),
    coarse_time("acted_at", nullable=False),
    random_id("confirmed_by"),
    coarse_time("confirmed_at"),
    choice("verdict"),
    UniqueConstraint("id", *_MATCHING, name="uq_emergencies_exactly"),
    CheckConstraint("scope = 'emergency'", name="scope"),
    CheckConstraint(
        "authority IN ('emergency_services', 'police', 'child_protection', 'social_emergency', 'other')",
        name="authority",
    ),
    CheckConstraint(
        "reason IN ('danger_to_life', 'danger_to_health', 'child_at_risk', 'others_at_risk')", name="reason"
    ),
    CheckConstraint(
        "basis IN ('vital_interests', 'child_welfare_duty', 'serious_offence_duty', 'rescue_duty')", name="basis"
    ),
    CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
    CheckConstraint("(confirmed_at IS NULL) = (verdict IS NULL)", name="verdict_said"),
    CheckConstraint("confirmed_by <> acted_by", name="two_people"),
    CheckConstraint("verdict IN ('agreed', 'disagreed')", name="verdict"),
)
Index("ix_emergencies_contact", emergencies.c.contact)
Index("ix_emergencies_acted_at", emergencies.c.acted_at)

#: What leaves, or left. Exactly one of `consent` and `emergency` allows it.
forwardings = Table(
    "forwardings",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    random_id("consent"),
    random_id("emergency"),
    random_id("organisation", ForeignKey("organisations.id"), nullable=False),
    choice("scope", nullable=False),
    staff_text("fields", nullable=False, length=LONGEST_FIELDS),
    key_material("digest", nullable=False),
    choice("channel", nullable=False),
    counter("told_to"),  # spoken: who was told, sealed, an entry of class PAYLOAD
    random_id("queued_by", nullable=False),
    choice("state", nullable=False),
    coarse_time("queued_at", nullable=False),
    coarse_time("sent_at"),
    coarse_time("failed_at"),
    coarse_time("acknowledged_at"),
    coarse_time("decided_at"),
    coarse_time("withdrawn_at"),
    choice("outcome"),
    ForeignKeyConstraint(
        ["consent", *_MATCHING],
        [f"consents.{name}" for name in ("id", *_MATCHING)],
        name="fk_forwardings_consent_exactly",
    ),
    ForeignKeyConstraint(
        ["emergency", *_MATCHING],
        [f"emergencies.{name}" for name in ("id", *_MATCHING)],
        name="fk_forwardings_emergency_exactly",
    ),
    CheckConstraint("(consent IS NULL) <> (emergency IS NULL)", name="one_permission"),
    CheckConstraint("(scope = 'emergency') = (emergency IS NOT NULL)", name="emergency"),
    CheckConstraint("scope IN ('referral', 'proposal', 'emergency')", name="scope"),
    CheckConstraint("channel IN ('email', 'download', 'spoken')", name="channel"),
    CheckConstraint(
        "state IN ('queued', 'sent', 'failed', 'acknowledged', 'accepted', 'declined', 'withdrawn')", name="state"
    ),
    CheckConstraint("state IN ('queued', 'withdrawn', 'failed') OR sent_at IS NOT NULL", name="sent"),
)
Index("ix_forwardings_contact", forwardings.c.contact)
Index("ix_forwardings_consent", forwardings.c.consent)
Index("ix_forwardings_state", forwardings.c.state)

#: The message that a consent was withdrawn, to who had received something.
notices = Table(
    "notices",
    metadata,
    random_id("forwarding", ForeignKey("forwardings.id"), primary_key=True),
    choice("state", nullable=False),
    coarse_time("queued_at", nullable=False),
    coarse_time("sent_at"),
    coarse_time("failed_at"),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
    CheckConstraint("state = 'queued' OR sent_at IS NOT NULL OR failed_at IS NOT NULL", name="sent"),
)
Index("ix_notices_state", notices.c.state)

#: What waits for transmission: encrypted for its receiver, and once more under a key of `outbox_keys` that is destroyed.
outbox = Table(
    "outbox",
    metadata,
    random_id("forwarding", ForeignKey("forwardings.id"), primary_key=True),
    choice("kind", primary_key=True),  # document, notice
    ciphertext("sealed", nullable=False),
    coarse_time("made_at", nullable=False),
    CheckConstraint("kind IN ('document', 'notice')", name="kind"),
)

#: Belongs to the keyring (backed up with it, no foreign key leads out). Destroyed with what it opens.
outbox_keys = Table(
    "outbox_keys",
    metadata,
    random_id("forwarding", primary_key=True),
    choice("kind", primary_key=True),
    key_material("sealed", nullable=False),  # under the app key: the worker opens it with nobody signed in
    key_material("mac", nullable=False),
)

for _dialect in ("sqlite", "postgresql"):
    for _table, _statement in made_with(_dialect):
        event.listen(metadata.tables[_table], "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
