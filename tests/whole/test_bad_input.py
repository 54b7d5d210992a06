"""Whatever strangers send to the running service: a close code or a status, no word of ours lost, nobody else disturbed."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.served import Served, served
from tests.talkers import Operator, Visitor

pytestmark = pytest.mark.anyio

HELLO = '{"t":"hello","after":0,"lang":"en"}'
ID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("bad-input") / "data") as running:
        yield running


@pytest.fixture(scope="module")
async def operator(service: Served) -> AsyncIterator[Operator]:
    operator = await Operator.signed_in(service.url, *service.sign_in())
    await operator.come()
    await operator.frame("welcome")
    yield operator
    await operator.close()


async def _closed(socket: ClientConnection) -> int | None:
    """The code with which the other side closes."""
    with suppress(ConnectionClosed):
        while True:
            await socket.recv()
    return socket.close_code


BAD = {
    "not JSON": ("{", 4400),
    "an array": ("[]", 4400),
    "a number": ("7", 4400),
    "no tag": ("{}", 4400),
    "an unknown tag": ('{"t":"note","text":"x"}', 4400),
    "an unknown key": ('{"t":"end","now":true}', 4400),
    "a key twice": (f'{{"t":"say","id":"{ID}","text":"a","text":"b"}}', 4400),
    "a wrong type": (f'{{"t":"say","id":"{ID}","text":7}}', 4400),
    "an id that is none": ('{"t":"say","id":"1","text":"x"}', 4400),
    "half a surrogate": (f'{{"t":"say","id":"{ID}","text":"\\ud800"}}', 4400),
    "very deep": ('{"t":"say","id":' + "[" * 5000 + "]" * 5000 + "}", 4400),
    "a second hello": (HELLO, 4400),
    "binary": (b'{"t":"ping"}', 4400),
    "too large": ('{"t":"ping"' + " " * 20_000 + "}", 1009),
}


@pytest.mark.parametrize(("sent", "code"), BAD.values(), ids=BAD.keys())
async def test_a_bad_frame_ends_its_own_connection_only(
    service: Served, operator: Operator, sent: str | bytes, code: int
) -> None:
    neighbour = await Visitor.started(service.url)
    await neighbour.come()
    await neighbour.frame("welcome")
    visitor = await Visitor.started(service.url)
    async with connect(
        service.url.replace("http", "ws") + "/socket",
        origin=service.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": visitor.cookie},
    ) as socket:
        await socket.send(HELLO)
        assert json.loads(await socket.recv())["t"] == "welcome"
        await socket.send(sent)
        assert await _closed(socket) == code
    message_id = await neighbour.say("I am still here.")
    await neighbour.frame("ack", id=message_id)
    await visitor.come()
    assert (await visitor.frame("welcome"))["seq"] == 0, "nothing of it was stored"
    for one in (visitor, neighbour):
        await one.send({"t": "end"})
        await one.close()


async def test_text_that_is_not_utf_8_ends_its_own_connection(service: Served, operator: Operator) -> None:
    visitor = await Visitor.started(service.url)
    async with connect(
        service.url.replace("http", "ws") + "/socket",
        origin=service.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": visitor.cookie},
    ) as socket:
        await socket.send(HELLO)
        await socket.send(b'{"t":"say","id":"\xff\xfe"}', text=True)
        assert await _closed(socket) == 1007


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost", "HTTP://LOCALHOST"])
@pytest.mark.parametrize("path", ["/socket", "/desk/socket"])
async def test_another_origin_gets_no_socket(
    service: Served, operator: Operator, path: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            service.url.replace("http", "ws") + path,
            origin=origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": operator.cookie},
        )
    assert refused.value.response.status_code == 403
    assert refused.value.response.body == b""


@pytest.mark.parametrize("cookie", ["", "talk=", "talk=x", "talk=" + "A" * 43, "desk=" + "A" * 43])
@pytest.mark.parametrize("path", ["/socket", "/desk/socket"])
async def test_a_forged_session_opens_nothing(service: Served, operator: Operator, path: str, cookie: str) -> None:
    hello = HELLO if path == "/socket" else '{"t":"hello","open":[]}'
    async with connect(
        service.url.replace("http", "ws") + path,
        origin=service.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie},
    ) as socket:
        with suppress(ConnectionClosed):
            await socket.send(hello)
        assert await _closed(socket) == 4401


async def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_answer(service: Served, operator: Operator) -> None:
    async with httpx2.AsyncClient(headers={"Origin": service.url}) as http:
        answers = [
            await http.post(
                f"{service.url}/desk/sign-in", data={"login": login, "passphrase": "one two three", "code": ""}
            )
            for login in ("eero", "nobody")
        ]
    eero, nobody = (answer.text.replace(login, "-") for answer, login in zip(answers, ("eero", "nobody"), strict=True))
    assert answers[0].status_code == answers[1].status_code
    assert eero == nobody
    assert not any(answer.cookies for answer in answers)


async def test_posts_from_elsewhere_are_refused_with_a_sentence(service: Served, operator: Operator) -> None:
    contact = uuid.uuid4().hex
    paths = ["/en/start", "/en/continue", "/en/end", "/en/say", "/desk/sign-in", "/desk/enrol", "/desk/sign-out",
             "/desk/lock", "/desk/unlock", f"/desk/contacts/{contact}/notes"]  # fmt: skip
    async with httpx2.AsyncClient() as http:
        for path in paths:
            for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}):
                answer = await http.post(service.url + path, headers=headers)
                assert answer.status_code == 403, path
                assert "Traceback" not in answer.text
                assert not answer.cookies
