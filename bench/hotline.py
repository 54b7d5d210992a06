"""Measures webhooks of the hotline beside a bare handler that only proves the signature: `python -m bench.hotline --help`.

50 calls at once, each reporting as the telephone company does: arrives, chooses a language, waits, ends. Three people are on
call and are rung through a REST interface that answers at once; nobody picks up.
"""

import argparse
import asyncio
import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

import msgspec
import uvloop

from bench.figures import BASE as RAW
from bench.figures import Round, figures, table
from bench.hotline_calls import ACCOUNT, BASE, TOKEN, Caller, Company
from bench.processes import ServerProcess, cores, on_core
from bench.seeding import deployment
from config.assembly import opened
from config.settings import Settings, read_settings
from contacts.words import Words
from duty.roster_checks import Draft
from duty.shifts import Channel, Plan
from storage.ids import StaffId

PACE_SECONDS = 1.0
_NUMBERS = ("+46846500421", "+46846500422", "+46846500423")
_ZONE = ZoneInfo("Europe/Helsinki")


class Measure(msgspec.Struct, frozen=True):
    """How much of what. Seconds are of one phase of one contender in one round."""

    rounds: int = 5
    calls: int = 50
    seconds: float = 5.0
    warm_up: float = 1.0


def prepared(folder: Path) -> Path:
    """A deployment with three people on call, to be copied for each run."""
    settings = _settings(folder / "original", api="")
    members = deployment(settings, operators=len(_NUMBERS))
    asyncio.run(_on_call(settings, [member.staff for member in members]))
    return folder / "original"


async def _on_call(settings: Settings, staff: Sequence[StaffId]) -> None:
    async with opened(settings) as house:
        now = house.resources.clock.now().astimezone(_ZONE).replace(tzinfo=None, second=0, microsecond=0)
        async with house.resources.store.write() as conn:
            for one, number in zip(staff, _NUMBERS, strict=True):
                plan = Plan(
                    staff_id=one,
                    channel=Channel.phone,
                    languages=frozenset({"en"}),
                    starts=now - timedelta(hours=1),
                    ends=now + timedelta(hours=10),
                    tier=1,
                )
                await house.rosters.roster.add(conn, Draft(plan=plan, zone=_ZONE), by=one)
                await house.office.numbers.keep(conn, one, Words(number))


def _settings(folder: Path, *, api: str) -> Settings:
    return read_settings(
        mode="development",
        public_url=BASE,
        second_factor=False,
        data_dir=folder,
        telephony_account=ACCOUNT,
        telephony_token=TOKEN,
        telephony_api=api,
    )


@contextmanager
def raw(core: int) -> Iterator[ServerProcess]:
    """The bare handler."""
    with on_core(core):
        server = ServerProcess("bench.bare_signature", environment={"BENCH_TOKEN": TOKEN, "BENCH_BASE": BASE})
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def quietline(core: int, original: Path, api: str) -> Iterator[ServerProcess]:
    """The whole service, on a copy of the prepared data."""
    with tempfile.TemporaryDirectory(prefix="quietline-bench-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(original, data)
        environment = {
            "MODE": "development",
            "PUBLIC_URL": BASE,
            "SECOND_FACTOR": "false",
            "DATA_DIR": str(data),
            "TELEPHONY_ACCOUNT": ACCOUNT,
            "TELEPHONY_TOKEN": TOKEN,
            "TELEPHONY_API": api,
        }
        with on_core(core):
            server = ServerProcess("bench.quietline_server", environment=environment)
        try:
            yield server
        finally:
            server.stop()
        spooled = list((data / "spool").glob("*"))
        if spooled:
            print(f"{len(spooled)} reports took longer than the database's patience", file=sys.stderr)


async def phase(server: ServerProcess, plan: Measure, *, follows: bool, pace: float) -> Mapping[str, float]:
    """So many callers for so long. Raises `Refused` when a report is not answered with 200."""
    took: list[float] = []
    callers = [Caller(server.port, follows=follows, told=took.append) for _ in range(plan.calls)]
    while True:
        server.check()
        try:
            await callers[0].connect()
            await callers[0].calls(time.perf_counter() + 0.01, 0)
            break
        except (ConnectionError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.05)
    for caller in callers[1:]:
        await caller.connect()
    gc.collect()
    await asyncio.gather(*(caller.calls(time.perf_counter() + plan.warm_up, pace) for caller in callers))
    took.clear()
    before, cpu = time.perf_counter(), server.cpu_seconds()
    await asyncio.gather(*(caller.calls(before + plan.seconds, pace) for caller in callers))
    passed, used = time.perf_counter() - before, server.cpu_seconds() - cpu
    for caller in callers:
        caller.close()
    per_cent = quantiles(took, n=100)
    name = "paced" if pace else "saturated"
    found = {
        f"ms to the answer, p50, {name}": per_cent[49] * 1000,
        f"ms to the answer, p99, {name}": per_cent[98] * 1000,
        f"ms to the answer, longest, {name}": max(took) * 1000,
        f"server share of its core, {name}": used / passed,
    }
    if not pace:
        found["webhooks per second, saturated"] = len(took) / passed
        found["CPU us per webhook, saturated"] = used / len(took) * 1e6
    return found


async def both(server: ServerProcess, plan: Measure, *, follows: bool) -> Round:
    """Without a pause, then each call reporting once a second."""
    saturated = await phase(server, plan, follows=follows, pace=0.0)
    await asyncio.sleep(0.5)
    return {**saturated, **await phase(server, plan, follows=follows, pace=PACE_SECONDS)}


def measured(original: Path, plan: Measure) -> dict[str, list[Round]]:
    """Every round has both, in turning order."""
    server_core, client_core = cores()
    rounds: dict[str, list[Round]] = {RAW: [], "Quietline": []}

    async def company_and(name: str) -> Round:
        company = Company()
        api = f"http://127.0.0.1:{await company.start()}"
        try:
            with raw(server_core) if name == RAW else quietline(server_core, original, api) as server:
                return await both(server, plan, follows=name != RAW)
        finally:
            company.stop()

    for number in range(plan.rounds):
        for name in rounds if number % 2 == 0 else reversed(rounds):
            with on_core(client_core):
                rounds[name].append(uvloop.run(company_and(name)))
            print(f"round {number + 1}: {name} done", file=sys.stderr, flush=True)
    return rounds


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    usual = Measure()
    parser = argparse.ArgumentParser(prog="python -m bench.hotline", description=__doc__)
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--calls", type=int, default=usual.calls, help="at once")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of one measurement")
    parser.add_argument("--json", action="store_true", help="print figures and rounds as JSON")
    chosen = parser.parse_args(arguments)
    plan = Measure(rounds=chosen.rounds, calls=chosen.calls, seconds=chosen.seconds)
    with tempfile.TemporaryDirectory(prefix="quietline-bench-") as folder:
        os.environ.pop("DATA_DIR", None)
        rounds = measured(prepared(Path(folder)), plan)
    found = figures(rounds)
    if chosen.json:
        print(msgspec.json.encode({"figures": found, "rounds": rounds, "plan": plan}).decode())
    else:
        print(table(found))


if __name__ == "__main__":
    main()
