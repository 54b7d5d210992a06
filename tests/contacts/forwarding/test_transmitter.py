"""Marked sent, committed, then transmitted: at most once, whatever happens in between, and nothing fails in silence."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from contacts.forwarding.age import decrypted
from contacts.forwarding.consent import ConsentId, Denied, ForwardingId, Moved, Outcome, Withdrawer
from contacts.forwarding.parcel import check, unpacked
from contacts.forwarding.post import MemoryPost, NotHandedOver, Reason, Unconfirmed
from contacts.forwarding.smtp_post import MailServer, SmtpPost, Tls
from contacts.holds import Held, hold
from storage.engine import Store
from tests.contacts.forwarding.pdf_text import letters
from tests.contacts.forwarding.scene import Scene, scene
from tests.contacts.forwarding.test_sending import queued, standing, waiting
from tests.mail import Catcher, catching, ledger_of

ROOT = Path(__file__).resolve().parents[3]


def by_smtp(here: Scene, catcher: Catcher) -> SmtpPost:
    server = MailServer(host="127.0.0.1", port=catcher.port, tls=Tls.NONE, sender="posti@palvelu.example")
    return SmtpPost(server=server, clock=here.worker.clock, seconds=5)


async def consent_of(here: Scene, forwarding: ForwardingId) -> ConsentId:
    async with here.store.read() as conn:
        found = await here.worker.house.gate.forwardings.find(conn, forwarding)
    assert found is not None
    assert found.consent is not None
    return found.consent


async def withdrawn(here: Scene, consent: ConsentId) -> None:
    async with here.store.write() as conn:
        await here.worker.house.gate.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)


async def test_by_real_mail_it_arrives_once_and_a_withdrawal_is_told(store: Store) -> None:
    async with scene(store) as here, catching(ledger_of(store)) as catcher:
        transmitter = here.another(by_smtp(here, catcher)).transmitter
        forwarding = await queued(here)
        for _ in range(3):
            await transmitter.run()
        (document,) = catcher.contents()
        check(unpacked(decrypted(here.identity, document)), here.leaving.service_key.public)
        await withdrawn(here, await consent_of(here, forwarding))
        for _ in range(3):
            await transmitter.run()
        _, notice = catcher.contents()
        told = unpacked(decrypted(here.identity, notice))
        check(told, here.leaving.service_key.public)
        assert (told.manifest.kind, told.json) == ("withdrawal", None)
        assert told.manifest.reference == unpacked(decrypted(here.identity, document)).manifest.reference
        assert told.manifest.reference in letters(told.pdf)
        assert await waiting(here) == (0, 0)
        (one,) = await here.leaving.following.listed(here.otso, here.contact)
        assert (one.forwarding.state, one.notice) == (Moved.WITHDRAWN, Moved.SENT)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_between_commit_and_transmission_it_leaves_at_most_once_and_shows(
    store: Store, when: str, database_url: str
) -> None:
    async with scene(store) as here, catching(ledger_of(store)) as catcher:
        forwarding = await queued(here)
        staff = here.worker.staff
        given = {
            "app_key": staff.app_key._raw.hex(),
            "deployment": staff.deployment,
            "clock": int(here.worker.clock.now().timestamp()),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.contacts.forwarding.killed_transmitter", database_url, str(catcher.port), when,
            cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await process.communicate(json.dumps(given).encode())
        assert process.returncode == -signal.SIGKILL
        assert await standing(here, forwarding) == (Moved.SENT, None, True), "sent, not confirmed"
        arrived = 0 if when == "before" else 1
        assert len(catcher.arrived) == arrived
        transmitter = here.another(by_smtp(here, catcher)).transmitter
        here.worker.clock.advance(600)
        for _ in range(2):
            await transmitter.run()
        assert len(catcher.arrived) == arrived, "no process ever tries it again"
        await here.leaving.following.did_not_arrive(here.otso, here.contact, forwarding)
        assert await standing(here, forwarding) == (Moved.FAILED, Outcome.UNCONFIRMED, False)
        await transmitter.run()
        assert len(catcher.arrived) == arrived
        anew = await here.leaving.following.again(here.otso, here.contact, forwarding)
        await transmitter.run()
        assert len(catcher.arrived) == arrived + 1, "a person decided"
        assert await standing(here, anew) == (Moved.SENT, None, False)


async def test_what_was_certainly_not_handed_over_failed_with_its_reason(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        for reason in Reason:
            post.fails, post.arrived = [NotHandedOver(reason)], []
            forwarding = await queued(here)
            await here.leaving.transmitter.run()
            assert await standing(here, forwarding) == (Moved.FAILED, Outcome(reason.value), False)
            await here.leaving.transmitter.run()
            assert post.arrived == [], "not at once"
            here.worker.clock.advance(301)
            await here.leaving.transmitter.run()
            passing = reason in {Reason.UNREACHABLE, Reason.LATER}
            assert len(post.arrived) == passing
            assert (await standing(here, forwarding))[0] is (Moved.SENT if passing else Moved.FAILED)


async def test_after_six_hours_only_a_person_tries_again(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        post.fails = [NotHandedOver(Reason.UNREACHABLE)] * 2
        await here.leaving.transmitter.run()
        here.worker.clock.advance(6 * 3600 + 1)
        await here.leaving.transmitter.run()
        assert len(post.fails) == 1
        post.fails = []
        otso = await here.worker.signed_in("otso")
        anew = await here.leaving.following.again(otso, here.contact, forwarding)
        await here.leaving.transmitter.run()
        assert len(post.arrived) == 1
        with pytest.raises(Denied):
            await here.leaving.following.again(otso, here.contact, anew)


async def test_a_line_that_was_cut_leaves_it_unconfirmed_for_ever(store: Store) -> None:
    post = MemoryPost()
    post.fails = [Unconfirmed()]
    async with scene(store, post) as here:
        forwarding = await queued(here)
        for _ in range(3):
            await here.leaving.transmitter.run()
            here.worker.clock.advance(301)
        assert post.arrived == []
        assert await standing(here, forwarding) == (Moved.SENT, None, True)
        await here.leaving.following.reported(here.otso, here.contact, forwarding, Moved.ACKNOWLEDGED)
        assert await waiting(here) == (0, 0), "they have it"


async def test_what_is_withdrawn_at_the_last_moment_is_not_transmitted(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        async with store.write() as conn:
            assert await here.worker.house.gate.forwardings.mark_sent(conn, forwarding)
        await withdrawn(here, await consent_of(here, forwarding))
        await here.leaving.transmitter._transmit(forwarding, here.organisation)
        assert post.arrived == []
        assert (await standing(here, forwarding))[0] is Moved.WITHDRAWN


async def test_nothing_goes_to_an_address_or_key_that_somebody_changed_since(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding, organisation = await queued(here), here.organisation
        here.worker.clock.advance(5)
        async with store.write() as conn:
            found = await here.worker.house.partners.organisations.find(conn, organisation.id)
            assert found is not None
            await here.worker.house.partners.organisations.verify(
                conn, organisation.id, revision=found.revision, by=here.lead.staff_id
            )
        await here.leaving.transmitter.run()
        assert post.arrived == []
        assert await standing(here, forwarding) == (Moved.FAILED, Outcome.DESTINATION_CHANGED, False)


async def test_two_transmitters_at_once_send_it_once(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        await queued(here)
        both = [here.another(post).transmitter for _ in range(2)]
        await asyncio.gather(*(each.run() for each in both))
        assert len(post.arrived) == 1


async def test_after_a_restore_nothing_leaves_until_a_lead_releases_it(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        async with store.write() as conn:
            await hold(conn, Held.SENDING, now=int(here.worker.clock.now().timestamp()))
        await here.leaving.transmitter.run()
        assert post.arrived == []
        assert (await standing(here, forwarding))[0] is Moved.QUEUED


async def test_a_notice_that_failed_is_tried_again_and_one_without_an_address_fails(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        await here.leaving.transmitter.run()
        await withdrawn(here, await consent_of(here, forwarding))
        post.fails = [NotHandedOver(Reason.UNREACHABLE)]
        for _ in range(2):
            await here.leaving.transmitter.run()
        (one,) = await here.leaving.following.listed(here.otso, here.contact)
        assert (len(post.arrived), one.notice) == (1, Moved.FAILED)
        here.worker.clock.advance(301)
        await here.leaving.transmitter.run()
        (one,) = await here.leaving.following.listed(here.otso, here.contact)
        assert (len(post.arrived), one.notice) == (2, Moved.SENT)
        assert await waiting(here) == (0, 0)


async def test_the_transmitter_is_a_job_behind_the_lease(store: Store) -> None:
    async with scene(store) as here:
        jobs = {job.name: job.run for job in here.worker.house.sweeps.jobs}
        assert jobs["transmit"] == here.worker.house.leaving.transmitter.run
