"""How processes start in vain and how they are told to stop."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

#: Exit codes: starting again is of no use; starting again may help (sysexits.h: EX_CONFIG, EX_TEMPFAIL).
CANNOT_START = 78
FAILED = 75


class Hindrance(StrEnum):
    """What has to be put right before the service can start."""

    NOT_MIGRATED = "not_migrated"
    NEWER_SCHEMA = "newer_schema"
    SCHEMA_CHANGED = "schema_changed"
    NO_ROLE = "no_role"
    APP_KEY = "app_key"
    MARKS = "marks"
    FORGED = "forged"
    FOLDER = "folder"


class CannotStart(Exception):
    """Starting again changes nothing until a person has acted. The message is a sentence that says how."""

    def __init__(self, code: Hindrance, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@contextmanager
def stop_signals(stop: Callable[[], None], stop_now: Callable[[], None] | None = None) -> Iterator[None]:
    """SIGTERM, SIGINT or the supervisor's death call `stop`; a second signal calls `stop_now`."""
    loop = asyncio.get_running_loop()
    asked = False

    def told() -> None:
        nonlocal asked
        if asked and stop_now is not None:
            stop_now()
        asked = True
        stop()

    def orphaned() -> None:
        if parent is not None:
            loop.remove_reader(parent.sentinel)
        told()

    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, told)
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop.add_reader(parent.sentinel, orphaned)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
        if parent is not None:
            loop.remove_reader(parent.sentinel)
