"""The demo's telephone: our own network in the demo's process, a page to try it, and what the command `call` asks.

Everything goes through the real webhooks: the network asks this process over a connection of its own, signed, like the
provider would. Nothing here exists unless MODE is demo.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl

from msgspec import structs
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from config.demo_week import NUMBERS
from config.hotline import DEMO_API, own_address
from config.house import House
from hotline.simulator.legs import Leg
from hotline.simulator.network import Network
from hotline.simulator.phones import Phone
from hotline.simulator.post import posting
from hotline.simulator.rest import Rest
from hotline.simulator.timing import RealTime
from hotline.simulator.transcript import Told
from hotline.twiml import RETRY, ROOT

PAGE = Path(__file__).with_name("demo_phone.html")
CALLS = "/demo/phone/calls"
#: In the command sentences are spoken this fast, in letters a second; on the page as a person would hear them.
FAST, HUMAN = 80.0, 15.0
LONGEST_CALL = 600.0
#: The network's telephones are in the memory of one process; reports and answers would reach another.
ONE_PROCESS = "The demo's telephone needs WEB_WORKERS=1: its network lives in one process."
HABITS = ("answer", "ignore", "voicemail", "busy", "refuse")
_NO_STORE = {"cache-control": "no-store"}


class DemoNetwork:
    """The network of one demo. One call of the command at a time; the page's calls beside it would share its phones."""

    def __init__(self, house: House) -> None:
        line = house.hotline
        assert line is not None  # the demo always has a company: this one
        base = house.settings.address + ROOT
        self._timing = RealTime()
        self.network = Network(
            timing=self._timing,
            post=posting(own_address(house.settings)),
            account=line.company.account,
            token=line.company.token,
            number=house.settings.telephone.e164,
            voice_url=f"{base}/voice{RETRY}",
            status_url=f"{base}/status{RETRY}",
        )
        self.rest = Rest(self.network)
        self.busy = asyncio.Lock()

    def by_hand(self) -> None:
        """Phones that people on the page answer."""
        self.network.letters_per_second = HUMAN
        for name, number in NUMBERS.items():
            self.network.owns(Phone(name=name, number=number, by_hand=True))

    async def told(self, caller: str, presses: str, habits: list[str]) -> AsyncIterator[Told]:
        """One call by habits: the first phone that is rung has the first habit, and so on; all others ring in vain."""
        async with self.busy:
            network = self.network
            network.letters_per_second = FAST
            left = deque(habits)
            names = {number: name for name, number in NUMBERS.items()}
            taken: dict[str, Phone] = {}

            def phone_of(number: str) -> Phone | None:
                if number in names and number not in taken:
                    habit = left.popleft() if left else "ignore"
                    taken[number] = _phone(names[number], number, habit)
                return taken.get(number)

            network.phone_of = phone_of
            first, changed, start = len(network.transcript.told), asyncio.Event(), self._timing.now()
            network.listeners.append(changed.set)
            leg = network.calls(Phone(name="caller", number=caller, presses=presses, after=0.7, hangs_up_after=2.0))
            try:
                async with asyncio.timeout(LONGEST_CALL):
                    while True:
                        for told in network.transcript.told[first:]:
                            yield structs.replace(told, t=round(max(told.t - start, 0.0), 1))
                            first += 1
                        if leg.over and all(one.over for one in network.legs.values()):
                            break
                        changed.clear()
                        await changed.wait()
            finally:
                leg.hang_up()
                network.listeners.remove(changed.set)
                network.phone_of = network.phones.get
                network.legs = {sid: one for sid, one in network.legs.items() if not one.over}


def _phone(name: str, number: str, habit: str) -> Phone:
    match habit:
        case "answer":
            return Phone(name=name, number=number, answers_after=1.5, presses="1", after=0.7)
        case "voicemail":
            return Phone(name=name, number=number, answers_after=1.0)
        case "refuse":
            return Phone(name=name, number=number, answers_after=1.0, presses="9", after=0.7)
        case "busy":
            return Phone(name=name, number=number, busy=True)
        case _:
            return Phone(name=name, number=number)


def demo_phone_routes(house: House) -> list[Route]:
    """The network's own REST interface, the page, and the command's stream."""
    here = DemoPhone(house)
    return [
        Route(DEMO_API + "/{path:path}", here.api, methods=["GET", "POST", "DELETE"]),
        Route(CALLS, here.calls, methods=["POST"]),
        Route("/demo/phone", here.page, methods=["GET"]),
        Route("/demo/phone/state", here.shown, methods=["GET"]),
        Route("/demo/phone/press", here.pressed, methods=["POST"]),
    ]


