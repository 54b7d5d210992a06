"""Why a socket was closed, and so what the other side should do (docs/protocol.md, "Close codes")."""

from enum import IntEnum


class Close(IntEnum):
    """Close codes of both sockets."""

    NORMAL = 1000
    TOO_BIG = 1009
    RESTART = 1012
    BAD_FRAME = 4400
    NO_SESSION = 4401
    TOO_SLOW = 4408
    REPLACED = 4409
    OVER = 4410
    TOO_FAST = 4429
    UNAVAILABLE = 4503
