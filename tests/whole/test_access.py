"""Route x role x ownership, generated from the route table: the real application answers as config/access.py declares.

P12: what the analyst and the administrator are answered holds no byte of any contact.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from chat.cookies import cookie_name
from config.access import ACCESS, Who
from contacts.people import Role
from contacts.tables_log import contacts
from contacts.words import Words
from operator_ui.cookies import session_cookie
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from tests.chat.forms import with_answer
from tests.house import Worker, message_id, opened_house
from tests.sockets import ORIGIN, Socket
from tests.stores import NOON, sqlite_with_tables

pytestmark = pytest.mark.anyio

Key = tuple[str, str]
#: Words that nobody but the operator of the contact may ever be answered.
SECRETS = ("salaisuus-keskustelussa", "salaisuus-lomakkeessa", "salaisuus-muistiossa", "+358 40 123")
NAMES = {
    Who.ADMIN: ("ylla", Role.ADMIN),
    Who.ANALYST: ("tiina", Role.ANALYST),
    Who.OPERATOR: ("otso", Role.OPERATOR),
    Who.OWNER: ("anna", Role.OPERATOR),
    Who.LEAD: ("liisa", Role.LEAD),
}
#: What to put into paths; `{contact}` is a contact of `OWNER`.
PARAMETERS = {"lang": "fi", "language": "fi", "version": "0", "name": "none.css"}
#: A question about consent, to an organisation that is not there.
ASKED: dict[str, Any] = {
    "organisation": "0" * 32,
    "scope": "referral",
    "fields": [],
    "written": {},
    "summary": "hei",
    "until": "2026-12-06",
    "how": "card",
    "minor": "no",
    "language": "fi",
}
#: Bodies that are good enough to be asked about whose contact it is. A dict is JSON, a list of pairs a form.
SAMPLES: dict[Key, Any] = {
    ("POST", "/desk/contacts/{contact}/notes"): lambda: {"id": str(uuid.uuid4()), "text": "hei"},
    ("POST", "/desk/contacts/{contact}/record"): lambda: {"based_on": 0, "codes": {}, "finished": False},
    ("POST", "/desk/forms/{contact}/take"): dict,
    ("POST", "/desk/forms/{contact}/put-back"): dict,
    ("POST", "/desk/forms/{contact}/dealt-with"): lambda: {"outcome": "answered"},
    **{("POST", f"/desk/calls/{{contact}}/{act}"): dict for act in ("answer", "take", "put-back", "end", "call-back")},
    ("POST", "/desk/calls/{contact}/add"): lambda: {"kind": "lead", "whom": "0" * 32},
    ("POST", "/desk/calls/{contact}/dealt-with"): lambda: {"outcome": "reached"},
    ("POST", "/desk/contacts/{contact}/wish"): lambda: {"wish": None},
    ("POST", "/desk/contacts/{contact}/asks/draft"): lambda: dict(ASKED),
    ("POST", "/desk/contacts/{contact}/asks"): lambda: dict(ASKED),
    ("POST", "/desk/contacts/{contact}/asks/{ask}/answer"): lambda: {"said": "yes"},
    ("POST", "/desk/contacts/{contact}/asks/{ask}/cancel"): dict,
    ("POST", "/desk/contacts/{contact}/asks/{ask}/consent"): lambda: {
        "giver": "self",
        "interpreter": False,
        "representative": None,
        "suspected": None,
        "child_heard": None,
    },
    ("POST", "/desk/contacts/{contact}/consents/{consent}/withdraw"): dict,
    ("POST", "/desk/contacts/{contact}/forwardings"): lambda: {
        "permission": "0" * 32,
        "channel": "email",
        "seen": "0" * 64,
    },
    ("POST", "/desk/contacts/{contact}/forwardings/spoken"): lambda: {"permission": "0" * 32, "told_to": "Maija"},
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/reported"): lambda: {"state": "accepted"},
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/download"): dict,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/take-back"): dict,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/again"): dict,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/did-not-arrive"): dict,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/notice-told"): dict,
    ("POST", "/desk/closed/{contact}"): lambda: [("reason", "safety")],
    ("POST", "/desk/lead/live/{contact}"): lambda: [("reason", "help")],
    ("POST", "/desk/closed/{contact}/erase"): lambda: [("sure", "yes")],
}
#: Where something else has to exist that the matrix does not make: those let in may be told that it does not.
ABSENT: set[Key] = {
    # the contact of the matrix is a chat: of those let in nobody has a call
    ("GET", "/desk/calls/{contact}/number"),
    ("GET", "/desk/calls/{contact}/message"),
    *(
        ("POST", f"/desk/calls/{{contact}}/{act}")
        for act in ("answer", "take", "put-back", "end", "call-back", "add", "dealt-with")
    ),
    ("GET", "/desk/reviews/{period}"),
    ("POST", "/desk/reviews/{period}"),
    ("GET", "/desk/reviews/{period}/files/{release}"),
    ("GET", "/desk/proposals/{proposal}"),
    ("POST", "/desk/proposals/{proposal}"),
    ("POST", "/desk/lead/statistics"),
    ("GET", "/desk/static/{version}/{name:path}"),
    ("GET", "/desk/lead/organisations/{organisation}"),
    ("POST", "/desk/lead/organisations/{organisation}"),
    ("GET", "/desk/lead/wordings/{purpose}/{wording}"),
    ("POST", "/desk/lead/wordings/{purpose}/{wording}"),
    ("POST", "/desk/contacts/{contact}/asks/{ask}/answer"),
    ("POST", "/desk/contacts/{contact}/asks/{ask}/cancel"),
    ("POST", "/desk/contacts/{contact}/asks/{ask}/consent"),
    ("POST", "/desk/contacts/{contact}/consents/{consent}/withdraw"),
    ("POST", "/desk/contacts/{contact}/forwardings"),
    ("POST", "/desk/contacts/{contact}/forwardings/spoken"),
    ("GET", "/desk/contacts/{contact}/forwardings/preview/{permission}"),
    ("GET", "/desk/contacts/{contact}/forwardings/preview/{permission}/pdf"),
    ("GET", "/desk/contacts/{contact}/forwardings/to-tell/{permission}"),
    ("GET", "/desk/contacts/{contact}/forwardings/{forwarding}/told-to"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/download"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/take-back"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/again"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/did-not-arrive"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/notice-told"),
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/reported"),
}
#: Where everybody may knock and nobody comes in without a secret of their own, and the way out, which leads to the door.
DOORS: set[Key] = {("POST", "/desk/sign-in"), ("POST", "/desk/enrol"), ("POST", "/desk/sign-out")}
#: Where others than its operator read a contact: a message that waits for anybody, and what is opened with a reason.
READ_BY_OTHERS: set[Key] = {
    ("POST", "/desk/forms/{contact}/take"),
    ("POST", "/desk/closed/{contact}"),
    ("GET", "/desk/lead/live/{contact}"),  # once both in the conversation have seen that a lead joined
}
#: Streams without an end: asking is enough.
ENDLESS: set[Key] = {("GET", "/{lang}/status"), ("GET", "/{lang}/stream")}


@dataclass
class Matrix:
    """The house with somebody of each kind, and what they are asked with."""

    worker: Worker
    cookies: dict[Who, dict[str, str]] = field(default_factory=dict)
    chat: ContactId = field(default=ContactId(""))

    async def contact_for(self, key: Key) -> str:
        """A contact as this address wants to find it."""
        if key[1].startswith("/desk/closed"):
            return await self._ended()
        if not key[1].startswith("/desk/forms"):
            return self.chat
        await self.worker.house.forms.door.sent(with_answer("salaisuus-lomakkeessa"))
        async with self.worker.house.resources.store.read() as conn:
            query = select(contacts.c.id).where(contacts.c.door == "form", contacts.c.state == "waiting")
            form = ContactId(str((await conn.execute(query)).scalars().first()))
        if not key[1].endswith("/take"):
            await self.worker.house.forms.desk.taken(self.worker.sessions["anna"], form)
        return form

    async def _ended(self) -> ContactId:
        """A conversation of Anna's that is over."""
        anna = self.worker.sessions["anna"]
        talk, desk_talk = await self.worker.conversation(anna)
        await self.worker.says(talk, 1, "salaisuus-keskustelussa")
        await self.worker.house.desk_door.ended(anna, desk_talk.contact)
        return desk_talk.contact

    async def asked(self, key: Key, who: Who) -> httpx2.Response:
        """One request."""
        method, path = key
        values = PARAMETERS | ({"contact": await self.contact_for(key)} if "{contact}" in path else {})
        for name in [part.strip("{}").partition(":")[0] for part in path.split("/") if part.startswith("{")]:
            values.setdefault(name, "0" * 32)
        address = path.replace(":path}", "}").format(**values)
        sample = SAMPLES.get(key, list)()
        headers, content = {"origin": ORIGIN}, None
        if method == "POST":
            json_wanted = isinstance(sample, dict)
            headers["content-type"] = "application/json" if json_wanted else "application/x-www-form-urlencoded"
            content = json.dumps(sample) if json_wanted else str(httpx2.QueryParams(sample))
        transport = httpx2.ASGITransport(app=self.worker.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=self.cookies[who]) as http:
            return await http.request(method, address, content=content, headers=headers)


