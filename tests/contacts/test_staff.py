from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from contacts.audit import Action
from contacts.contact import Klass
from contacts.keyring import NoKey
from contacts.people import Person, Role, Standing
from contacts.session import Ended, Session
from contacts.sign_in import SignInRefused
from contacts.staff import AlreadySetUp, LastLead, LoginTaken, NoSuchPerson, NotAllowed
from contacts.staff_keys import Closed
from contacts.tables_audit import audit
from contacts.tables_keys import epoch_wraps
from contacts.tables_staff import second_factors, sessions, staff
from storage.ids import StaffId
from tests.contacts.installation import Colleague, Installation

pytestmark = pytest.mark.anyio


async def person(here: Installation, staff_id: StaffId) -> Person:
    async with here.store.read() as conn:
        return (await here.people.everybody(conn))[staff_id]


async def actions(here: Installation, *wanted: Action) -> list[tuple[str, str | None, str | None, str | None]]:
    async with here.store.read() as conn:
        rows = await conn.execute(select(audit).where(audit.c.action.in_(wanted)).order_by(audit.c.number))
        return [(row.action, row.actor, row.subject, row.detail) for row in rows]


async def wraps_of(here: Installation, staff_id: StaffId) -> list[int]:
    async with here.store.read() as conn:
        query = select(epoch_wraps.c.epoch).where(epoch_wraps.c.holder == staff_id).order_by(epoch_wraps.c.epoch)
        return list((await conn.execute(query)).scalars())


async def test_set_up_gives_a_code_and_recovery_words(here: Installation) -> None:
    done = await here.staff.set_up(login="Leena", alias=" Leena ", languages=["fi", "en"])
    invited = await person(here, done.invitation.staff_id)
    assert (invited.login, invited.alias, invited.role, invited.state) == (
        "leena",
        "Leena",
        Role.LEAD,
        Standing.INVITED,
    )
    assert len(done.recovery.reveal().split()) == 24
    assert await actions(here, Action.INVITED) == [("invited", None, invited.id, "lead")]


async def test_set_up_happens_once(here: Installation) -> None:
    await here.staff.set_up(login="leena", alias="Leena", languages=["fi"])
    with pytest.raises(AlreadySetUp):
        await here.staff.set_up(login="other", alias="Other", languages=["fi"])


async def test_neither_codes_nor_words_nor_passphrases_are_kept(here: Installation) -> None:
    leena = await here.first_lead()
    await here.signed_in(leena)
    said = [
        here.set_up.invitation.code.reveal(),
        here.set_up.invitation.code.reveal().replace("-", ""),
        here.set_up.recovery.reveal(),
        leena.passphrase.reveal(),
        leena.cookie,
    ]
    async with here.store.read() as conn:
        kept = [
            value for table in (staff, sessions, audit) for row in await conn.execute(select(table)) for value in row
        ]
    haystack = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in kept)
    assert not [word for word in said if word.encode() in haystack]


async def test_a_lead_invites_and_the_person_enrols(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso", Role.OPERATOR)
    joined = await person(here, otso.staff_id)
    assert joined.state is Standing.ACTIVE
    assert joined.enrolment is None
    assert (await actions(here, Action.INVITED))[-1] == ("invited", lead.staff_id, otso.staff_id, "operator")


async def test_a_login_name_is_taken_for_ever(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    await here.staff.leave(otso.staff_id)
    with pytest.raises(LoginTaken):
        await here.joined(lead, " OTSO")


Act = Callable[[Installation, Session, StaffId], Awaitable[object]]
LEADS_ONLY: dict[str, Act] = {
    "invite": lambda here, by, _: here.staff.invite(by, login="x", alias="X", role=Role.LEAD, languages=[]),
    "leave": lambda here, by, other: here.staff.leave(other, by=by),
    "reset": lambda here, by, other: here.staff.reset(other, by=by),
    "change role": lambda here, by, other: here.staff.change_role(other, Role.ADMIN, by=by),
    "grant": lambda here, by, other: here.staff.grant_older_epochs(other, by=by),
}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST, Role.ADMIN])
@pytest.mark.parametrize("act", LEADS_ONLY)
async def test_nobody_but_a_lead_may(here: Installation, lead: Session, role: Role, act: str) -> None:
    by = await here.signed_in(await here.joined(lead, "by", role))
    with pytest.raises(NotAllowed):
        await LEADS_ONLY[act](here, by, lead.staff_id)


