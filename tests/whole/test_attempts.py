"""What somebody inside might try around consent: each was possible once, and is not any more."""

from dataclasses import replace

import pytest

from contacts.forwarding.consent import Authority, Basis, Danger, Denial, Denied, ForwardingId, Moved, Outcome, Verdict
from contacts.forwarding.emergencies import Act
from contacts.forwarding.post import MemoryPost, NotHandedOver, Reason
from contacts.organisations.organisation import Channel
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene, scene
from tests.contacts.organisations.made import OTHER_KEY
from tests.stores import told
from tests.whole.test_consent import giving, talking

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio


async def queued(here: Scene) -> ForwardingId:
    consent = await here.consent()
    shown = await here.leaving.sending.preview(here.otso, here.contact, consent)
    sent = await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=shown.seen)
    return sent.forwarding


async def key_changed(here: Scene) -> None:
    """The receiver lost their key, or fears so: a lead writes the new one and compares it by telephone."""
    organisations, by = here.worker.house.partners.organisations, here.lead.staff_id
    async with here.store.write() as conn:
        one = await organisations.find(conn, here.organisation.id)
        assert one is not None
        entry = replace(one.entry, recipient=OTHER_KEY)
        one = await organisations.change(conn, one.id, entry, revision=one.revision, by=by)
        one = await organisations.verify(conn, one.id, revision=one.revision, by=by)
        await organisations.change(
            conn, one.id, replace(entry, channels=frozenset(Channel)), revision=one.revision, by=by
        )


async def test_a_file_for_a_key_that_was_given_up_is_not_sent_again(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        post.fails = [NotHandedOver(Reason.REFUSED)]
        await here.leaving.transmitter.run()
        here.worker.clock.advance(5)
        await key_changed(here)
        with pytest.raises(Denied) as denied:
            await here.leaving.following.again(here.otso, here.contact, forwarding)
        assert denied.value.code is Denial.NOT_ASKED_SO
        await here.leaving.transmitter.run()
        assert post.arrived == []
        async with here.store.read() as conn:
            found = await here.worker.house.gate.forwardings.find(conn, forwarding)
        assert found is not None
        assert (found.state, found.outcome) == (Moved.FAILED, Outcome.REFUSED)


async def test_whoever_acted_without_consent_cannot_erase_that_they_did(store: Store) -> None:
    async with scene(store) as here:
        house = here.worker.house
        act = Act(
            contact=here.contact,
            authority=Authority.POLICE,
            reason=Danger.DANGER_TO_LIFE,
            basis=Basis.VITAL_INTERESTS,
            fields=("summary",),
        )
        async with store.write() as conn:
            emergency = await house.gate.emergencies.act(conn, act, by=here.otso)
        await house.desk_door.ended(here.otso, here.contact)
        erased = await house.keeping.asked.erase(here.otso, here.contact)
        assert erased.handed_over == 0
        async with store.read() as conn:
            assert [one.id for one in await house.gate.emergencies.unconfirmed(conn)] == [emergency]
        async with store.write() as conn:
            await house.gate.emergencies.confirm(conn, emergency, Verdict.DISAGREED, by=here.lead)


async def test_nothing_new_leaves_while_the_person_does_not_wish_to_share(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        asked = await desk.ask()
        await here.worker.house.visitor_door.consented(talk, asked["id"], "yes")
        (consent,) = (await desk.give(asked["id"]))["consents"]
        seen = (await desk.get(f"/forwardings/preview/{consent['id']}")).json()["seen"]
        waits = {"permission": consent["id"], "channel": "download", "seen": seen}
        fetched = (await desk.post("/forwardings", waits))["forwarding"]
        await desk.post("/wish", {"wish": "confidential"})
        email = waits | {"channel": "email"}
        assert await desk.refused("/forwardings", email) == (409, "not_live")
        spoken = {"permission": consent["id"], "told_to": "Virta"}
        assert await desk.refused("/forwardings/spoken", spoken) == (409, "not_live")
        assert await desk.refused(f"/forwardings/{fetched}/download") == (409, "not_live")
        await desk.post("/wish", {"wish": "share"})
        await desk.post("/forwardings", email)
        await desk.post("/wish", {"wish": "anonymous"})
        await here.leaving.transmitter.run()
        assert isinstance(here.post, MemoryPost)
        assert here.post.arrived == [], "what waits goes on waiting"
        await desk.post("/wish", {"wish": "share"})
        await here.leaving.transmitter.run()
        assert len(here.post.arrived) == 1


async def test_the_record_of_somebody_under_18_makes_it_a_minors_case_whatever_the_page_says(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        asked = await desk.ask(minor="unknown")
        await here.worker.house.visitor_door.consented(talk, asked["id"], "yes")
        door = here.worker.house.recording.door
        await door.save(here.otso, talk.contact, based_on=1, codes={"age": ("u18",)}, finished=False)
        assert await desk.refused(f"/asks/{asked['id']}/consent", giving()) == (422, "lead_needed")
        for minor in ("no", "unknown"):
            draft = await desk.draft(minor=minor, fields=["called"])
            assert await desk.refused("/asks", draft) == (422, "lead_needed")
            assert await desk.refused("/asks/draft", draft) == (422, "lead_needed")
        await desk.post("/asks", await desk.draft(minor="yes", fields=["called"]))
