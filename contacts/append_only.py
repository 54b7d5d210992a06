"""Triggers that keep the audit log append-only, for SQLite and PostgreSQL.

`create_all` runs them by itself (`contacts.tables_audit`); migrations run `statements(dialect)`, because Alembic's batch mode on SQLite silently
drops triggers. A database owner can drop them: then the chain, its head and the witness show what was done.
"""

from storage.engine import Dialect

_SQLITE = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    # INSERT OR REPLACE deletes without asking the delete trigger unless this one stands before it.
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
    WHEN NEW.id <> OLD.id OR NEW.number <> OLD.number + 1
    BEGIN SELECT RAISE(ABORT, 'the audit head moves one row at a time'); END""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the audit head stays'); END""",
    """CREATE TRIGGER audit_head_one BEFORE INSERT ON audit_head
    WHEN NEW.id <> 1 OR NEW.number <> 0
    BEGIN SELECT RAISE(ABORT, 'the audit head begins at nothing'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.number <> OLD.number + 1) EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_head_one BEFORE INSERT ON audit_head
    FOR EACH ROW WHEN (NEW.id <> 1 OR NEW.number <> 0) EXECUTE FUNCTION audit_append_only()""",
)


def statements(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make the triggers, to run once after both tables exist."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL


def removals(dialect: Dialect) -> tuple[str, ...]:
    """The statements that take them away again, for migrations that rebuild the tables."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in _SQLITE)
    return ("DROP FUNCTION audit_append_only() CASCADE",)
