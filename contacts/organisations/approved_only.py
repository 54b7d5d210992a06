"""Triggers that keep approved wordings as they were, for SQLite and PostgreSQL.

`create_all` runs them by itself (`contacts.organisations.tables`); migrations run `statements(dialect)`, because
Alembic's batch mode on SQLite silently drops triggers. A database owner can drop them: then the codes of the rows show
what was done.
"""

from storage.engine import Dialect

_SQLITE = (
    """CREATE TRIGGER wordings_no_update BEFORE UPDATE ON wordings
    WHEN OLD.state = 'approved'
    BEGIN SELECT RAISE(ABORT, 'an approved wording never changes'); END""",
    """CREATE TRIGGER wordings_no_delete BEFORE DELETE ON wordings
    WHEN OLD.state = 'approved'
    BEGIN SELECT RAISE(ABORT, 'an approved wording never changes'); END""",
    # INSERT OR REPLACE deletes without asking the delete trigger unless this one stands before it.
    """CREATE TRIGGER wordings_no_replace BEFORE INSERT ON wordings
    WHEN EXISTS (
        SELECT 1 FROM wordings WHERE state = 'approved' AND (
            id = NEW.id OR (purpose = NEW.purpose AND language = NEW.language AND version = NEW.version)
        )
    )
    BEGIN SELECT RAISE(ABORT, 'an approved wording never changes'); END""",
    """CREATE TRIGGER wordings_born_draft BEFORE INSERT ON wordings
    WHEN NEW.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'a wording begins as a draft'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION wordings_approved_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an approved wording never changes'; END $$""",
    """CREATE TRIGGER wordings_no_change BEFORE UPDATE OR DELETE ON wordings
    FOR EACH ROW WHEN (OLD.state = 'approved') EXECUTE FUNCTION wordings_approved_only()""",
    """CREATE TRIGGER wordings_no_truncate BEFORE TRUNCATE ON wordings
    FOR EACH STATEMENT EXECUTE FUNCTION wordings_approved_only()""",
    """CREATE TRIGGER wordings_born_draft BEFORE INSERT ON wordings
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION wordings_approved_only()""",
)


def statements(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make the triggers, to run once after the table exists."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL


def removals(dialect: Dialect) -> tuple[str, ...]:
    """The statements that take them away again, for migrations that rebuild the table."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in _SQLITE)
    return ("DROP FUNCTION wordings_approved_only() CASCADE",)
