"""Addresses that the provider reports to (docs/hotline.md, "Webhooks"): proof, edge, switchboard; a shell without rules.

Whatever is not proven gets an empty 403, and nothing of it goes anywhere. Whatever is proven gets an answer within the
second: if the database takes longer, one from memory.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from hotline.apart import Apart
from hotline.intake import Foreign, Stale
from hotline.prompts import Prompts
from hotline.reports import Report, report
from hotline.signature import HEADER, Signature
from hotline.spool import Spool
from hotline.switchboard import Switchboard
from hotline.twiml import CONTENT_TYPE, ROOT
from hotline.verbs import Step
from storage.engine import is_outage

#: What the database may take. Twilio waits 15 s, a caller does not.
PATIENCE_SECONDS = 0.8
MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"
_NO_STORE = {"cache-control": "no-store"}
_WITHOUT_DATABASE = frozenset({Step.SCREEN_APART, Step.ACCEPT_APART})


def hotline_routes(
    *,
    signature: Signature,
    switchboard: Switchboard,
    apart: Apart,
    spool: Spool,
    prompts: Prompts,
    patience: float = PATIENCE_SECONDS,
) -> list[Route]:
    """One address for each step, and the recordings."""
    hooks = Webhooks(signature=signature, switchboard=switchboard, apart=apart, spool=spool, patience=patience)

    async def audio(request: Request) -> Response:
        found = prompts.recording(f"{request.path_params['language']}/{request.path_params['name']}")
        return Response(status_code=404) if found is None else FileResponse(found, media_type="audio/mpeg")

    return [
        *(Route(f"{ROOT}/{step.value}", hooks.answering(step), methods=["POST"]) for step in Step),
        Route(f"{ROOT}/audio/{{language}}/{{name}}", audio, methods=["GET"]),
    ]


class Webhooks:
    """POST /hotline/<step>."""

    def __init__(
        self, *, signature: Signature, switchboard: Switchboard, apart: Apart, spool: Spool, patience: float
    ) -> None:
        self._signature = signature
        self._switchboard = switchboard
        self._apart = apart
        self._spool = spool
        self._patience = patience

    def answering(self, step: Step) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of a step."""

        async def endpoint(request: Request) -> Response:
            proven = await self._proven(step, request)
            if proven is None:
                return Response(status_code=403, headers=_NO_STORE)
            return await self._answered(proven)

        return endpoint

    async def _proven(self, step: Step, request: Request) -> Report | None:
        """The report, if the provider signed it for this address. Nothing of another is kept or told."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
            return None
        path = request.scope.get("raw_path", b"") or request.scope["path"].encode()
        query = request.scope.get("query_string", b"")
        address = path.decode("latin-1").partition("?")[0] + (f"?{query.decode('latin-1')}" if query else "")
        try:
            async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
                if not self._signature.proves(address, form, request.headers.get(HEADER, "")):
                    return None
                fields = {name: value for name, value in form.items() if isinstance(value, str)}
                return report(step, request.query_params, fields)
        except Exception:  # noqa: BLE001 - whatever a stranger sent is refused, and not told
            return None

    async def _answered(self, told: Report) -> Response:
        if told.step in _WITHOUT_DATABASE:
            return self._without(told, spool=told.digits == "1")
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._switchboard.reported(told)
        except Foreign:
            if self._spool.waiting:  # opened while the database was away, and not taken over yet
                return self._without(told)
            return Response(status_code=403, headers=_NO_STORE)
        except Stale:
            return Response(status_code=403, headers=_NO_STORE)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller reaches a phone
            if not is_outage(error):
                structlog.get_logger().error("hotline_failed", exc_info=error)
            return self._without(told)
        if told.step is Step.DIALLED:  # the provider dials by itself: who is next stands in memory
            return self._without(told, spool=False)
        return Response(answer, headers=_NO_STORE, media_type=CONTENT_TYPE)

    def _without(self, told: Report, *, spool: bool = True) -> Response:
        """From memory. If even the disk fails, the caller is still answered."""
        contact = told.contact or self._switchboard.contact_of(told.provider_call)
        try:
            answer = self._apart.answered(contact, told, spool=spool)
        except OSError as error:
            structlog.get_logger().critical("spool_failed", exc_info=error)
            answer = self._apart.answered(contact, told, spool=False)
        return Response(answer, headers=_NO_STORE, media_type=CONTENT_TYPE)
