"""What it costs to offer visitors to operators: `python -m bench.assignment`.

Plan: `chat.waiting_line.offers` alone, lines of 10, 100, 1,000 and 10,000 before 100 operators with room for ten each,
every length in turn in each of several rounds, so that growth is a ratio within one round. Half write a language that
few speak, one in fifty is flagged.
Round: 1,000 waiting visitors and the same 100 operators through the assigner, from reading the line to the last offer
on disk (SQLite, synchronous=FULL), in ms for each assignment.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chat import conversation
from chat.assigner import Assigner
from chat.live import Live
from chat.waiting_line import OnDuty, Waiting, offers
from config.schema import metadata
from contacts.begin import begin
from contacts.committer import Committer
from contacts.log import Log
from duty.opening import Duty
from duty.presence import Presence
from duty.schedule import Schedule
from storage.bus import MemoryBus
from storage.clock import SystemClock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id

LENGTHS = (10, 100, 1_000, 10_000)
ROUNDS = 15
OPERATORS = 100
ROOM = 10
_NOW = 1_800_000_000


def line(length: int) -> list[Waiting]:
    """Visitors one second apart."""
    return [
        Waiting(
            contact=ContactId(f"{number:032x}"),
            language=("fi", "so", "en", "sv")[number % 4],
            since=_NOW - length + number,
            danger=number % 50 == 49,
        )
        for number in range(length)
    ]


def crew() -> list[OnDuty]:
    """Everybody writes Finnish; a third English, a tenth Swedish, nobody Somali."""
    return [
        OnDuty(
            StaffId(f"{number:032x}"),
            frozenset({"fi"} | ({"en"} if number % 3 == 0 else set()) | ({"sv"} if number % 10 == 0 else set())),
            load=0,
            capacity=ROOM,
            minutes=number % 50,
        )
        for number in range(OPERATORS)
    ]


def plan_times() -> dict[int, list[float]]:
    """Milliseconds of one plan, by length, a round in every row."""
    lines, on_duty = {length: line(length) for length in LENGTHS}, crew()
    times: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for _ in range(ROUNDS):
        for length in LENGTHS:
            begun = time.perf_counter()
            offers(lines[length], on_duty, _NOW)
            times[length].append((time.perf_counter() - begun) * 1000)
    return times


async def round_time(waiting: int) -> tuple[int, float]:
    """Offers made in one round of the assigner, and its milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(url=f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite'}")
        assert metadata.tables, "the schema is known"
        await store.create_all()
        clock, log, bus = SystemClock(), Log(store=store), MemoryBus()
        presence = Presence(clock=clock)
        now = epoch_seconds(datetime.now(UTC))
        async with store.write() as conn:
            for operator in crew():
                await presence.arrived(conn, operator.staff, capacity=ROOM, languages=operator.languages)
            for visitor in line(waiting):
                contact = conversation.begun(
                    contact=ContactId(new_id()),
                    language=visitor.language,
                    tag="K7",
                    now=now - (_NOW - visitor.since),
                )
                await begin(conn, contact)
        live = Live(bus=bus, log=log, clock=clock)
        committer = Committer(store=store, clock=clock, effects={}, listener=live)
        running = asyncio.create_task(committer.run())
        duty = Duty(store=store, schedule=Schedule(), presence=presence, clock=clock)
        assigner = Assigner(
            store=store,
            clock=clock,
            log=log,
            committer=committer,
            presence=presence,
            duty=duty,
            live=live,
            bus=bus,
            presence_topic="presence",
        )
        begun = time.perf_counter()
        made = await assigner.assign()
        took = (time.perf_counter() - begun) * 1000
        committer.close()
        await running
        await store.close()
    return len(made), took


def told(times: dict[int, list[float]]) -> Sequence[str]:
    """The table."""
    rows = [f"{'line':>7} {'ms per plan':>12} {'us per visitor':>15} {'growth per visitor':>19}"]
    before: list[float] | None = None
    for length, each in times.items():
        growth = ""
        if before is not None:
            growth = f"x{statistics.median(a / b for a, b in zip(each, before, strict=True)) / 10:.2f}"
        median = statistics.median(each)
        rows.append(f"{length:>7} {median:>12.3f} {median / length * 1000:>15.2f} {growth:>19}")
        before = each
    return rows


def main() -> None:
    """Measure and tell."""
    sys.stdout.write("\n".join(told(plan_times())) + "\n")
    rounds = [asyncio.run(round_time(1_000)) for _ in range(3)]
    made, took = min(rounds, key=lambda one: one[1])
    sys.stdout.write(f"round: 1,000 waiting, {OPERATORS} operators: {made} offers in {took:.0f} ms, ")
    sys.stdout.write(f"{took / max(made, 1):.2f} ms for each\n")


if __name__ == "__main__":
    main()
