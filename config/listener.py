"""The one listening socket, and uvicorn set up as we need it (traps.md, "uvicorn")."""

import socket

import uvicorn
from starlette.types import ASGIApp

from config.heads import ImpatientProtocol
from config.text_frames import TextFrames

BACKLOG = 1024
#: Milliseconds until the kernel gives up a peer that acknowledges nothing: frees clients that stopped reading, on whom
#: `send()` and close would wait for ever. Inherited by accepted connections (tcp(7)).
UNACKNOWLEDGED_MS = 20_000
FRAME_LIMIT = 16 * 1024


class PortTaken(Exception):
    """The address is in use or not ours; the message is a plain sentence."""


def listening_socket(host: str, port: int) -> socket.socket:
    """Bound and listening. Raises `PortTaken`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError:
        raise PortTaken(f"This machine has no address {host}: choose another HOST.") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise PortTaken(f"Port {port} is taken or not allowed: choose another PORT.") from None
    listening.set_inheritable(True)
    return listening


def server_config(app: ASGIApp, *, graceful_seconds: int) -> uvicorn.Config:
    """No logging, no proxy trust, no banner, no deflate, small frames; our own heartbeats instead of uvicorn's."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=ImpatientProtocol,
        ws=TextFrames,
        ws_max_size=FRAME_LIMIT,
        ws_max_queue=8,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=graceful_seconds,
    )
