"""Conditions of the rules of the gate, in SQL that both databases read alike.

`NEW` and `OLD` are the row; `{now}` is the database's own time in whole seconds; `later(a, b)` the later of two times.
A condition that is not known to be false (NULL) refuses nothing: each is written so that it cannot be NULL.
"""

from typing import Final, Literal, NamedTuple

Event = Literal["INSERT", "UPDATE", "DELETE"]

#: How far a worker's clock may lag behind the database's, in seconds.
LAG: Final = 300
#: How long after acting in an emergency something may still leave because of it.
EMERGENCY_SECONDS: Final = 86_400
LONGEST_SECONDS: Final = 90 * 86_400


class Rule(NamedTuple):
    """Refuse `event` on `table` when `condition` holds; `says` why."""

    table: str
    event: Event
    says: str
    condition: str


def changed(columns: list[str]) -> str:
    """Any of these is another than it was."""
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def once(*columns: str) -> str:
    """Written once, and never again."""
    return " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in columns)


def erased(row: str) -> str:
    """The contact of this row has been erased."""
    return f"EXISTS (SELECT 1 FROM contacts WHERE contacts.id = {row}.contact AND contacts.erased_at IS NOT NULL)"


def staff(column: str, *roles: str) -> str:
    """Somebody with one of these roles who works here."""
    listed = ", ".join(f"'{role}'" for role in roles)
    return (
        f"EXISTS (SELECT 1 FROM staff WHERE staff.id = NEW.{column} AND staff.state = 'active'"
        f" AND staff.role IN ({listed}))"
    )


def late(column: str) -> str:
    """Written for a moment that is longer ago than a clock may lag."""
    return f"NEW.{column} < {{now}} - {LAG}"


def same(other: str, *columns: str) -> str:
    """The other row has the same in these columns."""
    return " AND ".join(f"{other}.{name} = NEW.{name}" for name in columns)


def permitted(at: str) -> str:
    """A live consent, or a fresh emergency, for exactly this, at `at` or by the database's time if that is later."""
    when = f"later(NEW.{at}, {{now}})"
    exactly = ("contact", "organisation", "scope", "fields", "digest")
    return (
        f"(EXISTS (SELECT 1 FROM consents AS c WHERE c.id = NEW.consent AND {same('c', *exactly)}"
        f" AND c.withdrawn_at IS NULL AND c.given_at <= {when} AND {when} < c.until)"
        f" OR EXISTS (SELECT 1 FROM emergencies AS e WHERE e.id = NEW.emergency AND {same('e', *exactly)}"
        f" AND e.acted_at <= {when} AND {when} < e.acted_at + {EMERGENCY_SECONDS}))"
    )


def no_step(transitions: dict[str, tuple[str, ...]]) -> str:
    """A step that nobody may take."""
    steps = " OR ".join(
        f"(OLD.state = '{old}' AND NEW.state IN ({', '.join(repr(new) for new in to)}))"
        for old, to in transitions.items()
        if to
    )
    return f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({steps})"


def timed(column: str, *states: str) -> str:
    """The time of a state is written when it is reached, after what came before, and at no other moment."""
    reached = f"NEW.state IS DISTINCT FROM OLD.state AND NEW.state IN ({', '.join(repr(state) for state in states)})"
    return (
        f"(NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT ({reached})) OR ({reached} AND (NEW.{column} IS NULL"
        f" OR NEW.{column} < OLD.queued_at OR (OLD.sent_at IS NOT NULL AND NEW.{column} < OLD.sent_at)))"
    )
