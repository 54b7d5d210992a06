"""What leaves is what was seen, only with a live consent, once, and opens with nobody's key but the receiver's."""

import pyrage
import pytest
from sqlalchemy import func, select
from structlog.types import EventDict

from contacts.contact import Refusal, Refused
from contacts.forwarding.age import NotForThisKey, decrypted
from contacts.forwarding.composing import Preview
from contacts.forwarding.consent import ConsentId, Denial, Denied, ForwardingId, Moved, Outcome, Withdrawer
from contacts.forwarding.parcel import check, unpacked
from contacts.forwarding.post import MemoryPost
from contacts.forwarding.tables import outbox, outbox_keys
from contacts.organisations.organisation import Channel
from contacts.tables_audit import audit
from contacts.words import Words
from storage.engine import Store
from storage.ids import ContactId, new_id
from tests.contacts.forwarding.pdf_text import letters
from tests.contacts.forwarding.scene import ADDRESS, SUMMARY, TOLD, Scene, scene
from tests.promises.canaries import betrayed
from tests.stores import told

__all__ = ["told"]


async def seen(here: Scene, consent: ConsentId) -> Preview:
    return await here.leaving.sending.preview(here.otso, here.contact, consent)


async def queued(here: Scene, channel: Channel = Channel.EMAIL) -> ForwardingId:
    consent = await here.consent()
    name = (await seen(here, consent)).seen
    sent = await here.leaving.sending.send(here.otso, here.contact, consent, channel=channel, seen=name)
    return sent.forwarding


async def standing(here: Scene, forwarding: ForwardingId) -> tuple[Moved, Outcome | None, bool]:
    found = await here.leaving.following.listed(here.otso, here.contact)
    (one,) = (one for one in found if one.forwarding.id == forwarding)
    return one.forwarding.state, one.forwarding.outcome, one.unconfirmed


async def waiting(here: Scene) -> tuple[int, int]:
    async with here.store.read() as conn:
        counts = [
            (await conn.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (outbox, outbox_keys)
        ]
    return counts[0], counts[1]


async def denied(here: Scene, consent: ConsentId, **other: object) -> Denial:
    asked = {"channel": Channel.EMAIL, "seen": None} | other
    with pytest.raises(Denied) as refused:
        await here.leaving.sending.send(here.otso, here.contact, consent, **asked)  # type: ignore[arg-type]
    return refused.value.code


async def test_what_arrives_is_what_was_seen_and_opens_with_the_receivers_key_only(
    store: Store, told: list[EventDict]
) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        consent = await here.consent()
        shown = await seen(here, consent)
        assert TOLD.replace(" ", "") in letters(shown.pdf).replace(" ", "")
        assert TOLD in shown.json.decode()
        await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=shown.seen)
        assert post.arrived == [], "nothing leaves while somebody waits for an answer"
        assert await waiting(here) == (1, 1)
        async with store.read() as conn:
            lying = [bytes(value) for row in await conn.execute(select(outbox.c.sealed)) for value in row]
        with pytest.raises(NotForThisKey):
            decrypted(here.identity, lying[0])
        assert not betrayed(lying[0], [TOLD, SUMMARY, "Majakka ry", "age-encryption.org"])
        await here.leaving.transmitter.run()
        (letter,) = post.arrived
        assert letter.to == ADDRESS
        parcel = unpacked(decrypted(here.identity, letter.content))
        check(parcel, here.leaving.service_key.public)
        assert (parcel.pdf, parcel.json) == (shown.pdf, shown.json)
        assert parcel.manifest.staff == here.otso.keys.signing_public.hex()
        assert parcel.manifest.reference == shown.reference
        assert not betrayed(letter.content, [TOLD, SUMMARY, "Majakka ry"])
        with pytest.raises(NotForThisKey):
            decrypted(str(pyrage.x25519.Identity.generate()), letter.content)
        assert await waiting(here) == (0, 0), "what arrived is destroyed here"
        await here.leaving.transmitter.run()
        assert len(post.arrived) == 1, "once"
        assert not betrayed(repr(told).encode(), [TOLD, SUMMARY, ADDRESS, here.contact])


async def test_nothing_else_than_what_was_seen_and_agreed_to_is_sent(store: Store) -> None:
    async with scene(store) as here:
        consent = await here.consent()
        name = (await seen(here, consent)).seen
        assert await denied(here, consent, seen="0" * 64) is Denial.NOT_ASKED_SO
        assert await denied(here, consent, channel=Channel.SPOKEN) is Denial.NOT_ASKED_SO
        assert await denied(here, consent, by_passphrase=True) is Denial.NOT_ASKED_SO
        assert await denied(here, ConsentId(new_id())) is Denial.NOT_THERE
        await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=name)
        assert await denied(here, consent, seen=name) is Denial.ALREADY, "a second press changes nothing"
        lapsed = await here.consent(days=1)
        here.worker.clock.advance(86_401)
        await here.worker.signed_in("otso")
        with pytest.raises(Denied) as late:
            await here.leaving.sending.preview(here.worker.sessions["otso"], here.contact, lapsed)
        assert late.value.code is Denial.NOT_LIVE
        async with store.write() as conn:
            await here.worker.house.gate.consents.withdraw(conn, consent, by=Withdrawer.OPERATOR)
        assert await waiting(here) == (0, 0)
        await here.leaving.transmitter.run()
        assert isinstance(here.post, MemoryPost)
        assert here.post.arrived == []


