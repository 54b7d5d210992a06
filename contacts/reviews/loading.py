"""Facts that come from another system, or from the demo: straight into the half-years of their days, all or nothing."""

import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.envelopes import sealed_to
from contacts.framing import Deployment
from contacts.reviews.known import Knowledge
from contacts.reviews.ledger import Ledger
from contacts.reviews.records_file import Loaded
from contacts.reviews.tallies import Tallies
from contacts.statistics.fact import Fact, Unit, encoded
from contacts.statistics.keys import StatisticsKeys
from contacts.statistics.pending import place_of
from contacts.statistics.periods import Period
from contacts.statistics.tables import facts
from storage.ids import new_id

_AT_ONCE = 1_000
_PEOPLE = frozenset({Unit.DECISION, Unit.ENDED})


class Fixed(StrEnum):
    """Why nothing may come into a half-year any more."""

    RELEASED = "released"
    STOCK_RELEASED = "stock_released"
    """A later stock was released, and an admission or an end before it would change it."""


class AlreadyReleased(Exception):
    """Nothing was loaded: this half-year was released."""

    def __init__(self, period: str, why: Fixed) -> None:
        super().__init__(why.value)
        self.period = period
        self.why = why


class Loading:
    """Writes facts into half-years that were not released yet. Needs nobody's key: whoever writes cannot read."""

    def __init__(self, *, deployment: Deployment, keys: StatisticsKeys, tallies: Tallies, ledger: Ledger) -> None:
        self._deployment = deployment
        self._keys = keys
        self._tallies = tallies
        self._ledger = ledger
        self._chance = secrets.SystemRandom()

    async def load(self, conn: AsyncConnection, records: Sequence[Loaded]) -> int:
        """In the caller's transaction; how many facts. Raises `AlreadyReleased`, `NoStatisticsKey`, `Forged`."""
        await self._ledger.lock(conn)
        known = Knowledge()
        for release in await self._ledger.rows(conn):
            known = known.plus(release.details.knowledge)
        for one in records:
            _refuse_released(_period(one), one.fact.unit, known.periods)
        for period in sorted({_period(one) for one in records}):
            await self._tallies.forget(conn, period)
        return await self.bring(conn, ((_period(one), one.fact) for one in records for _ in range(one.count)))

    async def bring(self, conn: AsyncConnection, given: Iterable[tuple[Period, Fact]]) -> int:
        """Seal and insert them, shuffled."""
        key = await self._keys.current(conn)
        place = place_of(self._deployment, key.number)
        rows = [
            {
                "id": new_id(),
                "period": period,
                "number": key.number,
                "sealed": sealed_to(key.public, encoded(fact), *place),
            }
            for period, fact in given
        ]
        self._chance.shuffle(rows)
        for start in range(0, len(rows), _AT_ONCE):
            await conn.execute(insert(facts), rows[start : start + _AT_ONCE])
        return len(rows)


def _period(one: Loaded) -> Period:
    return Period(f"{one.on.year}H{1 if one.on.month <= 6 else 2}")


def _refuse_released(period: str, unit: Unit, released: set[str]) -> None:
    halves = {each for each in released if "H" in each}
    if period in halves:
        raise AlreadyReleased(period, Fixed.RELEASED)
    if unit in _PEOPLE and any(each > period for each in halves):
        raise AlreadyReleased(period, Fixed.STOCK_RELEASED)
