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
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> tuple[str, ...]:
    says = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    made = [
        f"CREATE TRIGGER release_head_{name} BEFORE {what} ON release_head\n    WHEN {when}\n    {says}"
        for name, what, when in _HEAD_RULES
    ]
    made.append(f"CREATE TRIGGER release_head_no_delete BEFORE DELETE ON release_head\n    {says}")
    for table in _KEPT:
        made += [
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}\n    {says}"
            for what in ("UPDATE", "DELETE")
        ]
        # INSERT OR REPLACE deletes without asking the delete trigger unless this one stands before it.
        again = f"EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"  # noqa: S608 - names of our own
        made.append(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}\n    WHEN {again}\n    {says}")
    return tuple(made)


def _postgresql() -> tuple[str, ...]:
    runs = "EXECUTE FUNCTION releases_append_only()"
    made = [_FUNCTION]
    for name, what, when in _HEAD_RULES:
        trigger = f"CREATE TRIGGER release_head_{name} BEFORE {what} ON release_head"
        made.append(f"{trigger}\n    FOR EACH ROW WHEN ({when}) {runs}")
    made.append(f"CREATE TRIGGER release_head_no_delete BEFORE DELETE ON release_head\n    FOR EACH ROW {runs}")
    made += [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}\n    FOR EACH ROW {runs}"
        for table in _KEPT
    ]
    made += [
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}\n    FOR EACH STATEMENT {runs}"
        for table in ("release_head", *_KEPT)
    ]
    return tuple(made)