#: The page is one file with its own style and script; nothing else runs in it.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class DemoPhone:
    """What the page and the command ask."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._made: DemoNetwork | None = None

    @property
    def _here(self) -> DemoNetwork:
        """Made when it is first needed: it lives in the running loop."""
        if self._made is None:
            self._made = DemoNetwork(self._house)
            self._made.by_hand()
        return self._made

    @property
    def _split(self) -> bool:
        return self._house.settings.web_workers > 1

    async def api(self, request: Request) -> Response:
        """What we ask of the telephone company."""
        rest = self._here.rest
        if not rest.authorised(request.headers.get("authorization", "")):
            return JSONResponse({"code": 20003, "status": 401}, 401)
        sound = rest.sound(request.url.path.removeprefix(DEMO_API))
        if sound is not None:
            return Response(sound[1], sound[0], media_type="audio/mpeg", headers=_NO_STORE)
        form = {**request.query_params, **dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))}
        status, text = rest.answer(request.method, request.url.path.removeprefix(DEMO_API), form)
        return Response(text, status, media_type="application/json", headers=_NO_STORE)

    async def calls(self, request: Request) -> Response:
        """One call by habits, told line by line."""
        if self._split:
            return PlainTextResponse(ONE_PROCESS + "\n", 409, headers=_NO_STORE)
        asked = json.loads(await request.body())
        caller, presses = str(asked["from"]), str(asked["press"])
        habits = [str(habit) for habit in asked["operators"]]

        async def lines() -> AsyncIterator[str]:
            async for told in self._here.told(caller, presses, habits):
                yield json.dumps(_line(told)) + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson", headers=_NO_STORE)

    async def page(self, _request: Request) -> Response:
        """Telephones to try."""
        if self._split:
            return PlainTextResponse(ONE_PROCESS + "\n", 409, headers=_NO_STORE)
        headers = {**_NO_STORE, "content-security-policy": _POLICY}
        return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers=headers)

    async def shown(self, request: Request) -> Response:
        """What has happened since (`since` -1: in the call under way), what each phone can do now, and who is on call."""
        network = self._here.network
        since = int(request.query_params.get("since", "0"))
        told = network.transcript.told
        quiet = all(leg.over for leg in network.legs.values())
        start = since if since >= 0 else len(told) if quiet else _last_dialled(told)
        answer = {
            "next": len(told),
            "told": [_line(one) for one in told[start:]],
            "on_call": self._on_call(),
            "phones": {leg.who: _state(leg) for leg in network.legs.values() if not leg.over},
        }
        return JSONResponse(answer, headers=_NO_STORE)

    def _on_call(self) -> list[str]:
        """Whose phones would ring now, in this order."""
        line = self._house.hotline
        assert line is not None  # the demo always has a company
        names = {number: name for name, number in NUMBERS.items()}
        tiers = line.on_call.remembered(self._house.resources.clock.now())
        numbers = [line.on_call.numbers[staff] for tier in tiers for staff in tier]
        return [names[number] for number in numbers if number in names]

    async def pressed(self, request: Request) -> Response:
        """A button of the page: dial, answer, a key, hang up."""
        asked = json.loads(await request.body())
        here, who, does = self._here, str(asked["who"]), str(asked["does"])
        leg = next((one for one in here.network.legs.values() if one.who == who and not one.over), None)
        if does == "dial" and leg is None and who == "caller":
            here.by_hand()
            caller = Phone(name="caller", number=str(asked.get("from", "anonymous")), by_hand=True)
            here.network.owns(caller)  # it can be called back
            here.network.calls(caller)
        elif leg is not None and does in {"answer", "dial"}:  # a caller who is called back has one button
            leg.pick_up()
        elif leg is not None and does == "hang up":
            leg.hang_up()
        elif leg is not None and len(does) == 1:
            leg.press(does)
        return Response(status_code=204)


def _last_dialled(told: list[Told]) -> int:
    """Where the last call began."""
    return next(
        (at for at in range(len(told) - 1, -1, -1) if (told[at].who, told[at].event) == ("caller", "dialled")), 0
    )


def _line(told: Told) -> dict[str, object]:
    return {"t": told.t, "who": told.who, "event": told.event, "text": told.text}


def _state(leg: Leg) -> str:
    return (
        "talking"
        if leg.peer is not None
        else "ringing"
        if leg.status == "ringing" and leg.direction != "inbound"
        else "on"
    )
