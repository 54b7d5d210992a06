"""Quietline's own web process on a socket that is given: `python -m bench.quietline_server DESCRIPTOR`.

As `config.web` serves it, with settings from the environment; only the rate limits are lifted, because one measured
visitor says what thousands would.
"""

import socket
import sys
from functools import partial

from chat.rate import Rate
from config.asgi import create_app
from config.settings import read_settings
from config.web import serve_here

UNLIMITED = Rate(per_second=1e9, burst=1e9)

if __name__ == "__main__":
    serve_here(
        read_settings(),
        socket.socket(fileno=int(sys.argv[1])),
        application=partial(create_app, visitor_rate=UNLIMITED, desk_rate=UNLIMITED),
    )
