"""A writer that is killed with SIGKILL again and again: what it acknowledged must be there (tests/contacts/test_committer.py).

    python -m tests.contacts.killed_writer <database> <contact> <kills>

This process imports everything once; each writer is a fork of it that commits until it is killed at a random moment. On
standard output: one line `client_id seq` for each acknowledgement that left the writer before it died.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time

from contacts.committer import Committed, Committer, Decision, Unit
from contacts.contact import Author, Contact, Kind, Klass, NewEntry
from contacts.framing import Deployment
from contacts.sealing import ContentKey
from contacts.words import Words
from storage.clock import SystemClock
from storage.engine import Store
from storage.ids import ContactId, new_id

KEY = bytes(range(32))
AT_ONCE = 8


class Nobody:
    """Listens to commits and does nothing."""

    def committed(self, batch: Committed) -> None: ...


def content_key(contact: ContactId) -> ContentKey:
    """The key that every writer of this contact holds."""
    return ContentKey(deployment=Deployment("d"), contact=contact, klass=Klass.TRANSCRIPT, segment=1, secret=KEY)


async def write(url: str, contact: ContactId, out: int) -> None:
    """Commit for ever, `AT_ONCE` messages at a time, each acknowledged to `out` when its future says so."""
    store, key = Store(url=url), content_key(contact)
    committer = Committer(store=store, clock=SystemClock(), effects={}, listener=Nobody())
    running = asyncio.create_task(committer.run())

    async def say() -> None:
        while not running.done():
            client_id = new_id()

            def rule(found: Contact, _now: int, client_id: str = client_id) -> Decision:
                words = Words(client_id)
                new = NewEntry(kind=Kind.MESSAGE, author=Author.VISITOR, words=words, client_id=client_id)
                return Decision(found, (new,))

            unit = Unit(contact, rule, key=key, client_id=client_id, author=Author.VISITOR)
            receipt = (await committer.submit(unit)).receipt
            assert receipt is not None
            os.write(out, f"{client_id} {receipt.seq}\n".encode())

    await asyncio.gather(*(say() for _ in range(AT_ONCE)))


def killed_once(url: str, contact: ContactId) -> bytes:
    """Fork a writer, let it acknowledge some, kill it; what it had said until then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            asyncio.run(write(url, contact, writing))
        os._exit(1)
    os.close(writing)
    said = os.read(reading, 65536)  # it is at work
    time.sleep(random.uniform(0, 0.04))
    os.kill(child, signal.SIGKILL)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the writer ended by itself"
    return said


def main() -> None:
    """The command line."""
    url, contact, kills = sys.argv[1], ContactId(sys.argv[2]), int(sys.argv[3])
    for _ in range(kills):
        sys.stdout.buffer.write(killed_once(url, contact))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
