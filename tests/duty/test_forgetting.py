"""What is known of hours long past goes, and the hours themselves stay."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from duty.forgetting import HISTORY_KEPT, PREVIEWS_KEPT, forget_hours
from duty.tables import holiday_confirmations, hours_exceptions, hours_history, hours_previews
from storage.clock import ManualClock, epoch_seconds
from storage.engine import Store

pytestmark = pytest.mark.anyio


async def test_previews_history_and_what_was_taken_back_go_in_their_time(store: Store, clock: ManualClock) -> None:
    now = epoch_seconds(clock.now())
    async with store.write() as conn:
        for name, kept in (("old", PREVIEWS_KEPT + timedelta(days=1)), ("young", PREVIEWS_KEPT - timedelta(days=1))):
            seen = now - int(kept.total_seconds())
            values = {"service": "chat", "starts_at": 1, "ends_at": 2, "staff_id": "s", "seen_at": seen}
            await conn.execute(insert(hours_previews).values(digest=name.encode(), **values))
        for name, kept in (("old", HISTORY_KEPT + timedelta(days=1)), ("young", HISTORY_KEPT - timedelta(days=1))):
            at = clock.now() - kept
            seconds = epoch_seconds(at)
            await conn.execute(
                insert(hours_history).values(id=name, service="chat", at=seconds, action="published", details="{}")
            )
            await conn.execute(
                insert(holiday_confirmations).values(
                    service="chat", day=f"{at:%Y-%m-%d}", hours="", staff_id="s", at=seconds
                )
            )
            await conn.execute(
                insert(hours_exceptions).values(
                    id=name,
                    service="chat",
                    kind="closed",
                    first_day="2020-01-01",
                    last_day="2020-01-01",
                    times="",
                    languages="",
                    made_at=1,
                    removed_at=seconds,
                )
            )
        assert await forget_hours(conn, now) == 4
        assert await forget_hours(conn, now) == 0
        assert (await conn.execute(select(hours_history.c.id))).scalars().all() == ["young"]
        assert (await conn.execute(select(hours_exceptions.c.id))).scalars().all() == ["young"]
