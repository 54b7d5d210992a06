"""What the database refuses, as rules: one condition each, in SQL that both databases read alike.

`NEW` and `OLD` are the row; `{now}` is the database's own time in whole seconds; `later(a, b)` the later of two times.
A condition that is not known to be false (NULL) refuses nothing: each is written so that it cannot be NULL.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

Event = Literal["INSERT", "UPDATE", "DELETE"]

#: How far a worker's clock may lag behind the database's, in seconds.
LAG: Final = 300
#: How long after acting in an emergency something may still leave because of it.
EMERGENCY_SECONDS: Final = 86_400
LONGEST_SECONDS: Final = 90 * 86_400

#: From each state a forwarding may go to these. What was sent is never unsent.
TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("sent", "failed", "withdrawn"),
    "sent": ("failed", "acknowledged", "accepted", "declined", "withdrawn"),
    "failed": ("sent", "withdrawn"),
    "acknowledged": ("accepted", "declined", "withdrawn"),
    "accepted": ("withdrawn",),
    "declined": ("withdrawn",),
    "withdrawn": (),
}
NOTICE_TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("sent", "failed"),
    "sent": ("failed",),
    "failed": ("sent",),
}


class Rule(NamedTuple):
    """Refuse `event` on `table` when `condition` holds; `says` why."""

    table: str
    event: Event
    says: str
    condition: str


_ASKED = [
    "id",
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
    "asked_by",
    "asked_at",
]
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
_FORWARDED = [
    "id",
    "contact",
    "consent",
    "emergency",
    "organisation",
    "scope",
    "fields",
    "digest",
    "channel",
    "told_to",
    "queued_by",
    "queued_at",
]


def _changed(columns: list[str]) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _once(*columns: str) -> str:
    """Written once, and never again."""
    return " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in columns)


def _erased(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM contacts WHERE contacts.id = {row}.contact AND contacts.erased_at IS NOT NULL)"


def _staff(column: str, *roles: str) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return (
        f"EXISTS (SELECT 1 FROM staff WHERE staff.id = NEW.{column} AND staff.state = 'active'"
        f" AND staff.role IN ({listed}))"
    )


def _late(column: str) -> str:
    return f"NEW.{column} < {{now}} - {LAG}"


def _same(other: str, *columns: str) -> str:
    return " AND ".join(f"{other}.{name} = NEW.{name}" for name in columns)


def _permitted(at: str) -> str:
    """A live consent, or a fresh emergency, for exactly this, at `at` or by the database's time if that is later."""
    when = f"later(NEW.{at}, {{now}})"
    exactly = ("contact", "organisation", "scope", "fields", "digest")
    return (
        f"(EXISTS (SELECT 1 FROM consents AS c WHERE c.id = NEW.consent AND {_same('c', *exactly)}"
        f" AND c.withdrawn_at IS NULL AND c.given_at <= {when} AND {when} < c.until)"
        f" OR EXISTS (SELECT 1 FROM emergencies AS e WHERE e.id = NEW.emergency AND {_same('e', *exactly)}"
        f" AND e.acted_at <= {when} AND {when} < e.acted_at + {EMERGENCY_SECONDS}))"
    )


def _no_step(transitions: dict[str, tuple[str, ...]]) -> str:
    steps = " OR ".join(
        f"(OLD.state = '{old}' AND NEW.state IN ({', '.join(repr(new) for new in to)}))"
        for old, to in transitions.items()
        if to
    )
    return f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({steps})"


def _timed(column: str, *states: str) -> str:
    """The time of a state is written when it is reached, after what came before, and at no other moment."""
    reached = f"NEW.state IS DISTINCT FROM OLD.state AND NEW.state IN ({', '.join(repr(state) for state in states)})"
    return (
        f"(NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT ({reached})) OR ({reached} AND (NEW.{column} IS NULL"
        f" OR NEW.{column} < OLD.queued_at OR (OLD.sent_at IS NOT NULL AND NEW.{column} < OLD.sent_at)))"
    )


