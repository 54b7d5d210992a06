# P10: content is gone when its time is up, also when the process that destroys it dies (docs/promises.md).
"""Retention killed with SIGKILL in the middle of statements and commits: what was left undone is made up for, once."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contacts.audit import Action
from contacts.contact import Klass
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_keys import segments
from contacts.tables_log import entries
from storage.clock import epoch_seconds
from tests.contacts.installation import Installation
from tests.contacts.retained import DAY, Kept, classes_of, contact_with, there, worker
from tests.stores import ROOT

pytestmark = pytest.mark.anyio

Dies = Callable[[int], "asyncio.Future[bool]"]


@asynccontextmanager
async def deadly(here: Installation, url: str) -> AsyncIterator[Dies]:
    """Begin a run that dies at a moment; whether it did, or had finished before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contacts.killed_retention", url, cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    reading, writing = process.stdout, process.stdin
    given = {
        "app_key": here.app_key._raw.hex(),
        "deployment": here.deployment,
        "clock": epoch_seconds(here.clock.now()),
    }
    writing.write(json.dumps(given).encode() + b"\n")

    def dies(moment: int) -> "asyncio.Future[bool]":
        async def asked() -> bool:
            writing.write(f"{moment}\n".encode())
            return await reading.readline() == b"killed\n"

        return asyncio.ensure_future(asked())

    yield dies
    writing.close()
    assert await process.wait() == 0


async def half_gone(here: Installation, kept: list[Kept]) -> list[tuple[str, Klass]]:
    """Classes of which words are there without a key, or a key without words."""
    async with here.store.read() as conn:
        words = set(map(tuple, await conn.execute(select(entries.c.contact, entries.c.klass))))
        keys = set(map(tuple, await conn.execute(select(segments.c.contact, segments.c.klass))))
    return [
        (one.id, klass) for one in kept for klass in Klass if ((one.id, klass) in words) != ((one.id, klass) in keys)
    ]


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.fault)])
async def test_p10_however_often_the_run_is_killed_all_that_is_due_goes_and_nothing_else(
    here: Installation, lead: Session, database_url: str, tmp_path: Path, step: int
) -> None:
    old = [await contact_with(here) for _ in range(3)]
    here.clock.advance(366 * DAY)
    young = await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD)
    live = await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD, ended=False)
    kills = 0
    async with deadly(here, database_url) as dies:
        for turn in count(1):
            # Later and later, so that every run gets further than the one before: also a run that does little is begun often.
            if not await dies(step * turn * (turn + 1) // 2):
                break
            kills += 1
            assert await half_gone(here, [*old, young, live]) == []
            for other in (young, live):
                assert await classes_of(here, other, lead) == {Klass.TRANSCRIPT, Klass.RECORD}
    assert kills >= 5

    await worker(here).run()
    for one in old:
        assert await classes_of(here, one, lead) == set()
        assert not await there(here, one.id)
    for other in (young, live):
        assert await classes_of(here, other, lead) == {Klass.TRANSCRIPT, Klass.RECORD}
    async with here.store.read() as conn:
        query = select(audit.c.contact, audit.c.detail, func.count()).where(audit.c.action == Action.ERASURE.value)
        lines = {tuple(row) for row in await conn.execute(query.group_by(audit.c.contact, audit.c.detail))}
        assert await here.audit_check.verify(conn) is None
    assert lines == {(one.id, klass.value, 1) for one in old for klass in Klass}, "each once, whoever was killed"
    if here.store.dialect == "sqlite":
        octets = _octets(tmp_path)
        assert not [klass for one in old for klass, entry in one.entries.items() if entry.sealed in octets]


def _octets(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("store.sqlite*"))
