"""One conversation across two web processes on PostgreSQL and Redis, started as the Procfile says."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from tests.served import ROOT, STARTS_WITHIN, sign_in_of
from tests.servers import ValkeyServer
from tests.servers.process import free_port
from tests.talkers import Operator, Talker, Visitor

pytestmark = pytest.mark.anyio


async def test_one_conversation_across_two_web_processes(
    tmp_path: Path, postgres_url: str, valkey_server: ValkeyServer
) -> None:
    async with _procfile(tmp_path, postgres_url, valkey_server.url) as (url, sign_in):
        operator = await Operator.signed_in(url, *sign_in)
        await operator.come()
        await operator.frame("welcome")
        visitor = await Visitor.started(url)
        await visitor.come()
        await visitor.frame("welcome")
        await _until_elsewhere(visitor, _process_of(operator, url))
        assert _process_of(visitor, url) != _process_of(operator, url)

        contact = (await operator.frame("offer"))["contact"]
        await operator.take(contact)
        await visitor.frame("status", state="active")
        await visitor.say("Is anybody there?")
        await operator.frame("entry", text="Is anybody there?")
        await operator.say(contact, "Yes. I am here.")
        await visitor.frame("entry", text="Yes. I am here.")

        valkey_server.stop()  # the bus goes away: words still arrive, a little later
        await visitor.say("Still there?")
        await operator.frame("entry", text="Still there?")
        valkey_server.start()
        await operator.send({"t": "end", "contact": contact})
        await visitor.frame("entry", code="ended_by_worker")
        await operator.close()
        await visitor.close()


async def _until_elsewhere(visitor: Visitor, taken: int) -> None:
    """Come back until another process than `taken` answers; the kernel chooses."""
    url = visitor.url
    for _ in range(60):
        if _process_of(visitor, url) != taken:
            return
        await visitor.close()
        visitor.frames.clear()
        await visitor.come()
        await visitor.frame("welcome")
    raise AssertionError("every connection went to the same process")


def _process_of(talker: Talker, url: str) -> int:
    """The pid at the other end of a socket, as /proc tells it."""
    port, server_port = talker.local_port, int(url.rsplit(":", 1)[1])
    inode = None
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            fields = row.split()
            ends = [int(end.rsplit(":", 1)[1], 16) for end in fields[1:3]]
            if ends == [server_port, port]:
                inode = fields[9]
    assert inode is not None
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(descriptor.readlink()) == f"socket:[{inode}]":
                return int(descriptor.parts[2])
    raise AssertionError("nobody holds this socket")


@asynccontextmanager
async def _procfile(folder: Path, database: str, redis: str) -> AsyncIterator[tuple[str, tuple[str, str]]]:
    """`release`, then `honcho start web worker` with two web processes; the address and one operator's sign-in."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"HOME", "LANG"}},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "WEB_WORKERS": "2",
        "MODE": "demo",
        "SECOND_FACTOR": "false",
    }
    procfile = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
    output = folder / "output"
    for command in (procfile["release"], "python -m config.cli demo --seed"):
        await _run(command, environment, output)
    with output.open("ab") as out:
        honcho = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "honcho", "start", "web", "worker",
            cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    url = f"http://localhost:{port}"
    try:
        async with httpx2.AsyncClient() as http, asyncio.timeout(STARTS_WITHIN):
            while True:
                assert honcho.returncode is None, output.read_text()[-3000:]
                with suppress(httpx2.TransportError):
                    if (await http.get(f"{url}/status.json")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
        yield url, sign_in_of(folder / "data", "aino")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(honcho.pid, signal.SIGTERM)
        await honcho.wait()


async def _run(command: str, environment: dict[str, str], output: Path) -> None:
    with output.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *command.split(), cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        assert await process.wait() == 0, command
