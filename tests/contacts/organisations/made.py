"""Organisations for tests: services on an installation, real age keys, an entry that is right in everything."""

from typing import Any

from pyrage import x25519

from contacts.organisations.organisation import Channel, Entry, Organisation, Scope
from contacts.organisations.organisations import Organisations
from contacts.organisations.profile import Phone, Profile, Text
from contacts.organisations.wordings import Wordings
from storage.ids import StaffId
from tests.contacts.installation import Installation

KEY = str(x25519.Identity.generate().to_public())
OTHER_KEY = str(x25519.Identity.generate().to_public())


def entry(**changes: Any) -> Entry:
    """The Harbour House, with an address and a key, but no secure e-mail yet."""
    profile = Profile(
        texts={
            "en": Text(name="Harbour House", description="A safe place to stay.", hours="Every day 8-20"),
            "fi": Text(name="Satamatalo", description="Turvallinen paikka.", hours="Joka päivä 8-20"),
        },
        phones=(Phone(number="+358 9 000 0000", languages=("fi", "en")), Phone(number="116 000")),
        languages=("fi", "en", "so"),
        website="https://satamatalo.example/apua",
    )
    values: dict[str, Any] = {
        "name": "Satamatalo ry",
        "profile": profile,
        "listed": True,
        "takes": frozenset({Scope.REFERRAL}),
        "channels": frozenset({Channel.SPOKEN, Channel.DOWNLOAD}),
        "email": "apua@satamatalo.example",
        "recipient": KEY,
    }
    return Entry(**values | changes)


def services(here: Installation) -> tuple[Organisations, Wordings]:
    """Both services of one process."""
    organisations = Organisations(
        app_key=here.app_key,
        marks=here.marks,
        deployment=here.deployment,
        clock=here.clock,
        alarm=here.alarms.append,
        audit=here.audit,
    )
    wordings = Wordings(
        app_key=here.app_key,
        deployment=here.deployment,
        clock=here.clock,
        alarm=here.alarms.append,
        audit=here.audit,
        people=here.people,
    )
    return organisations, wordings


async def kept(here: Installation, made: Entry | None = None) -> Organisation:
    """An organisation that is there."""
    async with here.store.write() as conn:
        return await services(here)[0].add(conn, made or entry(), by=None)


async def verified(here: Installation, by: StaffId, made: Entry | None = None) -> Organisation:
    """An organisation with a key that `by` has verified and secure e-mail on."""
    organisations, _ = services(here)
    one = await kept(here, made)
    async with here.store.write() as conn:
        one = await organisations.verify(conn, one.id, revision=one.revision, by=by)
        wanted = entry(channels=frozenset(Channel)) if made is None else one.entry
        return await organisations.change(conn, one.id, wanted, revision=one.revision, by=by)
