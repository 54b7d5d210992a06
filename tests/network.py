"""No test reaches beyond this machine: not by accident, and not hidden by an `except` in the product.

Python tells an audit hook before each connection and each name look-up, so nothing is patched. Programs that tests
start are not covered (Chromium gets its own flags in `tests/browser.py`), nor is uvloop's own C code: tests run on
asyncio's loop.
"""

import ipaddress
import os
import sys
from collections.abc import Sequence

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKING_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_LOCAL_NAMES = frozenset({"", "localhost", "testserver"})


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach something that is not this machine."""


class Guard:
    """Refuses and remembers each attempt; `attempts` is emptied by whoever reports them."""

    def __init__(self) -> None:
        self.attempts: list[str] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: Sequence[object]) -> None:
        if not event.startswith("socket."):
            return
        if event in _CONNECTING:
            self._judge(event, args[1])
        elif event in _LOOKING_UP:
            self._judge(event, (args[0],))

    def _judge(self, event: str, target: object) -> None:
        host = target[0] if isinstance(target, tuple) else None  # a Unix socket's address is a path
        if host is None or is_local(os.fsdecode(host)):
            return
        self.attempts.append(f"{event} {host}")
        raise NetworkForbiddenError(f"tests may not reach {host}")


def is_local(host: str) -> bool:
    """Whether a name or address is this machine, by itself and without asking anybody."""
    if host.lower() in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