@pytest.fixture(scope="module")
async def matrix(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Matrix]:
    """Anna has a conversation and a note; somebody else is chatting; everybody else looks on."""
    store = Store(url=sqlite_with_tables(tmp_path_factory.mktemp("access") / "store.sqlite"))
    async with opened_house(store, ManualClock(NOON)) as worker:
        made = Matrix(worker)
        await worker.on_duty("anna")
        talk, desk_talk = await worker.conversation(worker.sessions["anna"])
        made.chat = desk_talk.contact
        await worker.says(talk, 1, "salaisuus-keskustelussa")
        note = Words("salaisuus-muistiossa")
        await worker.house.desk_door.noted(worker.sessions["anna"], made.chat, message_id(9), note)
        token = await worker.token()
        made.cookies = {Who.SIGNED_OUT: {}, Who.VISITOR: {cookie_name(worker.house.facts): token}}
        for who, (name, role) in NAMES.items():
            if name != "anna":
                await worker.signed_in(name, role)
            made.cookies[who] = {session_cookie(worker.house.facts): worker.colleagues[name].cookie}
        yield made
    await store.close()


def table(app: object) -> list[BaseRoute]:
    """The routes of the application, whatever stands before it."""
    while not hasattr(app, "routes"):
        app = vars(app).get("app") or vars(app)["_app"]
    return list(app.routes)


