"""Quietline's own web process on a socket that is given: `python -m bench.quietline_server DESCRIPTOR`.

As `config.web` serves it, with settings from the environment; only the rate limits are lifted, because one measured
visitor says what thousands would.
"""

import gc
import socket
import sys

import uvloop

from chat.rate import Rate
from config.asgi import create_app
from config.assembly import Place, opened
from config.jobs import running
from config.listener import server_config
from config.settings import Settings, read_settings
from config.stopping import stop_signals
from config.web import Server

UNLIMITED = Rate(per_second=1e9, burst=1e9)


async def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM."""
    async with opened(settings) as house:
        app = create_app(house, visitor_rate=UNLIMITED, desk_rate=UNLIMITED)
        server = Server(server_config(app, graceful_seconds=settings.graceful_seconds))
        gc.collect()
        gc.freeze()
        with stop_signals(server.stop, server.stop_now):
            async with running(house.tasks(Place.WEB), closing=house.closing):
                await server.serve_on(listening, None)


if __name__ == "__main__":
    uvloop.run(serve(read_settings(), socket.socket(fileno=int(sys.argv[1]))))
