"""Whatever a signed-in browser sends, to every address there is: an answer, never a fault of ours (5xx)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.routing import Mount, Route

from contacts.people import Role
from contacts.session import Session
from storage.ids import ContactId
from tests.chat.forms import message
from tests.house import Worker
from tests.sockets import ORIGIN
from tests.whole.test_access import SAMPLES

pytestmark = pytest.mark.anyio

#: In the path: NUL, not UTF-8, much, an id of nothing.
PARTS = ("%00", "%ff", "x" * 1000, "0" * 32)
VALUES = ("\0", "9" * 40, "٣", "0001-01-01", "💣\u202e<script>'")
#: Every name that a form of the desk is asked for (`Posted.one`, `.all`).
NAMES = frozenset(
    re.findall(
        "[a-z_]+",
        "channels languages takes text told weekdays what ask authority basis begin below contact country day "
        "decision digest do editing email expression file first from holidays hours id kind last last_start "
        "name offer person read reason recipient revision staff step sure tag time times to typed_week "
        "valid_day valid_time verdict website week who zone decided ended purpose month scope ",
    )
)
DEEP = "[" * 20_000
#: What would end the session, the desk's opening or the contact for all that follows.
LEFT_OUT = {
    "/desk/sign-out",
    "/desk/lock",
    "/desk/enrol",
    "/desk/sign-in",
    "/desk/unlock",
    "/desk/forms/{contact}/dealt-with",
    "/desk/forms/{contact}/put-back",
}


def addresses(worker: Worker, method: str) -> Iterator[str]:
    routes = list(getattr(worker.app, "routes", ()))
    app: Any = worker.app
    while not routes:
        app = getattr(app, "_app", None) or getattr(app, "app", None)
        routes = list(getattr(app, "routes", ()))
    for route in routes:
        assert not isinstance(route, Mount)
        if isinstance(route, Route) and method in (route.methods or ()) and route.path.startswith("/desk"):
            yield route.path


def filled(path: str, part: str, contact: ContactId) -> Iterator[str]:
    """The address with a hostile part in each place, and with the operator's own contact where one is named."""
    places = [piece for piece in path.split("/") if piece.startswith("{")]
    yield path if not places else "/".join(part if piece in places else piece for piece in path.split("/"))
    if "{contact}" in places:
        own = path.replace("{contact}", contact)
        yield "/".join(part if piece.startswith("{") else piece for piece in own.split("/"))


def multipart(part: str) -> tuple[dict[str, str], bytes]:
    return {"content-type": "multipart/form-data; boundary=a"}, part.encode("utf-8", "surrogatepass")


def bodies() -> Iterator[tuple[dict[str, str], bytes]]:
    form = {"content-type": "application/x-www-form-urlencoded"}
    for value in VALUES:
        yield form, str(httpx2.QueryParams([(name, value) for name in NAMES])).encode()
    yield form, b"a=%ed%a0%80&b=%ff"
    yield form, str(httpx2.QueryParams([("file", DEEP), ("text", DEEP)])).encode()
    nested = "".join(f"--{n}\r\nContent-Type: multipart/mixed; boundary={n + 1}\r\n\r\n" for n in range(700))
    yield {"content-type": "multipart/form-data; boundary=0"}, nested.encode()
    yield multipart(
        '--a\r\nContent-Disposition: form-data; name="file"\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--a--'
    )
    yield multipart(
        "--a\r\nContent-Disposition: form-data; name*=x''%ff\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nx\r\n--a--"
    )
    yield multipart(
        '--a\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: message/rfc822\r\n\r\nx\r\n--a--'
    )
    yield {"content-type": "multipart/form-data"}, b"--a"
    data = {"content-type": "application/json"}
    yield data, DEEP.encode()
    yield data, b'{"a":' * 5000
    yield data, b"\xff"
    yield data, b"null"


def soured(sample: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A body that is read, with one hostile value at a time."""
    yield sample
    for name, held in sample.items():
        for value in VALUES:
            if isinstance(held, str):
                yield sample | {name: value}
            elif isinstance(held, list):
                yield sample | {name: [value]}
            elif isinstance(held, dict):
                yield sample | {name: {value: value}}
        if isinstance(held, int):
            yield sample | {name: 2**63}
            yield sample | {name: -1}


@pytest.fixture
async def contact(here: Worker, anna: Session) -> ContactId:
    talk, _ = await here.conversation(anna)
    await here.house.forms.door.sent(message())
    return talk.contact


async def test_nothing_that_a_browser_sends_is_a_fault_of_ours(here: Worker, contact: ContactId) -> None:
    await here.signed_in("liisa", Role.LEAD)
    transport = httpx2.ASGITransport(app=here.app, raise_app_exceptions=False)
    faults: list[str] = []
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) as http:

        async def ask(method: str, path: str, **sent: Any) -> None:
            name = "anna" if "/contacts/" in path or "/forms/" in path else "liisa"
            http.cookies.set("desk", here.colleagues[name].cookie, domain="localhost.local", path="/")
            answer = await http.request(method, path, **sent)
            if answer.status_code >= 500:
                faults.append(f"{answer.status_code} {method} {path[:80]} {str(sent)[:200]}")

        for path in addresses(here, "GET"):
            for address in {address for part in PARTS for address in filled(path, part, contact)}:
                await ask("GET", address)
            for value in VALUES:
                await ask("GET", path.replace("{contact}", contact), params=[(name, value) for name in NAMES])
        for path in addresses(here, "POST"):
            if path in LEFT_OUT:
                continue
            await ask("POST", path.replace("{contact}", contact).replace("{", "%00"), data={"step": "act"})
            *_, own = filled(path, "0" * 32, contact)
            made = SAMPLES[("POST", path)]() if ("POST", path) in SAMPLES else None
            if isinstance(made, dict):
                for body in soured(made):
                    await ask("POST", own, content=json.dumps(body), headers={"content-type": "application/json"})
            else:
                for headers, content in bodies():
                    await ask("POST", own, content=content, headers=headers)
    assert not faults, "\n".join([f"{len(faults)} faults", *sorted(set(faults))[:60]])
