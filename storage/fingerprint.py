"""What a database's schema is, line by line, so that it can be compared with the one this version makes.

A line for each column, foreign key, unique constraint and trigger of our tables, and for each function of a trigger. A
schema that was changed by hand may let through what it should refuse, and nobody would notice.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from storage.engine import Dialect

_SQLITE_TRIGGERS = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
#: `tgenabled`: O is the ordinary state; D is off, R and A belong to replication.
_TRIGGERS = text("""
    SELECT pg_class.relname, pg_get_triggerdef(pg_trigger.oid) AS made, tgenabled::text AS enabled, proname, prosrc,
           array_to_string(proconfig, ',') AS settings, lanname
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
      JOIN pg_language ON pg_language.oid = prolang
     WHERE NOT tgisinternal AND pg_class.relnamespace = current_schema()::regnamespace
""")
_RULES = text("SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema()")
_REPLICATING = text("SELECT current_setting('session_replication_role')")
_EVENTS = re.compile(r"\b(before|after) ([a-z ]+?)( of [a-z_, ]+)? on ")
_WHOLE_FUNCTION = re.compile(
    r"CREATE FUNCTION (\w+)\(\) RETURNS trigger LANGUAGE plpgsql\s*(?:SET search_path = ([\w, ]+?)\s+)?AS \$\$(.*)\$\$",
    re.DOTALL,
)


def expected(metadata: MetaData, statements: Iterable[str], dialect: Dialect) -> frozenset[str]:
    """The lines of the schema of this version. `statements`: every one that makes or drops a trigger, in order."""
    lines = {line for table in metadata.tables.values() for line in _declared(table)}
    made: dict[str, str] = {}
    for statement in statements:
        verb, kind, name = statement.split()[:3]
        if verb == "DROP":
            made.pop(f"{kind} {name}".lower())
        elif kind == "FUNCTION":
            made[f"function {name}"] = _function_made(statement)
        else:
            spelled = _squeezed(statement) if dialect == "sqlite" else f"{_trigger_spelled(statement)} O"
            made[f"trigger {name}"] = f"trigger {name}: {spelled}"
    return frozenset(lines | set(made.values()))


async def found(conn: AsyncConnection, metadata: MetaData) -> frozenset[str]:
    """The lines of the schema that is there, as far as it concerns our tables."""
    return await conn.run_sync(lambda sync: frozenset(_found(sync, set(metadata.tables))))


def differences(ours: frozenset[str], theirs: frozenset[str]) -> list[str]:
    """What is missing, changed or not ours: `trigger gate_consents_update`, `column consents.until`. Sorted."""
    return sorted({line.partition(":")[0] for line in ours ^ theirs})


def fingerprint(lines: frozenset[str]) -> str:
    """64 hexadecimal characters that name a schema."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _declared(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield _column(table.name, column.name, column.type, nullable=bool(column.nullable))
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            there = [element.column for element in constraint.elements]
            yield _reference(table.name, constraint.column_keys, there[0].table.name, [column.name for column in there])
        elif isinstance(constraint, UniqueConstraint):
            yield _unique(table.name, [column.name for column in constraint.columns])


def _found(sync: Connection, tables: set[str]) -> Iterator[str]:
    inspector = inspect(sync)
    for (_, table), columns in inspector.get_multi_columns().items():
        if table in tables:
            yield from (
                _column(table, column["name"], column["type"], nullable=column["nullable"]) for column in columns
            )
    for (_, table), references in inspector.get_multi_foreign_keys().items():
        if table in tables:
            yield from (
                _reference(table, one["constrained_columns"], one["referred_table"], one["referred_columns"])
                for one in references
            )
    for (_, table), constraints in inspector.get_multi_unique_constraints().items():
        if table in tables:
            yield from (_unique(table, one["column_names"]) for one in constraints)
    yield from _on_sqlite(sync, tables) if sync.dialect.name == "sqlite" else _on_postgresql(sync, tables)


def _on_sqlite(sync: Connection, tables: set[str]) -> Iterator[str]:
    for row in sync.execute(_SQLITE_TRIGGERS):
        if row.tbl_name in tables:
            yield f"trigger {row.name}: {_squeezed(row.sql)}"


def _on_postgresql(sync: Connection, tables: set[str]) -> Iterator[str]:
    for row in sync.execute(_TRIGGERS):
        if row.relname in tables:
            name = row.made.split()[2]
            yield f"trigger {name}: {_trigger_spelled(row.made)} {row.enabled}"
            yield _function(row.proname, row.prosrc, row.settings, row.lanname)
    for row in sync.execute(_RULES):
        if row.tablename in tables:
            yield f"rule {row.rulename}: {row.tablename}"
    if sync.execute(_REPLICATING).scalar_one() != "origin":
        yield "setting session_replication_role: triggers do not run"


def _column(table: str, name: str, kind: TypeEngine[object], *, nullable: bool) -> str:
    return f"column {table}.{name}: {_kind(kind)}{'' if nullable else ' required'}"


def _kind(kind: TypeEngine[object]) -> str:
    match kind:
        case String():
            return f"text {kind.length}"
        case BigInteger():
            return "big integer"
        case Integer():
            return "integer"
        case LargeBinary():
            return "bytes"
        case _:
            return type(kind).__name__


def _reference(table: str, here: Iterable[str], other: str, there: Iterable[str]) -> str:
    return f"reference {table}({', '.join(here)}): {other}({', '.join(there)})"


def _unique(table: str, columns: Iterable[str | None]) -> str:
    return f"unique {table}({', '.join(str(column) for column in columns)}): unique"


def _function_made(statement: str) -> str:
    parts = _WHOLE_FUNCTION.fullmatch(statement.strip())
    if parts is None:
        raise ValueError(
            "a function of a trigger is written: CREATE FUNCTION name() RETURNS trigger LANGUAGE plpgsql AS $$"
        )
    name, path, body = parts.groups()
    return _function(name, body, None if path is None else f"search_path={path}", "plpgsql")


def _function(name: str, body: str, settings: str | None, language: str) -> str:
    return f"function {name}: {_squeezed(body)} {settings or ''} {language}"


def _squeezed(sql: str) -> str:
    """Without what means nothing: spaces and line ends, as SQLite keeps a statement the way it was typed."""
    return " ".join(sql.split())


def _trigger_spelled(sql: str) -> str:
    """PostgreSQL spells a trigger out with schema, parentheses and its own order of events."""
    plain = _squeezed(sql).lower().replace("public.", "")
    plain = _EVENTS.sub(lambda m: f"{m[1]} {' '.join(sorted(m[2].split(' or ')))}{m[3] or ''} on ", plain)
    return re.sub(r"::(?:text|bigint|integer|character varying)|[()\s]", "", plain)
