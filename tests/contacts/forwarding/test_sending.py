"""What leaves is what was seen, only with a live consent, once, and opens with nobody's key but the receiver's."""

import pytest
from contacts.contact import Refusal, Refused
from contacts.forwarding.age import NotForThisKey, decrypted
from contacts.forwarding.consent import Denial, Denied, ForwardingId, Moved, Outcome, Withdrawer
from contacts.forwarding.parcel import check, unpacked
from contacts.forwarding.post import MemoryPost
from contacts.organisations.organisation import Channel
from contacts.words import Words
from storage.engine import Store
from storage.ids import ContactId, new_id
from tests.contacts.forwarding.pdf_text import letters
from tests.contacts.forwarding.scene import ADDRESS, SUMMARY, TOLD, Scene, scene


async def sent_by_mail(here: Scene) -> ForwardingId:
    consent = await here.consent()
    seen = await here.leaving.sending.preview(here.otso, here.contact, consent)
    queued = await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=seen.seen)
    return queued.forwarding


async def state(here: Scene, forwarding: ForwardingId) -> tuple[Moved, Outcome | None, bool]:
    for one in await here.leaving.following.listed(here.otso, here.contact):
        if one.forwarding.id == forwarding:
            return one.forwarding.state, one.forwarding.outcome, one.unconfirmed
    raise AssertionError("not listed")


async def test_what_arrives_is_what_was_seen_and_opens_with_the_receivers_key_only(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        consent = await here.consent()
        seen = await here.leaving.sending.preview(here.otso, here.contact, consent)
        assert TOLD.replace(" ", "") in letters(seen.pdf).replace(" ", "")
        assert TOLD in seen.json.decode()
        await here.leaving.sending.send(here.otso, here.contact, consent, channel=Channel.EMAIL, seen=seen.seen)
        assert post.arrived == [], "nothing leaves while somebody waits for an answer"
        await here.leaving.transmitter.run()
        (letter,) = post.arrived
        assert letter.to == ADDRESS
        parcel = unpacked(decrypted(here.identity, letter.content))
        check(parcel, here.leaving.service_key.public)
        assert (parcel.pdf, parcel.json) == (seen.pdf, seen.json)
        assert parcel.manifest.staff == here.otso.keys.signing_public.hex()
        assert parcel.manifest.reference == seen.reference
        for text in (TOLD, SUMMARY, "Majakka"):
            assert text.encode() not in letter.content
        import pyrage

        with pytest.raises(NotForThisKey):
            decrypted(str(pyrage.x25519.Identity.generate()), letter.content)
        await here.leaving.transmitter.run()
        assert len(post.arrived) == 1, "once"