@pytest.mark.parametrize("act", LEADS_ONLY)
async def test_a_lead_whose_session_ended_may_not(here: Installation, lead: Session, act: str) -> None:
    otso = await here.joined(lead, "otso")
    lead.end(Ended.REVOKED)
    with pytest.raises(Closed):
        await LEADS_ONLY[act](here, lead, otso.staff_id)


@pytest.mark.parametrize("act", ["leave", "reset", "change role", "grant"])
async def test_nothing_is_done_to_nobody(here: Installation, lead: Session, act: str) -> None:
    otso = await here.joined(lead, "otso")
    await here.staff.leave(otso.staff_id)
    for nobody in (StaffId("f" * 32), otso.staff_id):
        with pytest.raises(NoSuchPerson):
            await LEADS_ONLY[act](here, lead, nobody)


@pytest.mark.parametrize("act", ["reset", "change role"])
async def test_a_lead_does_not_shut_themself_out(here: Installation, lead: Session, act: str) -> None:
    with pytest.raises(NotAllowed):
        await LEADS_ONLY[act](here, lead, lead.staff_id)


async def test_the_last_lead_stays(here: Installation, lead: Session) -> None:
    with pytest.raises(LastLead):
        await here.staff.leave(lead.staff_id)
    second = await here.joined(lead, "second", Role.LEAD)
    await here.staff.leave(lead.staff_id)
    with pytest.raises(LastLead):
        await here.staff.leave(second.staff_id)


