"""When what is known of hours long past goes: previews after a month, history and taken-back exceptions after two years.

The hours themselves stay: they are public, few, and statistics ask when we were open.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.tables import holiday_confirmations, hours_exceptions, hours_history, hours_previews

PREVIEWS_KEPT: Final = timedelta(days=31)
HISTORY_KEPT: Final = timedelta(days=730)


async def forget_hours(conn: AsyncConnection, now: int) -> int:
    """Delete what has had its time at `now` (seconds since 1970); how many rows."""
    at = datetime.fromtimestamp(now, UTC)
    previewed, past = int((at - PREVIEWS_KEPT).timestamp()), int((at - HISTORY_KEPT).timestamp())
    day = f"{at - HISTORY_KEPT:%Y-%m-%d}"
    gone = 0
    for statement in (
        delete(hours_previews).where(hours_previews.c.seen_at < previewed),
        delete(hours_history).where(hours_history.c.at < past),
        delete(holiday_confirmations).where(holiday_confirmations.c.day < day),
        delete(hours_exceptions).where(hours_exceptions.c.removed_at < past),
    ):
        gone += (await conn.execute(statement)).rowcount
    return gone
