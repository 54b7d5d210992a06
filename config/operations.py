"""Addresses for machines that watch this one: `/health`, and `/audit/head` for the witness. docs/operations.md."""

import hmac
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from config.health import well
from config.house import House

_HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def operations_routes(house: House) -> list[BaseRoute]:
    """GET /health and GET /audit/head."""

    async def health(_request: Request) -> Response:
        signs = await house.keeping.health.signs()
        good = well(signs)
        return JSONResponse({"ok": good, "checks": signs}, 200 if good else 503, headers=_HEADERS)

    async def head(request: Request) -> Response:
        """The newest head, signed, for who shows the token; for everybody else there is nothing here."""
        token = house.settings.audit_witness_token.get_secret_value()
        shown = request.headers.get("authorization", "")
        if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            raise HTTPException(404)
        async with house.resources.store.read() as conn:
            line = await house.office.witness.line(conn)
        return PlainTextResponse(line + "\n", headers=_HEADERS)

    return [Route("/health", health, methods=["GET"]), Route("/audit/head", head, methods=["GET"])]