def keys(routes: list[BaseRoute], before: str = "") -> Iterator[Key]:
    """(method, path) of every route, also of those that are mounted."""
    for route in routes:
        if isinstance(route, Mount):
            yield from keys(list(route.routes), before + route.path)
        elif isinstance(route, WebSocketRoute):
            yield ("SOCKET", before + route.path)
        else:
            assert isinstance(route, Route), f"{route}: what is it, and who may?"
            yield from ((method, before + route.path) for method in sorted((route.methods or set()) - {"HEAD"}))


def let_in(answer: httpx2.Response, *, absent: bool) -> bool:
    """Whether the door was opened, whatever became of it then."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/desk/sign-in")
    return answer.status_code not in ({401, 403} if absent else {401, 403, 404}) and not to_sign_in


async def test_every_address_says_who_may(matrix: Matrix) -> None:
    found = set(keys(table(matrix.worker.app)))
    assert sorted(found - set(ACCESS)) == [], "declare these in config/access.py"
    assert sorted(set(ACCESS) - found) == [], "these are no addresses of ours any more"


@pytest.mark.parametrize("key", [key for key in ACCESS if key[0] != "SOCKET" and key not in ENDLESS], ids=" ".join)
async def test_the_application_answers_as_declared(matrix: Matrix, key: Key) -> None:
    may = ACCESS[key]
    leaving = key in {("POST", "/desk/sign-out"), ("POST", "/desk/lock")}  # would change who asks the next question
    wrong = []
    for who in sorted(Who, key=lambda who: who in may):  # those who may come last: they may change something
        if leaving and who in NAMES:
            continue
        answer = await matrix.asked(key, who)
        if key not in DOORS and let_in(answer, absent=key in ABSENT and who in may) != (who in may):
            wrong.append((who.value, answer.status_code))
        if who is not Who.OWNER and not (who in may and key in READ_BY_OTHERS):
            assert not [secret for secret in SECRETS if secret in answer.text], (who, "was told")
    assert wrong == []


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.OWNER])
@pytest.mark.parametrize("path", ["/socket", "/desk/socket"])
async def test_a_socket_lets_in_as_declared_and_tells_only_the_operator(matrix: Matrix, path: str, who: Who) -> None:
    cookies = matrix.cookies[who]
    if who is Who.VISITOR:  # an earlier question may have ended the conversation of the first
        cookies = {cookie_name(matrix.worker.house.facts): await matrix.worker.token()}
    socket = Socket(matrix.worker.app, path, cookies)
    async with socket:
        if path.startswith("/desk"):
            socket.send("hello", open=[{"contact": matrix.chat, "after": 0}])
            socket.send("open", contact=matrix.chat, after=0)
            socket.send("accept", contact=matrix.chat)
        else:
            socket.send("hello", after=0, lang="fi")
        await asyncio.sleep(0.1)
        told = json.dumps(socket.frames)
        inside = bool(socket.frames) and socket.code is None
    assert inside == (who in ACCESS["SOCKET", path]), (socket.frames, socket.code)
    assert not [secret for secret in SECRETS if secret in told]


def test_the_declaration_names_no_address_twice() -> None:
    text = (Path(__file__).parents[2] / "config" / "access.py").read_text()
    assert text.count('    ("') == len(ACCESS)
