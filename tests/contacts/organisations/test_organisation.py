from dataclasses import replace

import pytest

from contacts.organisations.fingerprint import fingerprint
from contacts.organisations.organisation import Channel, Organisation, Scope
from storage.ids import OrganisationId, StaffId
from tests.contacts.organisations.made import KEY, entry


@pytest.fixture
def harbour() -> Organisation:
    return Organisation(
        id=OrganisationId("o" * 32), entry=entry(), active=True, revision=1, changed_by=StaffId("leena"), changed_at=100
    )


def test_nothing_is_sealed_to_a_key_that_nobody_verified(harbour: Organisation) -> None:
    assert (harbour.verified, harbour.trusted_recipient) == (False, None)
    verified = replace(harbour, verified_by=StaffId("leena"), verified_at=200)
    assert (verified.verified, verified.trusted_recipient) == (True, KEY)


def test_a_fingerprint_is_read_aloud_where_there_is_a_key(harbour: Organisation) -> None:
    assert harbour.fingerprint == fingerprint(KEY)
    assert replace(harbour, entry=entry(recipient="")).fingerprint == ""


def test_it_takes_what_was_agreed_while_it_is_active(harbour: Organisation) -> None:
    assert harbour.name == "Satamatalo ry"
    assert harbour.entry.destination == ("apua@satamatalo.example", KEY)
    assert (harbour.takes(Scope.REFERRAL), harbour.takes(Scope.PROPOSAL)) == (True, False)
    assert not replace(harbour, active=False).takes(Scope.REFERRAL)


def test_a_letter_goes_only_where_the_key_is_verified(harbour: Organisation) -> None:
    by_mail = replace(harbour, entry=entry(channels=frozenset({Channel.EMAIL, Channel.SPOKEN})))
    assert (by_mail.reached_by(Channel.SPOKEN), by_mail.reached_by(Channel.DOWNLOAD)) == (True, False)
    assert not by_mail.reached_by(Channel.EMAIL)
    verified = replace(by_mail, verified_by=StaffId("leena"), verified_at=200)
    assert verified.reached_by(Channel.EMAIL)
    assert not replace(verified, active=False).reached_by(Channel.EMAIL)
    assert not replace(verified, entry=replace(verified.entry, email="")).reached_by(Channel.EMAIL)