def _asks() -> Iterator[Rule]:
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
    yield Rule(table, "INSERT", "a question is not back-dated", _late("asked_at"))
    yield Rule(
        table,
        "INSERT",
        "a question is for 90 days at most",
        f"NEW.until <= NEW.asked_at OR NEW.until > NEW.asked_at + {LONGEST_SECONDS}",
    )
    yield Rule(table, "INSERT", "an operator asks", f"NOT {_staff('asked_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "this contact is erased", _erased("NEW"))
    yield Rule(table, "UPDATE", "a question stays what it was", _changed(_ASKED))
    yield Rule(
        table,
        "UPDATE",
        "a question is answered once",
        _once("entry", "answer", "answered_at", "lead", "lead_at", "cancelled_at"),
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
        f" OR NOT {_staff('lead', 'lead')})",
    )
    yield Rule(table, "DELETE", "a question is not deleted", f"NOT {_erased('OLD')}")


def _consents() -> Iterator[Rule]:
    table = "consents"
    asked = (
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
    yield Rule(table, "INSERT", "an operator records a consent", f"NOT {_staff('recorded_by', 'operator', 'lead')}")
    yield Rule(
        table,
        "INSERT",
        "a consent is born live",
        "NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NOT NULL OR NEW.withdrawn_staff IS NOT NULL"
        f" OR NEW.until <= later(NEW.given_at, {{now}}) OR NEW.until > NEW.given_at + {LONGEST_SECONDS}",
    )
    yield Rule(table, "INSERT", "a consent is not back-dated", _late("given_at"))
    yield Rule(table, "INSERT", "this contact is erased", _erased("NEW"))
    # Last: the more particular ones say more.
    yield Rule(
        table,
        "INSERT",
        "a consent is what was asked and answered with yes",
        f"NOT EXISTS (SELECT 1 FROM consent_asks AS a WHERE a.id = NEW.ask AND {_same('a', *asked)} AND a.answer = 'yes'"
        " AND a.answered_at <= NEW.given_at AND a.cancelled_at IS NULL)",
    )
    yield Rule(table, "UPDATE", "a consent is not edited", _changed(_CONSENTED))
    yield Rule(
        table,
        "UPDATE",
        "a consent is withdrawn once, and never given back",
        _once("withdrawn_at", "withdrawn_by", "withdrawn_staff")
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
    yield Rule(table, "DELETE", "a consent is not deleted", f"NOT {_erased('OLD')}")


def _emergencies() -> Iterator[Rule]:
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
    yield Rule(table, "INSERT", "an operator acts", f"NOT {_staff('acted_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "an emergency is not back-dated", _late("acted_at"))
    yield Rule(table, "INSERT", "this contact is erased", _erased("NEW"))
    yield Rule(table, "UPDATE", "an emergency is not edited", _changed(_ACTED))
    yield Rule(table, "UPDATE", "an emergency is confirmed once", _once("confirmed_at", "confirmed_by", "verdict"))
    yield Rule(
        table,
        "UPDATE",
        "another person, a lead, confirms",
        "OLD.confirmed_at IS NULL AND (NEW.confirmed_at IS NOT NULL OR NEW.confirmed_by IS NOT NULL) AND ("
        " NEW.confirmed_by IS NULL OR NEW.confirmed_at IS NULL OR NEW.verdict IS NULL OR NEW.confirmed_by = OLD.acted_by"
        f" OR NEW.confirmed_at < OLD.acted_at OR NOT {_staff('confirmed_by', 'lead')})",
    )
    yield Rule(table, "DELETE", "an emergency is not deleted", f"NOT {_erased('OLD')}")


def _forwardings() -> Iterator[Rule]:
    table = "forwardings"
    yield Rule(
        table, "INSERT", "a forwarding is not replaced", f"EXISTS (SELECT 1 FROM {table} AS x WHERE x.id = NEW.id)"
    )
    yield Rule(
        table,
        "INSERT",
        "a forwarding is born queued",
        "NEW.state IS DISTINCT FROM 'queued' OR NEW.sent_at IS NOT NULL OR NEW.failed_at IS NOT NULL"
        " OR NEW.acknowledged_at IS NOT NULL OR NEW.decided_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL"
        " OR NEW.outcome IS NOT NULL",
    )
    yield Rule(
        table,
        "INSERT",
        "a consent or an emergency, not both",
        "(NEW.consent IS NULL) = (NEW.emergency IS NULL)"
        " OR (NEW.emergency IS NOT NULL) <> (NEW.scope IS NOT DISTINCT FROM 'emergency')",
    )
    yield Rule(table, "INSERT", "a forwarding is not back-dated", _late("queued_at"))
    yield Rule(table, "INSERT", "no live consent for this", f"NOT {_permitted('queued_at')}")
    yield Rule(table, "INSERT", "an operator forwards", f"NOT {_staff('queued_by', 'operator', 'lead')}")
    yield Rule(table, "INSERT", "this contact is erased", _erased("NEW"))
    yield Rule(table, "UPDATE", "a forwarding is not repointed", _changed(_FORWARDED))
    yield Rule(table, "UPDATE", "a forwarding does not go back", _no_step(TRANSITIONS))
    yield Rule(
        table,
        "UPDATE",
        "no live consent for this",
        "NEW.state = 'sent' AND OLD.state IS DISTINCT FROM 'sent' AND (NEW.sent_at IS NULL"
        f" OR NOT {_permitted('sent_at')} OR {_erased('NEW')})",
    )
    yield Rule(
        table,
        "UPDATE",
        "a sending is not back-dated",
        f"NEW.sent_at IS DISTINCT FROM OLD.sent_at AND NEW.sent_at IS NOT NULL AND {_late('sent_at')}",
    )
    for column, *states in (
        ("sent_at", "sent"),
        ("failed_at", "failed"),
        ("acknowledged_at", "acknowledged"),
        ("decided_at", "accepted", "declined"),
        ("withdrawn_at", "withdrawn"),
    ):
        yield Rule(table, "UPDATE", "times are written as things happen", _timed(column, *states))
    yield Rule(
        table,
        "UPDATE",
        "an outcome comes with a state",
        "NEW.outcome IS DISTINCT FROM OLD.outcome AND NEW.state IS NOT DISTINCT FROM OLD.state",
    )
    yield Rule(table, "DELETE", "a forwarding is not deleted", f"NOT {_erased('OLD')}")


def _transmission() -> Iterator[Rule]:
    yield Rule(
        "notices", "INSERT", "a notice is not replaced", "EXISTS (SELECT 1 FROM notices AS x WHERE x.forwarding = NEW.forwarding)"
    )  # fmt: skip
    yield Rule(
        "notices",
        "INSERT",
        "a notice follows a withdrawal of what was sent",
        "NEW.state IS DISTINCT FROM 'queued' OR NEW.sent_at IS NOT NULL OR NEW.failed_at IS NOT NULL OR NOT EXISTS"
        " (SELECT 1 FROM forwardings AS f WHERE f.id = NEW.forwarding AND f.state = 'withdrawn' AND f.sent_at IS NOT NULL)",
    )
    yield Rule("notices", "UPDATE", "a notice is not repointed", _changed(["forwarding", "queued_at"]))
    yield Rule("notices", "UPDATE", "a notice does not go back", _no_step(NOTICE_TRANSITIONS))
    yield Rule(
        "notices",
        "DELETE",
        "a notice is not deleted",
        "NOT EXISTS (SELECT 1 FROM forwardings AS f JOIN contacts AS k ON k.id = f.contact"
        " WHERE f.id = OLD.forwarding AND k.erased_at IS NOT NULL)",
    )
    yield Rule(
        "outbox",
        "INSERT",
        "nothing lies in the outbox but what is queued",
        "NOT ((NEW.kind = 'document' AND EXISTS (SELECT 1 FROM forwardings AS f WHERE f.id = NEW.forwarding"
        " AND f.state = 'queued')) OR (NEW.kind = 'notice' AND EXISTS (SELECT 1 FROM notices AS n"
        " WHERE n.forwarding = NEW.forwarding AND n.state = 'queued')))",
    )
    yield Rule(
        "outbox",
        "INSERT",
        "what lies in the outbox is not replaced",
        "EXISTS (SELECT 1 FROM outbox AS x WHERE x.forwarding = NEW.forwarding AND x.kind = NEW.kind)",
    )
    yield Rule("outbox", "UPDATE", "what lies in the outbox is not changed", "1 = 1")


def _contacts() -> Iterator[Rule]:
    yield Rule(
        "contacts",
        "UPDATE",
        "an erased contact stays erased",
        "OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at",
    )


RULES: Final = (*_asks(), *_consents(), *_emergencies(), *_forwardings(), *_transmission(), *_contacts())
