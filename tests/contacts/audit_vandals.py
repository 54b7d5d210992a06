"""What only the owner of the database can do to the audit log."""

from sqlalchemy import text

from contacts import append_only, segments_only
from storage.engine import Store


async def without_triggers(store: Store) -> None:
    """Take every guard away."""
    async with store.write() as conn:
        for statement in (*segments_only.removals(store.dialect), *append_only.removals(store.dialect)):
            await conn.execute(text(statement))
