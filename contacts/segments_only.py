"""Triggers around the months of the audit log, for SQLite and PostgreSQL: a closed month goes as a whole, or not at all.

They replace the one trigger of `contacts.append_only` that refused every deletion. `create_all` runs them by itself
(`contacts.tables_keeping`), migrations run `statements(dialect)`.
"""

from storage.engine import Dialect

#: The shortest time between a month's closing and its end that the database itself accepts, in seconds.
SHORTEST = 300 * 86_400

_DROPPED = "SELECT 1 FROM audit_segments WHERE dropped_at IS NOT NULL AND OLD.number BETWEEN first_row AND last_row"
_KEPT = ("number", "month", "first_row", "last_row", "hash", "closed_at", "signature")

_SQLITE = (
    "DROP TRIGGER audit_no_delete",
    f"""CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN NOT EXISTS ({_DROPPED})
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    f"""CREATE TRIGGER audit_segment_stays BEFORE UPDATE ON audit_segments
    WHEN OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.dropped_signature IS NULL
      OR NEW.dropped_at < OLD.closed_at + {SHORTEST}
      OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)}
    BEGIN SELECT RAISE(ABORT, 'a month of the audit log is dropped once, in its time'); END""",
    """CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segments
    BEGIN SELECT RAISE(ABORT, 'a month of the audit log stays known'); END""",
    """CREATE TRIGGER audit_segment_next BEFORE INSERT ON audit_segments
    WHEN NEW.dropped_at IS NOT NULL OR NEW.number <> 1 + (SELECT count(*) FROM audit_segments)
      OR NEW.first_row <> 1 + COALESCE((SELECT max(last_row) FROM audit_segments), 0)
    BEGIN SELECT RAISE(ABORT, 'months of the audit log follow one another'); END""",
)

_POSTGRESQL = (
    f"""CREATE FUNCTION audit_whole_months() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS ({_DROPPED}) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit log is append-only';
    END $$""",
    """CREATE FUNCTION audit_months_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.dropped_at IS NOT NULL OR NEW.number <> 1 + (SELECT count(*) FROM audit_segments)
           OR NEW.first_row <> 1 + COALESCE((SELECT max(last_row) FROM audit_segments), 0) THEN
            RAISE EXCEPTION 'months of the audit log follow one another';
        END IF;
        RETURN NEW;
    END $$""",
    "DROP TRIGGER audit_no_change ON audit",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_whole_months()""",
    f"""CREATE TRIGGER audit_segment_stays BEFORE UPDATE ON audit_segments
    FOR EACH ROW WHEN (OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.dropped_signature IS NULL
      OR NEW.dropped_at < OLD.closed_at + {SHORTEST}
      OR {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)})
    EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segments
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_segment_no_truncate BEFORE TRUNCATE ON audit_segments
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_segment_next BEFORE INSERT ON audit_segments
    FOR EACH ROW EXECUTE FUNCTION audit_months_follow()""",
)

_SQLITE_BACK = (
    "DROP TRIGGER audit_segment_next",
    "DROP TRIGGER audit_segment_no_delete",
    "DROP TRIGGER audit_segment_stays",
    "DROP TRIGGER audit_no_delete",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)

_POSTGRESQL_BACK = (
    "DROP FUNCTION audit_months_follow() CASCADE",
    "DROP FUNCTION audit_whole_months() CASCADE",
    "DROP TRIGGER audit_segment_stays ON audit_segments",
    "DROP TRIGGER audit_segment_no_delete ON audit_segments",
    "DROP TRIGGER audit_segment_no_truncate ON audit_segments",
    "DROP TRIGGER audit_no_change ON audit",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
)


def statements(dialect: Dialect) -> tuple[str, ...]:
    """To run once, when `audit_segments` and the triggers of `contacts.append_only` are there."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL


def removals(dialect: Dialect) -> tuple[str, ...]:
    """Back to the triggers of `contacts.append_only`; `audit_segments` is still there."""
    return _SQLITE_BACK if dialect == "sqlite" else _POSTGRESQL_BACK
