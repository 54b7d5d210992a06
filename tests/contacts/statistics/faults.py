"""A store whose n-th statement does not happen, or never comes back; and a program that is killed there."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import event

from contacts.app_key import AppKey
from contacts.framing import Deployment
from contacts.marks import Mark, MemoryMarks
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation
from tests.contacts.statistics.counting_world import World
from tests.stores import every_table


class Cut(Exception):
    """Here it was cut off."""


@contextmanager
def cut_at(store: Store, at: int | str, *, kill: bool = False) -> Iterator[list[str]]:
    """Fail (or die) before a statement or commit of any writer: the n-th, from 1, or the first that begins so.

    Gives the statements seen.
    """
    engine, seen = store._writer.sync_engine, list[str]()

    def step(what: str) -> None:
        seen.append(what)
        if len(seen) == at or (isinstance(at, str) and what.startswith(at)):
            if kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Cut

    def statement(_conn: object, _cursor: object, sql: str, *_rest: object) -> None:
        step(sql)

    def commit(_conn: object) -> None:
        step("COMMIT")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


async def _killed(given: dict[str, str]) -> None:
    """Move, and die at a statement."""
    every_table()
    store, clock = Store(url=given["url"]), ManualClock(datetime.fromisoformat(given["now"]))
    here = Installation(
        store, clock, AppKey(bytes.fromhex(given["key"])), MemoryMarks(), Deployment(given["deployment"])
    )
    here.marks.accept(Mark(epoch=int(given["epoch"])))
    world = World(here, None)  # type: ignore[arg-type]
    with cut_at(store, given["at"], kill=True):
        await world.mover.move()
    await store.close()


if __name__ == "__main__":
    asyncio.run(_killed(json.loads(sys.stdin.read())))
