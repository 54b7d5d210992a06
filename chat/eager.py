"""Running a coroutine at once, outside of any task, for as long as it does not wait.

uvicorn's `send` is a coroutine, but waits only for a reader that has fallen behind. A task for each frame would cost
more than the frame. (From Python 3.12 on, asyncio has eager tasks for this.)
"""

from collections.abc import Awaitable, Coroutine, Generator
from typing import Any


def begun(coroutine: Coroutine[Any, Any, object]) -> Awaitable[None] | None:
    """Run it up to where it waits: what is left, to be awaited in a task; None when it is done. Raises what it raises."""
    try:
        waiting = coroutine.send(None)
    except StopIteration:
        return None
    return _Rest(coroutine, waiting)


class _Rest:
    """Waits for what the coroutine waits for, then lets it go on."""

    def __init__(self, coroutine: Coroutine[Any, Any, object], waiting: Any) -> None:
        self._coroutine = coroutine
        self._waiting = waiting

    def __await__(self) -> Generator[Any, Any, None]:
        waiting = self._waiting
        try:
            while True:
                yield waiting
                waiting = self._coroutine.send(None)
        except StopIteration:
            return
        finally:
            self._coroutine.close()
