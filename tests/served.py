"""The whole service as its people meet it: a process started like `make run` starts it, killed like machines die."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2

from tests.servers.process import free_port

#: A cold start makes five accounts at 64 MiB and 3 passes of argon2id each, on two cores that others use too.
STARTS_WITHIN = 90.0
ROOT = Path(__file__).parent.parent


class Served:
    """One running service. `data` survives restarts; `output` is everything it printed and logged."""

    def __init__(self, *, data: Path, port: int, command: tuple[str, ...] = ("demo",), env: Mapping[str, str]) -> None:
        self.data = data
        self.port = port
        self.output = data.parent / f"{data.name}.output"
        self._command = command
        self._env = dict(env)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    async def start(self) -> None:
        """Start and wait until /status.json answers."""
        environment = {
            **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            **self._env,
        }
        with self.output.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "config.cli",
                *self._command,
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        async with httpx2.AsyncClient() as http, asyncio.timeout(STARTS_WITHIN):
            while True:
                if self._process.returncode is not None:
                    raise RuntimeError(f"the service ended: {self.output.read_text()[-2000:]}")
                with suppress(httpx2.TransportError):
                    if (await http.get(f"{self.url}/status.json")).status_code == 200:
                        return
                await asyncio.sleep(0.05)

    async def stop(self, number: int = signal.SIGTERM) -> None:
        """Stop the whole process group; SIGKILL is what a power cut looks like."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        os.killpg(process.pid, number)
        try:
            async with asyncio.timeout(20):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def kill(self) -> None:
        """`kill -9`."""
        await self.stop(signal.SIGKILL)

    def sign_in(self, login: str = "aino") -> tuple[str, str]:
        """Login and passphrase of one of the demo's staff; Aino is an operator."""
        return sign_in_of(self.data, login)


def sign_in_of(data: Path, login: str) -> tuple[str, str]:
    """Login and passphrase from the file the demo keeps."""
    text = (data / "demo" / "sign-ins.txt").read_text()
    match = re.search(rf"^{login}\s+[a-z]+\s+((?:[a-z]+ ){{5}}[a-z]+)$", text, re.MULTILINE)
    assert match is not None
    return login, match[1]


@asynccontextmanager
async def served(data: Path, *, command: tuple[str, ...] = ("demo",), **env: str) -> AsyncIterator[Served]:
    """A running service, stopped at the end."""
    service = Served(data=data, port=free_port(), command=command, env=env)
    try:
        await service.start()
        yield service
    finally:
        await service.stop()


async def status(service: Served) -> dict[str, object]:
    """What /status.json says."""
    async with httpx2.AsyncClient() as http:
        answer: dict[str, object] = json.loads((await http.get(f"{service.url}/status.json")).text)
        return answer
