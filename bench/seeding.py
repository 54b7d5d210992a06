"""A deployment to measure: staff with keys and sessions, and conversations under way, made by the real services.

What takes long for people is left out: nobody types a code or a passphrase, so argon2id never runs, and the epoch is
made once, at the end.
"""

import asyncio

from msgspec import Struct
from msgspec.structs import replace

from chat import conversation
from config.assembly import opened
from config.migrate import migrate
from config.resources import alarm, make_app_key
from config.settings import Settings
from contacts.begin import begin
from contacts.chance import fresh_key
from contacts.contact import Klass, State
from contacts.keyring import Keyring
from contacts.people import Person, Role, Standing
from contacts.recovery import recovery_pair
from contacts.staff_keys import StaffKeys
from contacts.visitor_keys import VisitorKeys
from storage.clock import epoch_seconds
from storage.ids import ContactId, StaffId, new_id


class Member(Struct, frozen=True):
    """An operator who is signed in: the cookie is the session's."""

    staff: StaffId
    cookie: str


class Conversation(Struct, frozen=True):
    """One under way; the cookie is the visitor's."""

    contact: ContactId
    cookie: str


def deployment(settings: Settings, *, operators: int) -> list[Member]:
    """A new one, with this many operators signed in."""
    make_app_key(settings)
    migrate(settings)
    return asyncio.run(_staffed(settings, operators))


def conversations(
    settings: Settings, members: list[Member], *, idle: int
) -> tuple[list[Conversation], list[Conversation]]:
    """One with each operator but the last; `idle` more with the last, who has lost the line and does not come back."""
    return asyncio.run(_talking(settings, members, idle))


async def _staffed(settings: Settings, operators: int) -> list[Member]:
    async with opened(settings) as house:
        office, held, now = house.office, house.resources, epoch_seconds(house.resources.clock.now())
        members = []
        async with held.store.write() as conn:
            await office.people.keep_recovery(conn, recovery_pair(fresh_key()).public)
            revision = 0
            for number in range(operators):
                seed, staff = fresh_key(), StaffId(new_id())
                keys = StaffKeys(staff=staff, seed=seed, deployment=held.deployment)
                person = Person(
                    id=staff,
                    login=f"operator{number}",
                    alias=f"Operator {number}",
                    role=Role.OPERATOR,
                    languages=("en",),
                    state=Standing.ACTIVE,
                    made_at=now,
                    exchange_public=keys.exchange_public,
                    signing_public=keys.signing_public,
                )
                revision = await office.people.save(conn, person)
                cookie, _ = await office.sessions.begin(conn, person, seed)
                members.append(Member(staff, cookie))
            epoch = await office.epochs.renew(conn)
        office.people.saw(revision)
        if epoch is not None:
            office.epochs.saw(epoch)
    return members


async def _talking(
    settings: Settings, members: list[Member], idle: int
) -> tuple[list[Conversation], list[Conversation]]:
    async with opened(settings) as house:
        held, now = house.resources, epoch_seconds(house.resources.clock.now())
        keyring = Keyring(app_key=held.app_key, deployment=held.deployment, epochs=house.office.epochs, alarm=alarm)
        visitor_keys = VisitorKeys(app_key=held.app_key, deployment=held.deployment, clock=held.clock, alarm=alarm)
        async with held.store.write() as conn:

            async def under_way(staff: StaffId, operator_away_since: int | None) -> Conversation:
                begun = conversation.begun(contact=ContactId(new_id()), language="en", tag="A3", now=now)
                active = replace(
                    begun,
                    state=State.ACTIVE,
                    operator=staff,
                    accepted_at=now,
                    operator_away_since=operator_away_since,
                )
                await begin(conn, active)
                key = await keyring.new_segment(conn, active.id, Klass.TRANSCRIPT)
                return Conversation(active.id, await visitor_keys.hand_out(conn, key))

            talking = [await under_way(member.staff, None) for member in members[:-1]]
            alone = [await under_way(members[-1].staff, now) for _ in range(idle)]
    return talking, alone
