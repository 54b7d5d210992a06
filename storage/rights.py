"""Rights of a PostgreSQL role that runs the service but owns nothing of it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import text

from storage.engine import Store

_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")


class NoSuchRole(Exception):
    """The role has to be made first (deploy/postgresql.md)."""


async def grant(store: Store, role: str, tables: Iterable[str], fewer: Mapping[str, tuple[str, ...]]) -> None:
    """Give the role what it needs and nothing else; `store` is connected as the owner. `fewer`: privileges by table.

    Never: TRUNCATE, TRIGGER, REFERENCES, CREATE, temporary tables. Raises `NoSuchRole`.
    """
    async with store.write() as conn:
        known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
        if (await conn.execute(known, {"role": role})).one_or_none() is None:
            raise NoSuchRole
        quote = conn.dialect.identifier_preparer.quote_identifier
        here = (await conn.execute(text("SELECT current_database(), current_schema()"))).one()
        database, schema, name = (quote(word) for word in (*here, role))
        await conn.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        await conn.exec_driver_sql(f"REVOKE ALL ON SCHEMA {schema} FROM {name}")
        await conn.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
        await conn.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}")
        await conn.exec_driver_sql(f"GRANT CONNECT ON DATABASE {database} TO {name}")
        await conn.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        await conn.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}")
        for table in sorted(tables):
            for privilege in fewer.get(table, _ALL):
                await conn.exec_driver_sql(f"GRANT {privilege} ON {quote(table)} TO {name}")
