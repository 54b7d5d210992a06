"""A helpline that is open on Tuesday from 13 to 15, last start 14:30, and people who stay at their desks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from contacts.session import Session
from duty.hours import OpeningHours
from duty.schedule import CHAT
from tests.house import Worker

HELSINKI = ZoneInfo("Europe/Helsinki")


class Desks:
    """Who sits at a desk. `at` moves the clock; everybody here stays present, as open sockets would see to it."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.seats: dict[str, tuple[Session, str]] = {}

    async def sits_down(self, name: str, *, languages: tuple[str, ...] = ("fi",)) -> Session:
        """Somebody arrives, available."""
        session = await self.worker.signed_in(name, languages=languages)
        seated = await self.worker.house.attendance.arrived(session)
        self.seats[name] = (session, seated.seat)
        return session

    async def leaves(self, name: str) -> None:
        """The desk is closed, or its line broke and was noticed."""
        session, seat = self.seats.pop(name)
        await self.worker.house.attendance.left(session, seat)

    async def comes_back(self, name: str) -> None:
        """The desk's socket is there again."""
        session = await self.sits_down(name)
        await self.worker.house.desk_door.returned(session)

    async def opens_on_tuesday(self) -> None:
        """13 to 15, last start half an hour before."""
        hours = OpeningHours("Tu 13:00-15:00", HELSINKI, "FI")
        house = self.worker.house
        async with house.resources.store.write() as conn:
            await house.schedule.publish(conn, CHAT, hours, valid_from=self.worker.clock.now() - timedelta(hours=23))
        house.duty.forget()

    async def at(self, clock_time: str) -> None:
        """The wall in Helsinki shows this, and every job has run."""
        hour, minute, second = (int(part) for part in f"{clock_time}:00".split(":")[:3])
        wanted = datetime(2026, 11, 24, hour, minute, second, tzinfo=HELSINKI).astimezone(UTC)
        await self.after((wanted - self.worker.clock.now()).total_seconds())

    async def after(self, seconds: float) -> None:
        """Time passes; heartbeats and jobs come at its end."""
        house = self.worker.house
        self.worker.clock.advance(seconds)
        async with house.resources.store.write() as conn:
            await house.presence.heartbeat(conn, [seat for _, seat in self.seats.values()])
        house.duty.forget()
        await house.visitor_door.presence.touch()
        await house.sweeps.jobs[0].run()
        await house.sweeps.jobs[1].run()
        await house.places.refresh()
        await house.outlook.refresh()
