"""P1: no word, address, number or browser of a person who contacts us is readable at rest, anywhere."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
import redis.asyncio as redis
from websockets.asyncio.client import connect

from tests.promises.canaries import betrayed, files_below, spellings
from tests.served import Served, served
from tests.servers import PostgresServer, ValkeyServer
from tests.talkers import Operator, Visitor

pytestmark = pytest.mark.anyio

SAID = "Zvitorp-kanariefågel 73 asuu kellarissa"
ANSWERED = "Wqlmbrek svarar dig genast nu"
NOTED = "Xandrutek anteckning om telefonen +46 70 174 06 35"
BROWSER = "Canarybrowser/7.31 (Grndvk; Tmplph)"
ADDRESS = "127.83.67.219"
WRITTEN = "Ylvskrant kirjoitti lomakkeella Dörnfeltille"
CALLED = "+358 45 917 30 62 84"
WHEN = "Torstaqvik jälkeen klo 23.47"
CODED = ("illegal_adoption", "none_asylum_refused", "child_protection_notice")
CANARIES = (*CODED, SAID, ANSWERED, NOTED, BROWSER, ADDRESS, WRITTEN, CALLED, WHEN)


def test_the_search_finds_every_spelling() -> None:
    for canary in CANARIES:
        for name, spelling in spellings(canary).items():
            assert (canary, name) in betrayed(b"before" + spelling + b"after", CANARIES), name


async def test_p1_nothing_in_sqlite_its_log_or_ours(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with served(data) as service:
        await _conversation(service)
        found = _search(data, service.output)
    found += _search(data, service.output)
    assert found == []


async def test_p1_nothing_in_postgresql_its_log_or_on_the_bus(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with PostgresServer.launch() as postgres, ValkeyServer.launch() as valkey:
        async with _recorded(valkey.url) as passing:
            async with served(data, DATABASE_URL=postgres.create_database(), REDIS_URL=valkey.url) as service:
                await _conversation(service)
            snapshot = redis.from_url(valkey.url)
            await snapshot.execute_command("SAVE")  # type: ignore[no-untyped-call]
            await snapshot.aclose()
        assert passing, "entries travelled"
        found = [("bus", *betrayal) for payload in passing for betrayal in betrayed(payload, CANARIES)]
        found += _search(data, service.output, postgres.folder, valkey.folder)
    assert found == []


def _search(*places: Path) -> list[tuple[str, str, str]]:
    looked = list(files_below(*places))
    assert any(content for _, content in looked), "there was something to look at"
    return [(path.name, *betrayal) for path, content in looked for betrayal in betrayed(content, CANARIES)]


async def _conversation(service: Served) -> None:
    """A visitor with a telling browser at a telling address writes, is answered, and a note is taken."""
    operator = await Operator.signed_in(service.url, *service.sign_in())
    await operator.come()
    await operator.frame("welcome")
    telling = {"Origin": service.url, "User-Agent": BROWSER, "X-Forwarded-For": ADDRESS, "Forwarded": f"for={ADDRESS}"}
    there = httpx2.AsyncHTTPTransport(local_address=ADDRESS)
    async with httpx2.AsyncClient(transport=there, base_url=f"http://127.0.0.1:{service.port}") as http:
        page = await http.get("/en", headers=telling)
        started = await http.post("/en/start", headers={**telling, "Accept": "application/json"})
        assert (page.status_code, started.status_code) == (200, 200)
        (name, value) = next(iter(started.cookies.items()))
        visitor = Visitor(url=service.url, path="/socket", cookie=f"{name}={value}")
        async with connect(
            f"ws://127.0.0.1:{service.port}/socket",
            additional_headers={**telling, "Cookie": visitor.cookie},
            user_agent_header=None,
            local_addr=(ADDRESS, 0),
        ) as socket:
            await socket.send('{"t":"hello","after":0,"lang":"en"}')
            contact = (await operator.frame("offer"))["contact"]
            await operator.take(contact)
            await socket.send(f'{{"t":"say","id":"{uuid.uuid4()}","text":"{SAID}"}}')
            await operator.frame("entry", text=SAID)
            message_id = await operator.say(contact, ANSWERED)
            await operator.frame("ack", id=message_id)
            async with httpx2.AsyncClient() as desk:
                note = await desk.post(
                    f"{service.url}/desk/contacts/{contact}/notes",
                    json={"id": str(uuid.uuid4()), "text": NOTED},
                    headers={"Origin": service.url, "Cookie": operator.cookie},
                )
            assert note.status_code == 200
            await _recorded_in_codes(service, operator, contact)
            await _form(http, telling, operator)
            malformed = await http.post("/en/start", headers={**telling, "Origin": "https://elsewhere.example"})
            assert malformed.status_code == 403
    await operator.close()


async def _recorded_in_codes(service: Served, operator: Operator, contact: str) -> None:
    """What was recorded stands in no list at rest either, neither as it is now nor as it was."""
    address = f"{service.url}/desk/contacts/{contact}/record"
    own = {"Origin": service.url, "Cookie": operator.cookie}
    async with httpx2.AsyncClient() as desk:
        for based_on, outcome in enumerate(("advice", "child_protection_notice")):
            codes = {"form": ["illegal_adoption"], "residence_now": ["none_asylum_refused"], "outcome": [outcome]}
            revision = {"based_on": based_on, "codes": codes, "finished": bool(based_on)}
            saved = await desk.post(address, json=revision, headers=own)
            assert (saved.status_code, saved.json()["revision"]) == (200, based_on + 1)


async def _form(http: httpx2.AsyncClient, telling: dict[str, str], operator: Operator) -> None:
    """The contact form: refused once with everything in it, sent, taken, noted on and dealt with."""
    fields = {"page": str(uuid.uuid4()), "language": "en", "message": WRITTEN, "how": "telephone", "address": CALLED}
    fields |= {"times": WHEN, "voice": "no", "urgent": "yes", "website": ""}
    refused = await http.post("/en/write", data=fields | {"how": "email"}, headers=telling)
    assert (refused.status_code, WRITTEN in refused.text) == (422, True)
    assert (await http.post("/en/write", data=fields, headers=telling)).status_code == 303
    listed = await operator.until(lambda frame: frame["t"] == "forms" and frame["count"] == 1)
    (row,) = listed["rows"]
    assert row.keys() == {"contact", "tag", "language", "since", "urgency", "answer", "state", "by", "proposal"}
    async with httpx2.AsyncClient(base_url=operator.url) as desk:
        own = {"Origin": operator.url, "Cookie": operator.cookie}
        forms = f"/desk/forms/{row['contact']}"
        read = (await desk.post(f"{forms}/take", json={}, headers=own)).json()
        assert (read["text"], read["call_back"]["address"], read["call_back"]["times"]) == (WRITTEN, CALLED, WHEN)
        note = {"id": str(uuid.uuid4()), "text": NOTED}
        noted = await desk.post(f"/desk/contacts/{row['contact']}/notes", json=note, headers=own)
        done = await desk.post(f"{forms}/dealt-with", json={"outcome": "answered"}, headers=own)
        assert (noted.status_code, done.status_code) == (200, 200)


@asynccontextmanager
async def _recorded(url: str) -> AsyncIterator[list[bytes]]:
    """Everything that is published while the block runs."""
    heard: list[bytes] = []
    client = redis.from_url(url, socket_timeout=None)
    listening = client.pubsub(ignore_subscribe_messages=True)
    await listening.psubscribe("*")

    async def listen() -> None:
        async for message in listening.listen():
            heard.append(message["data"])  # noqa: PERF401 - it never ends: a list would never be made

    task = asyncio.create_task(listen())
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await listening.aclose()  # type: ignore[no-untyped-call]
    await client.aclose()