async def test_who_leaves_loses_keys_sessions_and_the_next_epoch(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    session = await here.signed_in(otso)
    before = await here.sealed("ennen")
    assert await here.read(session, before) == "ennen"
    await here.staff.leave(otso.staff_id, by=lead)
    assert await wraps_of(here, otso.staff_id) == []
    left = await person(here, otso.staff_id)
    assert (left.state, left.seed, left.exchange_public) == (Standing.LEFT, None, None)
    async with here.store.read() as conn:
        assert (await here.epochs.current(conn)).number == 3
        rows = (await conn.execute(select(sessions).where(sessions.c.staff == otso.staff_id))).all()
    assert [(row.ended, row.seed) for row in rows] == [("revoked", None)]
    assert await here.sessions.resolve(otso.cookie) is None
    with pytest.raises(SignInRefused):
        await here.signed_in(otso)


async def test_a_key_that_was_off_boarded_opens_nothing_later(here: Installation, lead: Session) -> None:
    """Even in a process that has not noticed yet, and even with a copy of everything from before."""
    otso = await here.joined(lead, "otso")
    session = await here.signed_in(otso)
    await here.read(session, await here.sealed("ennen"))
    await here.staff.leave(otso.staff_id, by=lead)
    later = await here.sealed("jälkeen")
    with pytest.raises(NoKey):
        await here.read(session, later)
    await here.watch.look()
    with pytest.raises(Closed):
        await here.read(session, later)
    assert await here.read(lead, later) == "jälkeen"


async def test_an_invited_person_may_leave_before_enrolling(here: Installation, lead: Session) -> None:
    invitation = await here.staff.invite(lead, login="otso", alias="Otso", role=Role.OPERATOR, languages=[])
    await here.staff.leave(invitation.staff_id)
    assert (await person(here, invitation.staff_id)).enrolment is None
    assert await actions(here, Action.LEFT) == [("left", None, invitation.staff_id, None)]


async def test_a_lost_passphrase_is_enrolled_anew_by_a_lead(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    old_session = await here.signed_in(otso)
    entry = await here.sealed("ennen")
    invitation = await here.staff.reset(otso.staff_id, by=lead)
    assert invitation.login == "otso"
    assert await wraps_of(here, otso.staff_id) == []
    with pytest.raises(SignInRefused):
        await here.signed_in(otso)
    await here.watch.look()
    assert old_session.ended is Ended.REVOKED

    again = await here.enrolled(invitation)
    assert again.passphrase != otso.passphrase
    with pytest.raises(SignInRefused):
        await here.signed_in(otso)
    session = await here.signed_in(again)
    with pytest.raises(NoKey):
        await here.read(session, entry)
    assert await here.read(session, await here.sealed("jälkeen")) == "jälkeen"

    assert await here.staff.grant_older_epochs(otso.staff_id, by=lead) == 3
    assert await here.read(session, entry) == "ennen"


async def test_older_epochs_are_granted_once_and_audited(here: Installation, lead: Session) -> None:
    entry = await here.sealed("ennen")
    otso = await here.joined(lead, "otso")
    assert await here.staff.grant_older_epochs(otso.staff_id, by=lead) == 1
    assert await here.staff.grant_older_epochs(otso.staff_id, by=lead) == 0
    assert await wraps_of(here, otso.staff_id) == [1, 2]
    assert await here.read(await here.signed_in(otso), entry) == "ennen"
    assert await actions(here, Action.KEY_GRANT) == 2 * [("key_grant", lead.staff_id, otso.staff_id, None)]


async def test_a_lead_grants_only_what_they_can_open(here: Installation, lead: Session) -> None:
    entry = await here.sealed("ennen")
    second = await here.signed_in(await here.joined(lead, "second", Role.LEAD))
    third = await here.joined(lead, "third")
    assert await here.staff.grant_older_epochs(third.staff_id, by=second) == 1
    assert await wraps_of(here, third.staff_id) == [2, 3]
    with pytest.raises(NoKey):
        await here.read(await here.signed_in(third), entry)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
async def test_roles_without_keys_are_granted_none(here: Installation, lead: Session, role: Role) -> None:
    other = await here.joined(lead, "other", role)
    with pytest.raises(NoSuchPerson):
        await here.staff.grant_older_epochs(other.staff_id, by=lead)


async def test_an_operator_who_becomes_an_analyst_loses_every_key(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    session = await here.signed_in(otso)
    await here.staff.change_role(otso.staff_id, Role.ANALYST, by=lead)
    assert await wraps_of(here, otso.staff_id) == []
    await here.watch.look()
    assert session.ended is Ended.REVOKED
    assert (await here.signed_in(otso)).role is Role.ANALYST
    async with here.store.read() as conn:
        assert (await here.epochs.current(conn)).number == 3
    assert await actions(here, Action.ROLE_CHANGE) == [("role_change", lead.staff_id, otso.staff_id, "analyst")]


async def test_an_operator_who_becomes_a_lead_keeps_the_keys(here: Installation, lead: Session) -> None:
    entry = await here.sealed("ennen", klass=Klass.RECORD)
    otso = await here.joined(lead, "otso")
    await here.staff.grant_older_epochs(otso.staff_id, by=lead)
    await here.staff.change_role(otso.staff_id, Role.LEAD, by=lead)
    session = await here.signed_in(otso)
    assert session.role is Role.LEAD
    assert await here.read(session, entry) == "ennen"


async def test_an_analyst_who_becomes_an_operator_is_given_the_next_epoch(here: Installation, lead: Session) -> None:
    other = await here.joined(lead, "other", Role.ANALYST)
    await here.staff.change_role(other.staff_id, Role.OPERATOR, by=lead)
    assert await wraps_of(here, other.staff_id) == [2]


async def test_the_second_factor_goes_with_the_account(here: Installation, lead: Session) -> None:
    guarded = Installation(here.store, here.clock, here.app_key, here.marks, here.deployment, second_factor=True)
    otso: Colleague = await guarded.joined(lead, "otso")
    await guarded.staff.reset(otso.staff_id, by=lead)
    async with here.store.read() as conn:
        assert (await conn.execute(select(second_factors))).all() == []
