"""Promise P2 in the database: triggers that refuse what no consent allows, for SQLite and PostgreSQL.

`create_all` runs them by itself (`contacts.forwarding.tables`); migrations run `statements(dialect)`, because Alembic's
batch mode on SQLite silently drops triggers; start-up compares what is there with them (`contacts.fingerprint`). The rules
are in `gate_rules`. A database owner can drop the triggers: docs/threat-model.md says what then remains.

On PostgreSQL a rule about a forwarding reads its consent under FOR SHARE, so that it waits for a withdrawal that is under
way. Whoever locks both locks the forwarding first. Time is `clock_timestamp()`: `now()` stands still in a transaction.
"""

import re
from itertools import groupby

from contacts.forwarding.gate_conditions import Event, Rule
from contacts.forwarding.gate_rules import RULES
from storage.engine import Dialect

#: Never emptied as a whole; PostgreSQL asks no row trigger for that.
_KEPT = ("consent_asks", "consents", "emergencies", "forwardings", "notices")
_NOW: dict[Dialect, str] = {
    "sqlite": "unixepoch()",
    "postgresql": "CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)",
}
#: Nobody's temporary table stands in for ours.
_PATH = "SET search_path = public, pg_temp"
_LATER: dict[Dialect, str] = {"sqlite": "max", "postgresql": "greatest"}
#: Columns whose change alone wakes a trigger on a table that changes all the time.
_ONLY = {("contacts", "UPDATE"): " OF erased_at"}
#: Row locks on PostgreSQL, in this order everywhere: contact, question, forwarding, consent.
_CONTACT = "PERFORM 1 FROM contacts WHERE id = NEW.contact FOR KEY SHARE;"
_PERMISSION = """PERFORM 1 FROM consents WHERE id = NEW.consent FOR SHARE;
        PERFORM 1 FROM emergencies WHERE id = NEW.emergency FOR SHARE;"""
_LOCKS = {
    ("consents", "INSERT"): f"""{_CONTACT}
    PERFORM 1 FROM consent_asks WHERE id = NEW.ask FOR SHARE;""",
    ("forwardings", "INSERT"): f"""{_CONTACT}
        {_PERMISSION}""",
    ("forwardings", "UPDATE"): f"""IF NEW.state = 'sent' AND OLD.state <> 'sent' THEN
        {_PERMISSION}
    END IF;""",
}


def statements(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make the triggers, to run once after the tables exist."""
    return tuple(statement for _, statement in made_with(dialect))


def removals(dialect: Dialect) -> tuple[str, ...]:
    """The statements that take them away again, for migrations that rebuild the tables."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in statements(dialect))
    names = (
        statement.split()[2].removesuffix("()") for statement in statements(dialect) if "CREATE FUNCTION" in statement
    )
    return tuple(f"DROP FUNCTION {name}() CASCADE" for name in names)


def made_with(dialect: Dialect) -> list[tuple[str, str]]:
    """(table, statement) in order: each can run as soon as its table exists."""
    made: list[tuple[str, str]] = []
    for (table, event), rules in groupby(sorted(RULES, key=_where), key=_where):
        after = "consents" if table == "contacts" else table
        make = _on_sqlite if dialect == "sqlite" else _on_postgresql
        made.extend((after, statement) for statement in make(table, event, list(rules)))
    if dialect == "postgresql":
        made.extend(_against_truncate())
    return made


def _where(rule: Rule) -> tuple[str, Event]:
    return rule.table, rule.event


def _spoken(dialect: Dialect, condition: str) -> str:
    # Both know IS DISTINCT FROM, but SQLite only from 3.39 on.
    if dialect == "sqlite":
        condition = condition.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")
    return re.sub(r"\blater\(", _LATER[dialect] + "(", condition).replace("{now}", _NOW[dialect])


def _on_sqlite(table: str, event: Event, rules: list[Rule]) -> list[str]:
    return [
        f"CREATE TRIGGER gate_{table}_{event.lower()}_{number} BEFORE {event}{_ONLY.get((table, event), '')} ON {table}\n"
        f"    WHEN {_spoken('sqlite', rule.condition)}\n"
        f"    BEGIN SELECT RAISE(ABORT, '{rule.says}'); END"
        for number, rule in enumerate(rules, start=1)
    ]


def _on_postgresql(table: str, event: Event, rules: list[Rule]) -> list[str]:
    name = f"gate_{table}_{event.lower()}"
    lines = []
    if (table, event) in _LOCKS:
        lines.append(_LOCKS[table, event])
    lines += [
        f"IF {_spoken('postgresql', rule.condition)}\n    THEN RAISE EXCEPTION '{rule.says}'; END IF;" for rule in rules
    ]
    body = "\n    ".join(lines)
    back = "OLD" if event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {_PATH} AS $$\n    BEGIN\n    {body}\n    RETURN {back}; END $$",
        (
            f"CREATE TRIGGER {name} BEFORE {event}{_ONLY.get((table, event), '')} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    ]


def _against_truncate() -> list[tuple[str, str]]:
    function = f"""CREATE FUNCTION gate_never_emptied() RETURNS trigger LANGUAGE plpgsql {_PATH} AS $$
    BEGIN RAISE EXCEPTION 'what was agreed to and sent is not deleted'; END $$"""
    triggers = [
        (
            table,
            (
                f"CREATE TRIGGER gate_{table}_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION gate_never_emptied()"
            ),
        )
        for table in _KEPT
    ]
    return [(_KEPT[0], function), *triggers]
