"""RAW of the hotline: a bare Starlette handler that only proves the signature: `python -m bench.bare_signature DESCRIPTOR`.

BENCH_TOKEN and BENCH_BASE say what the provider signs with and for.
"""

import asyncio
import os
import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

_ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1" /></Response>'


def application(token: str, base: str) -> Starlette:
    """Answers every proven POST with the same short document, every other with 403."""
    validator = RequestValidator(token)

    async def hook(request: Request) -> Response:
        address = base + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        async with request.form() as form:
            if not validator.validate(address, form, request.headers.get("x-twilio-signature", "")):
                return Response(status_code=403)
        return Response(_ANSWER, media_type="text/xml")

    return Starlette(routes=[Route("/hotline/{step}", hook, methods=["POST"])])


def serve(listening: socket.socket, app: Starlette) -> None:
    """Serve on a listening socket until SIGTERM."""
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", lifespan="off", log_config=None, access_log=False, proxy_headers=False
    )
    asyncio.Runner(loop_factory=config.get_loop_factory()).run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), application(os.environ["BENCH_TOKEN"], os.environ["BENCH_BASE"]))
