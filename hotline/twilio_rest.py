"""Twilio's REST interface, with its own library, loaded when it is first needed (137 ms and 18 MB, traps.md)."""

import asyncio
from collections.abc import Callable
from typing import Any

from hotline.provider import RefusedByProvider, Unreached
from hotline.twiml import Links
from hotline.verbs import Link, Step

API = "https://api.twilio.com"
SECONDS = 8.0
#: Two minutes of MP3 are half a million bytes; what is much longer is not what we asked for.
MOST_BYTES = 4_000_000
_TOO_MANY = 429
_OK = 200
_GONE = 404
_SERVER = 500
_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioProvider:
    """Rings and hangs up through Twilio, or through whatever speaks its interface at `api`.

    `http`: makes the library's HTTP client, for a network without sockets (`hotline.simulator`).
    """

    def __init__(
        self,
        *,
        account: str,
        token: str,
        own_number: str,
        links: Links,
        api: str = API,
        http: Callable[[], Any] | None = None,
    ) -> None:
        self._account = account
        self._token = token
        self._own_number = own_number
        self._links = links
        self._api = api.rstrip("/")
        self._make_http = http
        self._client: Any = None
        self._http: Any = None

    async def prepare(self) -> None:
        await asyncio.to_thread(_load)

    async def ring(self, *, number: str, contact: str, leg: str, seconds: int) -> str:
        to = self._links.to
        made = await self._asked(
            lambda client: client.calls.create_async(
                to=number,
                from_=self._own_number,
                url=to(contact, Link(Step.SCREEN, leg=leg)),
                method="POST",
                status_callback=to(contact, Link(Step.LEG_STATUS, leg=leg)),
                status_callback_method="POST",
                status_callback_event=_EVENTS,
                timeout=seconds,
            )
        )
        return str(made.sid)

    async def end(self, provider_call: str) -> None:
        try:
            await self._asked(lambda client: client.calls(provider_call).update_async(status="completed"))
        except RefusedByProvider:
            return  # over already, or never heard of

    async def send(self, provider_call: str, *, contact: str, link: Link) -> None:
        to = self._links.to(contact, link)
        await self._asked(lambda client: client.calls(provider_call).update_async(url=to, method="POST"))

    async def is_over(self, provider_call: str) -> bool:
        try:
            found = await self._asked(lambda client: client.calls(provider_call).fetch_async())
        except RefusedByProvider:
            return True
        return str(found.status) in _OVER

    async def recordings(self, provider_call: str) -> list[str]:
        try:
            found = await self._asked(lambda client: client.calls(provider_call).recordings.list_async())
        except RefusedByProvider as refused:
            if refused.args != (_GONE,):
                raise
            return []
        return [str(one.sid) for one in found]

    async def recording(self, name: str) -> bytes | None:
        url = f"{API}/2010-04-01/Accounts/{self._account}/Recordings/{name}.mp3"
        status, sound = await self._asked(lambda _client: self._http.fetched(url, (self._account, self._token)))
        if status == _GONE:
            return None
        if status == _TOO_MANY or status >= _SERVER:
            raise Unreached
        if status != _OK or len(sound) > MOST_BYTES:
            raise RefusedByProvider(status)
        return bytes(sound)

    async def forget_recording(self, name: str) -> None:
        await self._deleted(lambda client: client.recordings(name).delete_async())

    async def forget(self, provider_call: str) -> bool:
        try:
            for name in await self.recordings(provider_call):
                await self.forget_recording(name)
            for child in await self._asked(lambda client: client.calls.list_async(parent_call_sid=provider_call)):
                await self._deleted(lambda client, sid=child.sid: client.calls(sid).delete_async())
            await self._deleted(lambda client: client.calls(provider_call).delete_async())
        except RefusedByProvider as refused:
            return refused.args == (_GONE,)
        return True

    async def _deleted(self, ask: Any) -> None:
        """Delete one thing; one that is not there is as good. Raises `Unreached`, `RefusedByProvider`."""
        try:
            await self._asked(ask)
        except RefusedByProvider as refused:
            if refused.args != (_GONE,):
                raise

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        self._client = self._http = None

    async def _asked(self, ask: Any) -> Any:
        from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415 - slow to load

        if self._client is None:
            self._http = _elsewhere(self._api) if self._make_http is None else self._make_http()
            self._client = _client(self._account, self._token, self._http)
        try:
            async with asyncio.timeout(SECONDS):
                return await ask(self._client)
        except TwilioRestException as refused:
            status = int(refused.status)
            if status == _TOO_MANY or status >= _SERVER:
                raise Unreached from None
            raise RefusedByProvider(status) from None
        except (OSError, TimeoutError):  # aiohttp's connection errors are OSErrors too
            raise Unreached from None


def _load() -> None:
    """Everything a first call needs: the library loads its parts one by one, when each is first touched."""
    import twilio.http.async_http_client  # noqa: PLC0415 - slow to load
    import twilio.rest.api.v2010.account.call  # noqa: PLC0415, F401


def _client(account: str, token: str, http: Any) -> Any:
    from twilio.rest import Client  # noqa: PLC0415 - slow to load

    return Client(account, token, http_client=http)


def _elsewhere(api: str) -> Any:
    """The library's HTTP client, sent to `api` instead of where it would go."""
    from aiohttp import BasicAuth, ClientTimeout  # noqa: PLC0415 - slow to load
    from twilio.http.async_http_client import AsyncTwilioHttpClient  # noqa: PLC0415 - slow to load

    class Elsewhere(AsyncTwilioHttpClient):  # type: ignore[misc]  # published without types
        async def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
            return await super().request(method, api + url.removeprefix(API), *args, **options)

        async def fetched(self, url: str, auth: tuple[str, str]) -> tuple[int, bytes]:
            """Status and body as it is: the library reads every answer as text."""
            there = api + url.removeprefix(API)
            async with self.session.get(there, auth=BasicAuth(*auth), timeout=ClientTimeout(SECONDS)) as answer:
                return answer.status, await answer.content.read(MOST_BYTES + 1) if answer.status == _OK else b""

    return Elsewhere(timeout=SECONDS)
