import asyncio
import base64
from datetime import timedelta

import pytest

from contacts.enrolment import EnrolmentRefused, Slip
from contacts.enrolment_codes import LIFE
from contacts.people import Role
from contacts.session import Session
from contacts.sign_in import SignInRefused
from contacts.staff import Invitation
from contacts.throttle import TooMany
from contacts.words import Words
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


@pytest.fixture
async def invitation(here: Installation, lead: Session) -> Invitation:
    return await here.staff.invite(lead, login="otso", alias="Otso", role=Role.OPERATOR, languages=["fi"])


def guarded(here: Installation) -> Installation:
    return Installation(here.store, here.clock, here.app_key, here.marks, here.deployment, second_factor=True)


async def slip(coming: object) -> Slip:
    with pytest.raises(EnrolmentRefused) as refused:
        await coming  # type: ignore[misc]
    return refused.value.slip


async def test_the_offer_names_the_person_and_a_fresh_passphrase(here: Installation, invitation: Invitation) -> None:
    first = await here.enrolment.begin(invitation.code, bucket="b")
    second = await here.enrolment.begin(Words(invitation.code.reveal().upper().replace("-", " ")), bucket="b")
    assert (first.login, first.alias) == ("otso", "Otso")
    assert first.passphrase != second.passphrase
    assert first.second_factor is None
    assert first.second_factor_address is None


async def test_a_code_enrols_once(here: Installation, invitation: Invitation) -> None:
    await here.enrolled(invitation)
    assert await slip(here.enrolment.begin(invitation.code, bucket="b")) is Slip.CODE


async def test_a_code_used_twice_at_once_enrols_once(here: Installation, invitation: Invitation) -> None:
    done = await asyncio.gather(*(here.enrolled(invitation) for _ in range(3)), return_exceptions=True)
    refused = [one for one in done if isinstance(one, EnrolmentRefused)]
    assert [one.slip for one in refused] == [Slip.CODE] * 2
    async with here.store.read() as conn:
        assert (await here.epochs.current(conn)).number == 2


async def test_a_code_ends_after_seven_days(here: Installation, invitation: Invitation) -> None:
    assert timedelta(seconds=LIFE) == timedelta(days=7)
    here.clock.advance(LIFE - 1)
    await here.enrolment.begin(invitation.code, bucket="b")
    here.clock.advance(1)
    assert await slip(here.enrolment.begin(invitation.code, bucket="b")) is Slip.CODE


async def test_a_newer_code_ends_the_older(here: Installation, lead: Session, invitation: Invitation) -> None:
    newer = await here.staff.reset(invitation.staff_id, by=lead)
    assert await slip(here.enrolment.begin(invitation.code, bucket="b")) is Slip.CODE
    await here.enrolled(newer)


@pytest.mark.parametrize("code", ["", "x", "x" * 100_000])
async def test_an_unknown_code_is_refused(here: Installation, invitation: Invitation, code: str) -> None:
    assert await slip(here.enrolment.begin(Words(code), bucket="b")) is Slip.CODE


async def test_codes_are_not_guessed_for_long(here: Installation, invitation: Invitation) -> None:
    for _ in range(60):
        assert await slip(here.enrolment.begin(Words("guess"), bucket="attacker")) is Slip.CODE
    with pytest.raises(TooMany):
        await here.enrolment.begin(invitation.code, bucket="attacker")


async def test_the_passphrase_must_be_typed_as_it_was_given(here: Installation, invitation: Invitation) -> None:
    offer = await here.enrolment.begin(invitation.code, bucket="b")

    async def typed(passphrase: str) -> object:
        return await here.enrolment.finish(
            invitation.code, ticket=offer.ticket, passphrase=Words(passphrase), second_factor="", bucket="b"
        )

    for wrong in ("", "one two three four five six", offer.passphrase.reveal() + " more"):
        assert await slip(typed(wrong)) is Slip.PASSPHRASE
    assert here.stretcher.runs == 2  # the lead's enrolment and sign-in; none for slips
    assert await typed(offer.passphrase.reveal().upper()) == invitation.staff_id


async def test_nobody_chooses_a_passphrase_of_their_own(
    here: Installation, lead: Session, invitation: Invitation
) -> None:
    offer = await here.enrolment.begin(invitation.code, bucket="b")
    other = await here.staff.invite(lead, login="other", alias="Other", role=Role.OPERATOR, languages=[])
    theirs = (await here.enrolment.begin(other.code, bucket="b")).ticket
    raw = bytearray(base64.urlsafe_b64decode(offer.ticket))
    raw[-1] ^= 1
    for ticket in ("", "x", "ö", theirs, base64.urlsafe_b64encode(raw).decode(), offer.ticket[:-4]):
        refused = here.enrolment.finish(
            invitation.code, ticket=ticket, passphrase=offer.passphrase, second_factor="", bucket="b"
        )
        assert await slip(refused) is Slip.CODE


async def test_the_second_factor_must_show_a_right_code(here: Installation, invitation: Invitation) -> None:
    there = guarded(here)
    offer = await there.enrolment.begin(invitation.code, bucket="b")
    assert offer.second_factor is not None
    assert offer.second_factor_address is not None
    assert offer.second_factor.reveal() in offer.second_factor_address.reveal()
    for code in ("", "000000"):
        refused = there.enrolment.finish(
            invitation.code, ticket=offer.ticket, passphrase=offer.passphrase, second_factor=code, bucket="b"
        )
        assert await slip(refused) is Slip.SECOND_FACTOR


async def test_the_code_that_confirmed_the_second_factor_is_used_up(here: Installation, invitation: Invitation) -> None:
    there = guarded(here)
    otso = await there.enrolled(invitation)
    with pytest.raises(SignInRefused):
        await there.signed_in(otso)
    here.clock.advance(30)
    assert (await there.signed_in(otso)).staff_id == invitation.staff_id
