"""What the database refuses of permissions: questions, consents, and what is done without one in an emergency.

See `gate_conditions` for how a condition is written.
"""

from collections.abc import Iterator
from typing import Final

from contacts.forwarding.gate_conditions import LONGEST_SECONDS, Rule, changed, erased, late, once, same, staff

#: What a consent has from the question it answers.
COPIED: Final = (
    "contact",
    "organisation",
    "scope",
    "fields",
    "digest",
    "payload",
    "wording",
    "wording_version",
    "language",
    "how",
    "minor",
    "until",
)
_ASKED = ["id", *COPIED, "asked_by", "asked_at"]
_CONSENTED = [
    "id",
    "ask",
    "contact",
    "organisation",
    "scope",
    "fields",
    "digest",
    "payload",
    "wording",
    "wording_version",
    "language",
    "how",
    "interpreter",
    "giver",
    "representative",
    "suspected",
    "child_heard",
    "minor",
    "lead",
    "until",
    "recorded_by",
    "given_at",
]
_ACTED = [
    "id",
    "contact",
    "authority",
    "organisation",
    "scope",
    "fields",
    "digest",
    "payload",
    "reason",
    "basis",
    "acted_by",
    "acted_at",
]


def asks() -> Iterator[Rule]:
    """A question is put once, answered once, and stays what it was."""
    table = "consent_asks"
    yield Rule(
        table, "INSERT", "a question is not replaced", f"EXISTS (SELECT 1 FROM {table} AS x WHERE x.id = NEW.id)"
    )
    yield Rule(
        table,
        "INSERT",
        "a question is born open",
        "NEW.answer IS NOT NULL OR NEW.answered_at IS NOT NULL OR NEW.lead IS NOT NULL OR NEW.lead_at IS NOT NULL"
        " OR NEW.cancelled_at IS NOT NULL",
    )
    yield Rule(table, "INSERT", "a question is not back-dated", late("asked_at"))
    yield Rule(
        table,
        "INSERT",
        "a question is for 90 days at most",
        f"NEW.until <= NEW.asked_at OR NEW.until > NEW.asked_at + {LONGEST_SECONDS}",
    )
    yield Rule(table, "INSERT", "an operator asks", f"NOT {staff('asked_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "this contact is erased", erased("NEW"))
    yield Rule(table, "UPDATE", "a question stays what it was", changed(_ASKED))
    yield Rule(
        table,
        "UPDATE",
        "a question is answered once",
        once("entry", "answer", "answered_at", "lead", "lead_at", "cancelled_at"),
    )
    yield Rule(
        table,
        "UPDATE",
        "an answer follows its question",
        "(OLD.answer IS NULL AND NEW.answer IS NOT NULL AND (NEW.answered_at IS NULL OR OLD.cancelled_at IS NOT NULL"
        " OR NEW.answered_at < OLD.asked_at))",
    )
    yield Rule(
        table,
        "UPDATE",
        "another person, a lead, agrees",
        "OLD.lead IS NULL AND NEW.lead IS NOT NULL AND (NEW.lead = OLD.asked_by OR NEW.lead_at IS NULL"
        f" OR NOT {staff('lead', 'lead')})",
    )
    yield Rule(table, "DELETE", "a question is not deleted", f"NOT {erased('OLD')}")


def consents() -> Iterator[Rule]:
    """A consent is what was asked and answered with yes, and is only ever withdrawn."""
    table = "consents"
    yield Rule(
        table,
        "INSERT",
        "a consent is not replaced",
        f"EXISTS (SELECT 1 FROM {table} AS x WHERE x.id = NEW.id OR x.ask = NEW.ask)",
    )
    yield Rule(
        table,
        "INSERT",
        "the case of a minor asks a lead",
        "NEW.minor = 'yes' AND (NEW.lead IS NULL OR NEW.lead = NEW.recorded_by OR NOT EXISTS (SELECT 1 FROM"
        " consent_asks AS a WHERE a.id = NEW.ask AND a.lead = NEW.lead AND a.lead_at IS NOT NULL))",
    )
    yield Rule(
        table,
        "INSERT",
        "a representative is not suspected, and the child was heard",
        "NEW.giver = 'representative' AND (NEW.representative IS NULL OR NEW.suspected IS DISTINCT FROM 'no'"
        " OR NEW.child_heard IS NULL OR (NEW.minor = 'yes' AND NEW.child_heard = 'no_child'))",
    )
    yield Rule(
        table,
        "INSERT",
        "a consent is asked in approved words",
        "NOT EXISTS (SELECT 1 FROM wordings AS w WHERE w.id = NEW.wording AND w.version = NEW.wording_version"
        " AND w.language = NEW.language AND w.state = 'approved')",
    )
    yield Rule(
        table,
        "INSERT",
        "this organisation receives nothing",
        "NOT EXISTS (SELECT 1 FROM organisations AS o WHERE o.id = NEW.organisation AND o.state = 'active'"
        " AND ((NEW.scope = 'referral' AND o.takes_referrals = 1)"
        " OR (NEW.scope = 'proposal' AND o.takes_proposals = 1)))",
    )
    yield Rule(table, "INSERT", "an operator records a consent", f"NOT {staff('recorded_by', 'operator', 'lead')}")
    yield Rule(
        table,
        "INSERT",
        "a consent is born live",
        "NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NOT NULL OR NEW.withdrawn_staff IS NOT NULL"
        f" OR NEW.until <= later(NEW.given_at, {{now}}) OR NEW.until > NEW.given_at + {LONGEST_SECONDS}",
    )
    yield Rule(table, "INSERT", "a consent is not back-dated", late("given_at"))
    yield Rule(table, "INSERT", "this contact is erased", erased("NEW"))
    # Last: the more particular ones say more.
    yield Rule(
        table,
        "INSERT",
        "a consent is what was asked and answered with yes",
        f"NOT EXISTS (SELECT 1 FROM consent_asks AS a WHERE a.id = NEW.ask AND {same('a', *COPIED)} AND a.answer = 'yes'"
        " AND a.answered_at <= NEW.given_at AND a.cancelled_at IS NULL)",
    )
    yield Rule(table, "UPDATE", "a consent is not edited", changed(_CONSENTED))
    yield Rule(
        table,
        "UPDATE",
        "a consent is withdrawn once, and never given back",
        once("withdrawn_at", "withdrawn_by", "withdrawn_staff")
        + " OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_staff IS DISTINCT FROM OLD.withdrawn_staff)"
        " OR (NEW.withdrawn_at IS NULL AND (NEW.withdrawn_by IS NOT NULL OR NEW.withdrawn_staff IS NOT NULL))",
    )
    yield Rule(
        table,
        "UPDATE",
        "a withdrawal is not back-dated",
        "NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL AND (NEW.withdrawn_at < OLD.given_at"
        " OR EXISTS (SELECT 1 FROM forwardings AS f WHERE f.consent = OLD.id AND f.sent_at IS NOT NULL"
        " AND f.sent_at > NEW.withdrawn_at))",
    )
    yield Rule(table, "DELETE", "a consent is not deleted", f"NOT {erased('OLD')}")


def emergencies() -> Iterator[Rule]:
    """Somebody acts alone, with a reason and a ground; a lead who is somebody else confirms."""
    table = "emergencies"
    yield Rule(
        table, "INSERT", "an emergency is not replaced", f"EXISTS (SELECT 1 FROM {table} AS x WHERE x.id = NEW.id)"
    )
    yield Rule(
        table,
        "INSERT",
        "an emergency has a reason and a legal basis",
        "NEW.reason IS NULL OR NEW.basis IS NULL OR NEW.scope IS DISTINCT FROM 'emergency' OR NEW.reason NOT IN"
        " ('danger_to_life', 'danger_to_health', 'child_at_risk', 'others_at_risk') OR NEW.basis NOT IN"
        " ('vital_interests', 'child_welfare_duty', 'serious_offence_duty', 'rescue_duty')",
    )
    yield Rule(
        table,
        "INSERT",
        "an emergency is born unconfirmed",
        "NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by IS NOT NULL OR NEW.verdict IS NOT NULL",
    )
    yield Rule(table, "INSERT", "an operator acts", f"NOT {staff('acted_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "an emergency is not back-dated", late("acted_at"))
    yield Rule(table, "INSERT", "this contact is erased", erased("NEW"))
    yield Rule(table, "UPDATE", "an emergency is not edited", changed(_ACTED))
    yield Rule(table, "UPDATE", "an emergency is confirmed once", once("confirmed_at", "confirmed_by", "verdict"))
    yield Rule(
        table,
        "UPDATE",
        "another person, a lead, confirms",
        "OLD.confirmed_at IS NULL AND (NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by IS NOT NULL) AND ("
        " NEW.confirmed_by IS NULL OR NEW.confirmed_at IS NULL OR NEW.verdict IS NULL OR NEW.confirmed_by = OLD.acted_by"
        f" OR NEW.confirmed_at < OLD.acted_at OR NOT {staff('confirmed_by', 'lead')})",
    )
    yield Rule(table, "DELETE", "an emergency is not deleted", f"NOT {erased('OLD')}")
