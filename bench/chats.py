"""Two ends of one chat, as a measurement sees them: how to say something, and what was heard."""

import asyncio
import time
from collections.abc import Callable

from bench.wire import Line, NoSocket, frame_head

#: Bytes of one message.
MESSAGE_BYTES = 120
#: Seconds for an answer that has to come before anything can be measured.
ANSWER_WITHIN = 30.0

#: Hexadecimal digits of a message's number.
NUMBER_DIGITS = 12


class Speech:
    """The frame of a message, all but its number: `before` and `after` are what stands around 12 hexadecimal digits."""

    __slots__ = ("_after", "_before")

    def __init__(self, *, before: str, after: str) -> None:
        text = before.encode()
        self._before = frame_head(len(text) + NUMBER_DIGITS + len(after)) + text
        self._after = after.encode()

    def frame(self, number: int) -> bytes:
        """The message with this number."""
        return self._before + b"%012x" % number + self._after


class End:
    """One side. `is_message` and `is_ack` tell frames apart; `shows` makes the frame that says "shown", where there is one."""

    __slots__ = ("_speech", "is_ack", "is_message", "line", "said", "said_at", "shows")

    def __init__(
        self,
        *,
        line: Line,
        speech: Speech,
        is_message: Callable[[bytes], bool],
        is_ack: Callable[[bytes], bool],
        shows: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.line = line
        self._speech = speech
        self.is_message = is_message
        self.is_ack = is_ack
        self.shows = shows
        self.said = 0
        self.said_at = 0.0

    def say(self) -> None:
        """Send the next message."""
        self.said += 1
        self.said_at = time.perf_counter()
        self.line.write(self._speech.frame(self.said))


class Chat:
    """A visitor and an operator."""

    __slots__ = ("operator", "visitor")

    def __init__(self, *, visitor: End, operator: End) -> None:
        self.visitor = visitor
        self.operator = operator

    @property
    def ends(self) -> tuple[End, End]:
        """Both."""
        return self.visitor, self.operator


def always(_text: bytes) -> bool:
    """For a relay that carries nothing but messages."""
    return True


def never(_text: bytes) -> bool:
    """For a relay that acknowledges nothing."""
    return False


async def heard(line: Line, wanted: bytes) -> bytes:
    """The next text that begins with `wanted`. Raises `NoSocket` when it does not come."""
    came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def hear(text: bytes) -> None:
        if text.startswith(wanted) and not came.done():
            came.set_result(text)

    line.hear = hear
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await came
    except TimeoutError:
        raise NoSocket(f"no {wanted.decode()} came") from None
    finally:
        line.hear = None
