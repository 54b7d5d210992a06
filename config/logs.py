"""What may be written to the log: fixed event names and fields from one list. Never words, addresses or exception text.

A log line is `event` (a fixed name in our source) plus fields of `ALLOWED_FIELDS` whose values look like codes or
numbers. Anything else is replaced, not printed. An exception is told as its type and the places in our source it
passed through. Other libraries' messages are dropped: they quote addresses, SQL and frames (traps.md: uvicorn writes
client address and path of sockets through `uvicorn.error` even with the access log off).
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

ALLOWED_FIELDS = frozenset((
    "action", "address", "attempt", "code", "count", "days", "dialect", "error", "exit_code", "fault", "job", "level", "library",
    "mode", "number", "process", "reason", "revision", "seconds", "service", "state", "status", "timestamp", "where",
    "worker", "workers",
))  # fmt: skip
#: Our own addresses only: what we listen on, told once at start.
_FREE_TEXT = frozenset({"address", "timestamp", "where"})
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_HIDDEN = "(hidden)"
_ROOT = Path(__file__).parents[1]
_MOST_PLACES = 6
_SHIPPED_OFF = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets", "twilio", "httpx")

EventDict = MutableMapping[str, Any]


def only_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep the event name and allowed fields with harmless values; hide the rest."""
    name = event.get("event")
    kept: EventDict = {"event": name if isinstance(name, str) and _CODE.match(name) else _HIDDEN}
    for field, value in event.items():
        if field in ALLOWED_FIELDS:
            kept[field] = value if field in _FREE_TEXT else _harmless(value)
        elif field != "event":
            kept["hidden"] = kept.get("hidden", 0) + 1
    return kept


def told_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places it passed through."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = places(error.__traceback__)
    return event


def places(trace: TracebackType | None) -> str:
    """The last few lines of our own source in a traceback, innermost first: `chat/live.py:31 chat/socket.py:80`."""
    ours = []
    for frame in traceback.extract_tb(trace):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT) and ".venv" not in path.parts:
            ours.append(f"{path.relative_to(_ROOT)}:{frame.lineno}")
    return " ".join(reversed(ours[-_MOST_PLACES:]))


def _harmless(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value.value) if isinstance(value, Enum) else value
    return text if isinstance(text, str) and _CODE.match(text) else _HIDDEN


class _OtherLibraries(logging.Handler):
    """What arrives through the standard library's logging: the library's name, the level, an exception's type."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, "library_message", library=record.name, exc_info=error)


def configure_logs(*, readable: bool, to: TextIO | None = None) -> None:
    """JSON lines, or readable ones for a person. Called once by each process, before anything else."""
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            told_exception,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            only_allowed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_OtherLibraries()]
    root.setLevel(logging.WARNING)
    logging.raiseExceptions = False
    for name in _SHIPPED_OFF:
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.propagate = False
        library.setLevel(logging.CRITICAL + 1)
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_thread


def told_by_loop(_loop: object, context: Mapping[str, Any]) -> None:
    """For `loop.set_exception_handler`: asyncio's own text would quote the exception."""
    structlog.get_logger().error("task_failed", exc_info=context.get("exception"))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("uncaught", exc_info=(kind, error, trace))


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    structlog.get_logger().error("unraisable", exc_info=told.exc_value)


def _in_thread(told: threading.ExceptHookArgs) -> None:
    structlog.get_logger().error("thread_failed", exc_info=told.exc_value)
