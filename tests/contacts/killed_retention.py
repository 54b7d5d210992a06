"""A retention worker that is killed with SIGKILL at a chosen moment, again and again (tests/contacts/test_retention_killed.py).

    python -m tests.contacts.killed_retention <database>

This process imports everything once. Standard input: a line `{"app_key": hex, "deployment": text, "clock": seconds since
1970}`, then numbers, one a line. For each a fork of it begins a run and kills itself at that moment: moments are counted
before and after every statement, and before every commit. Standard output: `killed`, or `finished` when the run was shorter.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from datetime import UTC, datetime

from sqlalchemy import event

from contacts.app_key import AppKey
from contacts.framing import Deployment
from contacts.marks import Mark, MemoryMarks
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation
from tests.contacts.retained import worker
from tests.stores import every_table


class Deadly:
    """Counts moments down, and dies at the last."""

    def __init__(self, moment: int) -> None:
        self._left = moment

    def __call__(self, *_told: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def run(url: str, given: dict[str, str], moment: int) -> None:
    """One run of retention on this database, until it dies."""
    store, marks, deadly = Store(url=url), MemoryMarks(), Deadly(moment)
    marks.accept(Mark())
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store._writer.sync_engine, name, deadly)
    clock = ManualClock(datetime.fromtimestamp(int(given["clock"]), UTC))
    app_key = AppKey(bytes.fromhex(given["app_key"]))
    here = Installation(store, clock, app_key, marks, Deployment(given["deployment"]))
    await worker(here, batch=2).run()


def killed(url: str, given: dict[str, str], moment: int) -> bool:
    """Whether a fork was killed before it had finished."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            asyncio.run(run(url, given, moment))
            status = 0
        except Exception:  # noqa: BLE001 - a fork tells by its status, and says why
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "it failed by itself"
    return os.WIFSIGNALED(status)


def main() -> None:
    """The command line."""
    every_table()
    given = json.loads(sys.stdin.readline())
    for line in iter(sys.stdin.readline, ""):
        print("killed" if killed(sys.argv[1], given, int(line)) else "finished", flush=True)


if __name__ == "__main__":
    main()
