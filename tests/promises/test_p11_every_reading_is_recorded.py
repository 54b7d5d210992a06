"""P11: every reading of somebody's contact is recorded before it is shown, in a log that shows tampering up to the last
head an outside witness holds: edit, delete, reorder, insert, cut.

What each does to the chain alone is in `tests/contacts/test_witness.py`; here it is done to a log that real work wrote,
and found by the command that an administrator runs.
"""

import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from config import cli
from config.settings import SETTINGS_FILE, Settings
from contacts.audit_chain import Broken
from contacts.contact import Refused
from contacts.openings import OpeningReason
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit, audit_head
from contacts.tables_staff import openings
from contacts.words import Words
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, message_id, opened_house
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
Command = Callable[..., Result]


@pytest.fixture
async def here(store: Store) -> AsyncIterator[Worker]:
    async with opened_house(store, ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))) as worker:
        yield worker


async def over(here: Worker, session: Session) -> ContactId:
    talk, desk = await here.conversation(session)
    await here.says(talk, 1)
    await here.house.desk_door.noted(session, desk.contact, message_id(2), Words("muistiin pantu"))
    await here.house.desk_door.ended(session, desk.contact)
    return desk.contact


async def readers(here: Worker, contact: ContactId) -> list[tuple[str | None, str]]:
    """Who opened a contact, and how, as the log says."""
    async with here.house.resources.store.read() as conn:
        query = select(audit.c.actor, audit.c.action).where(audit.c.contact == contact, audit.c.action.like("open%"))
        return [(row.actor, row.action) for row in await conn.execute(query.order_by(audit.c.number))]


async def test_p11_every_way_to_read_is_in_the_log(here: Worker) -> None:
    lead = await here.signed_in("liisa", Role.LEAD)
    anna = await here.on_duty("anna")
    contact = await over(here, anna)
    assert await readers(here, contact) == [(anna.staff_id, "open")]
    await here.house.keeping.reading.read(anna, contact, None)
    assert await readers(here, contact) == [(anna.staff_id, "open")], "one session, one line"
    await here.house.keeping.reading.read(lead, contact, OpeningReason.COMPLAINT)
    assert (await readers(here, contact))[-1] == (lead.staff_id, "open_with_reason")


async def test_p11_what_cannot_be_recorded_is_not_shown(here: Worker) -> None:
    lead = await here.signed_in("liisa", Role.LEAD)
    anna = await here.on_duty("anna")
    contact = await over(here, anna)
    store = here.house.resources.store
    await without_triggers(store)
    async with store.write() as conn:
        await conn.execute(audit.delete())
        await conn.execute(insert(audit).values(number=10_000, at=1, action="open", prev=b"", hash=b""))
        await conn.execute(openings.delete())
        await conn.execute(audit_head.update().values(hash=b"forged"))
    with pytest.raises(Refused):
        await here.house.keeping.reading.read(lead, contact, OpeningReason.COMPLAINT)


async def test_p11_an_opening_taken_out_of_the_log_is_missed(here: Worker) -> None:
    lead = await here.signed_in("liisa", Role.LEAD)
    anna = await here.on_duty("anna")
    contact = await over(here, anna)
    await here.house.keeping.reading.read(lead, contact, OpeningReason.SAFETY)
    await here.signed_in("otso")
    store = here.house.resources.store
    async with store.read() as conn:
        query = select(audit.c.number).where(audit.c.action == "open_with_reason")
        number = (await conn.execute(query)).scalar_one()
    await without_triggers(store)
    async with store.write() as conn:
        await conn.execute(audit.delete().where(audit.c.number == number))
    async with store.read() as conn:
        assert await here.house.office.audit_check.verify(conn) == Broken(number, "missing")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`python -m config.cli` as an administrator runs it, on a deployment of its own."""
    for name in [*Settings.model_fields, SETTINGS_FILE]:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("MODE", "development")
    monkeypatch.setenv("SECOND_FACTOR", "no")
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook)

    def run(folder: Path, *words: str) -> Result:
        monkeypatch.setenv("DATA_DIR", str(folder))
        return CliRunner().invoke(cli.app, words)

    yield run
    structlog.reset_defaults()
    root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook = before


def test_p11_the_command_names_the_row_below_the_witnessed_head(command: Command, tmp_path: Path) -> None:
    data, witness = tmp_path / "data", tmp_path / "witness"
    assert command(data, "setup", "--login", "leena", "--alias", "Leena").exit_code == 0
    held = command(data, "audit", "head")
    witness.write_text(held.stdout)
    good = command(data, "audit", "verify", "--witness", str(witness))
    assert (good.exit_code, "agree with 1 heads" in good.stdout) == (0, True), good
    words = held.stdout.split(" ")
    witness.write_text(" ".join([*words[:2], "9", *words[3:]]))
    forged = command(data, "audit", "verify", "--witness", str(witness))
    assert (forged.exit_code, "Line 1" in forged.stderr) == (1, True), forged
    backup = command(data, "backup", "--content", str(tmp_path / "c"), "--keyring", str(tmp_path / "k"))
    assert backup.exit_code == 0, backup
    witness.write_text(command(data, "audit", "head").stdout)
    # A deployment brought back from the backup is older than what the witness has seen.
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True, mode=0o700)
    (other / "keys" / "app.key").write_bytes((data / "keys" / "app.key").read_bytes())
    (other / "keys" / "app.key").chmod(0o600)
    (content,), (keyring,) = (tmp_path / "c").iterdir(), (tmp_path / "k").iterdir()
    restored = command(other, "restore", "--content", str(content), "--keyring", str(keyring))
    assert restored.exit_code == 0, restored
    found = command(other, "audit", "verify", "--witness", str(witness))
    assert (found.exit_code, "not the row that was witnessed" in found.stdout) == (1, True), found
    again = command(other, "restore", "--content", str(content), "--keyring", str(keyring))
    assert "empty one" in again.stderr
