"""RAW: the cheapest relay there is on the same server, nothing stored: `python -m bench.raw_relay DESCRIPTOR`.

Two sockets with the same path are a pair; what one sends, the other gets.
"""

import asyncio
import socket
import sys

import uvicorn
from starlette.types import Receive, Scope, Send


class RawRelay:
    """A bare ASGI application for sockets."""

    def __init__(self) -> None:
        self._sends: dict[str, list[Send]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        pair = self._sends.setdefault(scope["path"], [])
        mine = len(pair)
        pair.append(send)
        while (message := await receive())["type"] == "websocket.receive":
            await pair[1 - mine]({"type": "websocket.send", "text": message["text"]})


def serve(listening: socket.socket) -> None:
    """Serve on a listening socket until SIGTERM."""
    config = uvicorn.Config(
        RawRelay(),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    asyncio.Runner(loop_factory=config.get_loop_factory()).run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