async def test_somebody_elses_contact_and_one_that_is_absent_look_the_same(store: Store) -> None:
    async with scene(store) as here:
        forwarding, consent = await queued(here, Channel.DOWNLOAD), await here.consent()
        other = await here.worker.signed_in("olli")
        sending, following = here.leaving.sending, here.leaving.following
        for session, contact in ((other, here.contact), (here.lead, here.contact), (here.otso, ContactId(new_id()))):
            for attempt in (
                sending.preview(session, contact, consent),
                sending.to_tell(session, contact, consent),
                sending.send(session, contact, consent, channel=Channel.EMAIL, seen=None),
                sending.download(session, contact, forwarding),
                sending.hand_over_spoken(session, contact, consent, told_to=Words("Maija")),
                following.listed(session, contact),
                following.told_to(session, contact, forwarding),
                following.take_back(session, contact, forwarding),
                following.again(session, contact, forwarding),
                following.did_not_arrive(session, contact, forwarding),
                following.reported(session, contact, forwarding, Moved.ACCEPTED),
                following.notice_told(session, contact, forwarding),
            ):
                with pytest.raises(Refused) as refused:
                    await attempt
                assert refused.value.code is Refusal.NOT_YOURS
        _, mine = await here.worker.conversation(here.otso)
        for step in (sending.download, following.take_back, following.again, following.told_to):
            with pytest.raises(Denied) as denial:
                await step(here.otso, mine.contact, forwarding)
            assert denial.value.code is Denial.NOT_THERE, "of another contact of mine"
        with pytest.raises(Denied):
            await sending.preview(here.otso, mine.contact, consent)


async def test_a_download_is_given_once_and_counts_as_sent_before_its_first_byte(store: Store) -> None:
    async with scene(store) as here:
        forwarding = await queued(here, Channel.DOWNLOAD)
        await here.leaving.transmitter.run()
        assert isinstance(here.post, MemoryPost)
        assert here.post.arrived == [], "a download is not mailed"
        content = await here.leaving.sending.download(here.otso, here.contact, forwarding)
        check(unpacked(decrypted(here.identity, content)), here.leaving.service_key.public)
        assert (await standing(here, forwarding))[0] is Moved.SENT
        assert await waiting(here) == (0, 0)
        with pytest.raises(Denied) as again:
            await here.leaving.sending.download(here.otso, here.contact, forwarding)
        assert again.value.code is Denial.NOT_THERE
        async with store.read() as conn:
            rows = (await conn.execute(select(audit.c.detail).where(audit.c.action == "forwarding"))).scalars().all()
        assert rows == ["queued", "sent"]


async def test_told_on_the_telephone_is_recorded_through_the_same_gate(store: Store) -> None:
    async with scene(store) as here:
        consent = await here.consent()
        to_tell = await here.leaving.sending.to_tell(here.otso, here.contact, consent)
        assert ([item.shown for item in to_tell.items], to_tell.summary) == ([TOLD], SUMMARY)
        name = Words("Maija Mallikas, Majakka ry")
        told = await here.leaving.sending.hand_over_spoken(here.otso, here.contact, consent, told_to=name)
        assert await standing(here, told) == (Moved.SENT, None, False)
        assert await here.leaving.following.told_to(here.otso, here.contact, told) == name
        async with store.write() as conn:
            await here.worker.house.gate.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
        await here.leaving.transmitter.run()
        (one,) = await here.leaving.following.listed(here.otso, here.contact)
        assert one.notice is Moved.QUEUED, "a person has to call them"
        await here.leaving.following.notice_told(here.otso, here.contact, told)
        (one,) = await here.leaving.following.listed(here.otso, here.contact)
        assert one.notice is Moved.SENT
        with pytest.raises(Denied):
            await here.leaving.sending.hand_over_spoken(here.otso, here.contact, consent, told_to=name)


async def test_what_the_receiver_says_is_recorded(store: Store) -> None:
    async with scene(store) as here:
        following, forwarding = here.leaving.following, await queued(here)
        for state in (Moved.ACKNOWLEDGED, Moved.ACCEPTED):
            with pytest.raises(Denied) as early:
                await following.reported(here.otso, here.contact, forwarding, state)
            assert early.value.code is Denial.ALREADY, "it has not left"
        await here.leaving.transmitter.run()
        await following.reported(here.otso, here.contact, forwarding, Moved.ACKNOWLEDGED)
        for state, outcome in ((Moved.DECLINED, None), (Moved.DECLINED, Outcome.TAKEN_BACK), (Moved.SENT, None)):
            with pytest.raises(Denied) as wrong:
                await following.reported(here.otso, here.contact, forwarding, state, outcome)
            assert wrong.value.code is Denial.NOT_ASKED_SO
        await following.reported(here.otso, here.contact, forwarding, Moved.DECLINED, Outcome.NO_CAPACITY)
        assert await standing(here, forwarding) == (Moved.DECLINED, Outcome.NO_CAPACITY, False)
        (one,) = await following.listed(here.otso, here.contact)
        assert one.organisation == "Majakka ry"
        other = await queued(here)
        await following.take_back(here.otso, here.contact, other)
        assert await standing(here, other) == (Moved.WITHDRAWN, Outcome.TAKEN_BACK, False)
        with pytest.raises(Denied):
            await following.take_back(here.otso, here.contact, other)


async def test_a_question_can_be_seen_as_it_would_be_received(store: Store) -> None:
    async with scene(store) as here:
        consent = await here.consent()
        async with store.read() as conn:
            (ask,) = await here.worker.house.gate.consents.asks(conn, here.contact)
        asked = await here.leaving.sending.preview_ask(here.otso, here.contact, ask.id)
        assert asked == await seen(here, consent)
