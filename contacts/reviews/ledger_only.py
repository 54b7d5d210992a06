"""Triggers that keep the ledger of releases and their bytes append-only, for SQLite and PostgreSQL.

`create_all` runs them by itself (`contacts.reviews.tables`); migrations run `statements(dialect)`.
"""

from typing import Final

from storage.engine import Dialect

_KEPT: Final = ("releases", "release_files")
_SAYS: Final = "the ledger of releases is append-only"

_FUNCTION = f"""CREATE FUNCTION releases_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"""
_HEAD_RULES: Final = (
    ("forward", "UPDATE", "NEW.id <> OLD.id OR NEW.number <> OLD.number + 1"),
    ("one", "INSERT", "NEW.id <> 1 OR NEW.number <> 0"),
)


def statements(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make the triggers, to run once after the tables exist."""
    return tuple(statement for _, statement in by_table(dialect))


def by_table(dialect: str) -> list[tuple[str, str]]:
    """The same, each with the table after which it may run, in the order in which tables are created."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[tuple[str, str]]:
    says = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    made = [
        (
            "release_head",
            f"CREATE TRIGGER release_head_{name} BEFORE {what} ON release_head\n    WHEN {when}\n    {says}",
        )
        for name, what, when in _HEAD_RULES
    ]
    made.append(("release_head", f"CREATE TRIGGER release_head_no_delete BEFORE DELETE ON release_head\n    {says}"))
    for table in _KEPT:
        made += [
            (table, f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}\n    {says}")
            for what in ("UPDATE", "DELETE")
        ]
        # INSERT OR REPLACE deletes without asking the delete trigger unless this one stands before it.
        again = f"EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"  # noqa: S608 - names of our own
        made.append(
            (table, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}\n    WHEN {again}\n    {says}")
        )
    return made


def _postgresql() -> list[tuple[str, str]]:
    runs = "EXECUTE FUNCTION releases_append_only()"
    made = [("release_head", _FUNCTION)]
    for name, what, when in _HEAD_RULES:
        trigger = f"CREATE TRIGGER release_head_{name} BEFORE {what} ON release_head"
        made.append(("release_head", f"{trigger}\n    FOR EACH ROW WHEN ({when}) {runs}"))
    trigger = "CREATE TRIGGER release_head_no_delete BEFORE DELETE ON release_head"
    made.append(("release_head", f"{trigger}\n    FOR EACH ROW {runs}"))
    for table in _KEPT:
        trigger = f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        made.append((table, f"{trigger}\n    FOR EACH ROW {runs}"))
    for table in ("release_head", *_KEPT):
        trigger = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        made.append((table, f"{trigger}\n    FOR EACH STATEMENT {runs}"))
    return made
