"""`python -m config.cli call` against a demo that was started like `make run` starts it."""

import asyncio
import json
import sys
from pathlib import Path

import httpx2

from tests.served import ROOT, Served
from tests.servers.process import free_port


async def call(served: Served, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the transcript."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "config.cli",
        "call",
        *arguments,
        "--json",
        cwd=ROOT,
        env={"PORT": str(served.port), "DATA_DIR": str(served.data), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, [json.loads(line) for line in out.decode().splitlines()]


async def test_the_command_calls_the_demo_through_its_webhooks(tmp_path: Path) -> None:
    served = Served(data=tmp_path / "data", port=free_port(), env={"RING_SECONDS": "5"})
    await served.start()
    try:
        code, told = await call(served, "--press", "3", "--operators", "busy,answer")
        assert code == 0
        assert set(told[0]) == {"t", "who", "event", "text"}
        assert (told[0]["t"], told[0]["who"], told[0]["event"]) == (0.0, "caller", "dialled")
        [bridged] = [one for one in told if one["event"] == "bridged" and one["who"] == "caller"]
        first = next(one["who"] for one in told if one["event"] == "dialled" and one["who"] != "caller")
        assert bridged["text"] != first
        code, told = await call(served, "--press", "11", "--operators", "ignore")
        assert code == 3
        assert not [one for one in told if one["event"] == "bridged"]
        async with httpx2.AsyncClient(base_url=served.url) as http:
            page = await http.get("/demo/phone")
            refused = await http.post("/hotline/voice", data={"CallSid": "CA" + "0" * 32})
        assert "Demo telephones" in page.text
        assert (refused.status_code, refused.content) == (403, b"")
    finally:
        await served.stop()
    assert (await call(served))[0] == 1
