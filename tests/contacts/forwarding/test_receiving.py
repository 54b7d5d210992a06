"""What organisations do with what they received: a key or a passphrase, one command, and what it says when it is not right."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pyrage
import pytest
from typer.testing import CliRunner

from config import cli
from contacts.forwarding.age import NotForThisKey, decrypted
from contacts.forwarding.consent import ForwardingId
from contacts.forwarding.parcel import check, unpacked
from contacts.organisations.organisation import Channel
from storage.engine import Store
from tests.contacts.forwarding.scene import SUMMARY, TOLD, Scene, scene
from tests.stores import sqlite_with_tables


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Of one kind: nothing here is the database's business."""
    store = Store(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    yield store
    await store.close()


async def queued(here: Scene, channel: Channel) -> ForwardingId:
    consent = await here.consent()
    sent = await here.leaving.sending.send(here.otso, here.contact, consent, channel=channel, seen=None)
    return sent.forwarding


async def test_without_their_key_a_passphrase_is_told_by_telephone(store: Store) -> None:
    async with scene(store) as here:
        consent = await here.consent()
        made = await here.leaving.sending.send(
            here.otso, here.contact, consent, channel=Channel.DOWNLOAD, seen=None, by_passphrase=True
        )
        assert made.passphrase is not None
        content = await here.leaving.sending.download(here.otso, here.contact, made.forwarding)
        with pytest.raises(NotForThisKey):
            decrypted(here.identity, content)
        parcel = unpacked(pyrage.passphrase.decrypt(content, made.passphrase.reveal()))
        check(parcel, here.leaving.service_key.public)


async def test_the_receiver_opens_it_with_one_command(store: Store, tmp_path: Path) -> None:
    async with scene(store) as here:
        forwarding = await queued(here, Channel.DOWNLOAD)
        (tmp_path / "got.age").write_bytes(await here.leaving.sending.download(here.otso, here.contact, forwarding))
        (tmp_path / "key.txt").write_text(f"# made by age-keygen\n{here.identity}\n")
        printed = (
            f"{here.leaving.service_key.pem()}\nFingerprint: 0123\n"  # people keep all of what `service-key` prints
        )
        (tmp_path / "service.pem").write_text(printed)
        command = ["open-referral", str(tmp_path / "got.age")]
        command += ["--key", str(tmp_path / "key.txt"), "--service", str(tmp_path / "service.pem")]
        ran = CliRunner().invoke(cli.app, [*command, "--into", str(tmp_path / "in")])
        assert ran.exit_code == 0, ran.stderr
        assert "both signatures are right" in ran.stdout
        assert json.loads((tmp_path / "in" / "forwarding.json").read_bytes())["summary"] == SUMMARY
        assert TOLD not in ran.stdout
        (tmp_path / "key.txt").write_text(str(pyrage.x25519.Identity.generate()))
        ran = CliRunner().invoke(cli.app, [*command, "--into", str(tmp_path / "no")])
        assert (ran.exit_code, (tmp_path / "no").exists()) == (78, False)
        assert "Traceback" not in ran.stderr
