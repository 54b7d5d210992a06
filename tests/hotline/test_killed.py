"""A real process, killed with `kill -9` while a caller waits and a telephone rings: the call goes on in the next one."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench.seeding import deployment
from config.assembly import opened
from config.settings import Settings, read_settings
from contacts.tables_calls import calls
from contacts.words import Words
from duty.roster_checks import Draft
from duty.shifts import Channel, Plan
from hotline.simulator.network import Network, Post
from hotline.simulator.phones import Phone, answering
from hotline.simulator.post import posting
from hotline.simulator.rest import Rest
from hotline.simulator.timing import RealTime
from storage.engine import Store
from tests.hotline.exchange import ACCOUNT, CALLER, NUMBERS, TOKEN
from tests.promises.canaries import betrayed, files_below
from tests.served import Served
from tests.servers.process import free_port

AINO = NUMBERS["aino"]
ZONE = ZoneInfo("Europe/Helsinki")


async def on_call(settings: Settings, staff: str) -> None:
    """This one person, from an hour ago."""
    async with opened(settings) as house:
        now = house.resources.clock.now().astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0)
        plan = Plan(
            staff_id=staff,  # type: ignore[arg-type]
            channel=Channel.phone,
            languages=frozenset({"en"}),
            starts=now - timedelta(hours=1),
            ends=now + timedelta(hours=7),
        )
        async with house.resources.store.write() as conn:
            await house.rosters.roster.add(conn, Draft(plan=plan, zone=ZONE), by=plan.staff_id)
            await house.office.numbers.keep(conn, plan.staff_id, Words(AINO))


@asynccontextmanager
async def company(rest: Callable[[], Rest]) -> AsyncIterator[int]:
    """The network's REST interface on a port of this machine."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        lengths = [line.split(":")[1] for line in head.lower().splitlines() if line.startswith("content-length:")]
        body = await reader.readexactly(int(lengths[0])) if lengths else b""
        status, text = rest().answer(method, path, dict(parse_qsl(body.decode())))
        content = text.encode()
        writer.write(
            b"HTTP/1.1 %d Told\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
            % (status, len(content), content)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


def patient(send: Post) -> Post:
    """A proxy in front: what finds nobody is held for some seconds and tried again."""

    async def sent(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        for _ in range(600):
            status, text = await send(url, headers, body)
            if status:
                return status, text
            await asyncio.sleep(0.05)
        return 0, ""

    return sent


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not done():  # noqa: ASYNC110 - a transcript, which tells nobody
            await asyncio.sleep(0.02)


async def test_a_server_killed_while_a_telephone_rings_connects_the_caller_when_it_is_back(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    made: list[Rest] = []
    base = f"http://localhost:{port}"
    async with company(lambda: made[0]) as api:
        environment = {
            "MODE": "development",
            "PUBLIC_URL": base,
            "SECOND_FACTOR": "false",
            "TELEPHONY_ACCOUNT": ACCOUNT,
            "TELEPHONY_TOKEN": TOKEN,
            "TELEPHONY_API": f"http://127.0.0.1:{api}",
        }
        settings = read_settings(**{name.lower(): value for name, value in environment.items()}, data_dir=data)
        [member] = await asyncio.to_thread(deployment, settings, operators=1)
        await on_call(settings, member.staff)
        served, timing = Served(data=data, port=port, command=("web",), env=environment), RealTime()
        network = Network(
            timing=timing,
            post=patient(posting(base)),
            account=ACCOUNT,
            token=TOKEN,
            number=settings.telephone.e164,
            voice_url=f"{base}/hotline/voice#rc=2&rp=all",
            status_url=f"{base}/hotline/status#rc=2&rp=all",
            letters_per_second=400.0,
        )
        made.append(Rest(network))
        network.owns(answering("aino", AINO, after=0.6))
        told = network.transcript.of
        try:
            await served.start()
            leg = network.calls(Phone(name="caller", number=CALLER, presses="3", after=0.1, hangs_up_after=0.5))
            await until(lambda: bool(told("dialled", "aino")))
            await served.stop(signal.SIGKILL)
            await until(lambda: bool(told("answered", "aino")))
            assert not told("bridged")
            await served.start()
            await until(lambda: leg.over and all(one.over for one in network.legs.values()))
            await asyncio.sleep(0.3)  # and what a crowded machine put on the spool is taken over
            await until(lambda: not list((data / "spool").glob("*.report")))
            await asyncio.sleep(0.3)
        finally:
            await served.stop()
            await timing.close()
    assert [one.text for one in told("bridged", "caller")] == ["aino"]
    assert len(told("dialled", "aino")) == 1
    store = Store(url=settings.store_url)
    async with store.read() as conn:
        [row] = await conn.execute(select(calls.c.outcome, calls.c.ended_at))
    await store.close()
    assert row.outcome == "talked"
    found = [path.name for path, content in files_below(tmp_path) if betrayed(content, [CALLER, "313900601", AINO])]
    assert found == []  # nor in what the process printed and logged
