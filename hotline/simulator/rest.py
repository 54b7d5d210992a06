"""The network's REST interface: as much of the provider's as we use, for the provider's own library."""

import base64
import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from hotline.simulator.network import Network

_CALLS = re.compile(r"/2010-04-01/Accounts/(?P<account>[A-Za-z0-9]+)/Calls(?:/(?P<sid>CA[0-9a-f]{32}))?\.json\Z")
_RECORDINGS = re.compile(
    r"/2010-04-01/Accounts/(?P<account>[A-Za-z0-9]+)/"
    r"(?:Calls/(?P<sid>CA[0-9a-f]{32})/Recordings|Recordings/(?P<recording>RE[0-9a-f]{32}))\.json\Z"
)
_SOUND = re.compile(r"/2010-04-01/Accounts/(?P<account>[A-Za-z0-9]+)/Recordings/(?P<recording>RE[0-9a-f]{32})\.mp3\Z")
_ONE_PAGE = {"page": 0, "page_size": 50, "next_page_uri": None}
_REFUSED = {"code": 21211, "message": "The number is not valid.", "status": 400}


class Rest:
    """Answers requests. `fails`: asked before each request; a status other than 0 is answered instead."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.fails: Callable[[str, str], int] = lambda _method, _path: 0
        self.asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def authorised(self, header: str) -> bool:
        """Whether this is the account and its token (RFC 7617)."""
        expected = base64.b64encode(f"{self._network.account}:{self._network.token}".encode()).decode()
        return hmac.compare_digest(header, f"Basic {expected}")

    def answer(self, method: str, path: str, form: Mapping[str, Any]) -> tuple[int, str]:
        """Status and JSON."""
        self.asked.append((method, path, form))
        failure = self.fails(method, path)
        if failure:
            return failure, json.dumps({"code": 20000 + failure, "message": "Not now.", "status": failure})
        recorded = _RECORDINGS.match(path)
        if recorded is not None and recorded["account"] == self._network.account:
            return self._recordings(method, recorded["sid"], recorded["recording"])
        found = _CALLS.match(path)
        if found is None or found["account"] != self._network.account:
            return 404, json.dumps({"code": 20404, "message": "Not here.", "status": 404})
        if found["sid"] is None:
            return self._children(str(form.get("ParentCallSid", ""))) if method == "GET" else self._made(form)
        leg = self._network.legs.get(found["sid"])
        if leg is None:
            return 404, json.dumps({"code": 20404, "message": "Not here.", "status": 404})
        if method == "DELETE":
            if not leg.over:
                return 400, json.dumps({"code": 20009, "message": "The call is under way.", "status": 400})
            del self._network.legs[leg.sid]
            return 204, ""
        if method == "POST" and form.get("Url"):
            if leg.over:
                return 400, json.dumps({"code": 21220, "message": "The call is over.", "status": 400})
            leg.send(str(form["Url"]))
        elif method == "POST":
            leg.hang_up()
        return 200, json.dumps({"sid": leg.sid, "status": leg.status})

    def sound(self, path: str) -> tuple[int, bytes] | None:
        """Status and what was recorded, if this is where it is fetched from."""
        found = _SOUND.match(path)
        if found is None:
            return None
        self.asked.append(("GET", path, {}))
        failure = self.fails("GET", path)
        if failure:
            return failure, b""
        sound = self._network.sounds.get(found["recording"]) if found["account"] == self._network.account else None
        return (404, b"") if sound is None else (200, sound)

    def _recordings(self, method: str, call: str | None, recording: str | None) -> tuple[int, str]:
        """Those of a call; or one of them is deleted."""
        kept = self._network.recordings
        if call is not None:
            rows = [{"sid": one, "call_sid": call} for one, of in kept.items() if of == call]
            return 200, json.dumps({"recordings": rows, **_ONE_PAGE})
        if method != "DELETE" or kept.pop(recording or "", None) is None:
            return 404, json.dumps({"code": 20404, "message": "Not here.", "status": 404})
        self._network.sounds.pop(recording or "", None)
        return 204, ""

    def _children(self, parent: str) -> tuple[int, str]:
        """Legs that the network dialled itself for a call."""
        legs = [leg for leg in self._network.legs.values() if leg.parent is not None and leg.parent.sid == parent]
        rows = [{"sid": leg.sid, "status": leg.status} for leg in legs]
        return 200, json.dumps({"calls": rows, **_ONE_PAGE})

    def _made(self, form: Mapping[str, Any]) -> tuple[int, str]:
        number = str(form.get("To", ""))
        if not re.match(r"\+[1-9][0-9]{6,14}\Z", number):
            return 400, json.dumps(_REFUSED)
        leg = self._network.rung(
            number,
            origin=str(form.get("From", "")),
            url=str(form.get("Url", "")),
            callback=str(form.get("StatusCallback", "")),
            seconds=float(form.get("Timeout", 60)),
        )
        return 201, json.dumps({"sid": leg.sid, "status": "queued"})


def loopback(rest: Rest) -> Any:
    """An HTTP client for the provider's library that reaches this network without a socket."""
    from twilio.http import AsyncHttpClient  # noqa: PLC0415 - slow to load
    from twilio.http.response import Response  # noqa: PLC0415

    class Loopback(AsyncHttpClient):  # type: ignore[misc]  # published without types
        def __init__(self) -> None:
            super().__init__(None, True, None)  # noqa: FBT003 - the library's

        async def request(self, method: str, uri: str, *args: Any, **options: Any) -> Any:
            data = {**(options.get("params") or (args[0] if args else None) or {})}
            data |= options.get("data") or (args[1] if len(args) > 1 else None) or {}
            return Response(*rest.answer(method, urlsplit(uri).path, data))

        async def fetched(self, url: str, _auth: tuple[str, str]) -> tuple[int, bytes]:
            return rest.sound(urlsplit(url).path) or (404, b"")

        async def close(self) -> None:
            """Nothing is open."""

    return Loopback()
