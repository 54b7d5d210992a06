import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from contacts.audit import Action
from contacts.distrust import Fault, Forged
from contacts.organisations import approved_only
from contacts.organisations.checks import Mistake, NotAccepted, Wrong
from contacts.organisations.organisation import Scope
from contacts.organisations.organisations import Moved
from contacts.organisations.purposes import Purpose, purpose_of, wording_mistakes
from contacts.organisations.tables import wordings as table
from contacts.organisations.wordings import Deed, NotALead, SecondPersonNeeded, Wording
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit
from storage.ids import StaffId, WordingId, new_id
from tests.contacts.installation import Installation
from tests.contacts.organisations.made import services

ASK = "May we send this to {organisation}? It holds until {until}."
EMERGENCY = Purpose.EMERGENCY


async def drafted(here: Installation, said: str = "First.", *, by: StaffId | None = None) -> Wording:
    async with here.store.write() as conn:
        return await services(here)[1].draft(conn, EMERGENCY, "en", said, by=by, revision=None)


async def approved(here: Installation, lead: Session, said: str = "First.") -> Wording:
    draft = await drafted(here, said)
    async with here.store.write() as conn:
        return await services(here)[1].approve(conn, EMERGENCY, "en", revision=draft.revision, by=lead.staff_id)


async def current(here: Installation) -> Wording | None:
    async with here.store.read() as conn:
        return await services(here)[1].current(conn, EMERGENCY, "en")


async def test_a_draft_is_not_in_use(here: Installation, lead: Session) -> None:
    draft = await drafted(here)
    assert (draft.version, draft.approved) == (1, False)
    assert await current(here) is None


async def test_an_approved_wording_is_in_use_until_the_next_version_is(here: Installation, lead: Session) -> None:
    _, wordings = services(here)
    first = await approved(here, lead)
    assert await current(here) == first
    draft = await drafted(here, "Second.")
    assert (await current(here), draft.version) == (first, 2)
    async with here.store.write() as conn:
        second = await wordings.approve(conn, EMERGENCY, "en", revision=1, by=lead.staff_id)
    assert await current(here) == second
    async with here.store.read() as conn:
        assert await wordings.everything(conn) == [second, first]
        assert await wordings.find(conn, first.id) == first
        assert await wordings.find(conn, WordingId(new_id())) is None
        assert await wordings.languages(conn, EMERGENCY) == {"en"}
        rows = (await conn.execute(select(audit).where(audit.c.action == Action.WORDING))).all()
    assert [(row.actor, row.subject, row.detail) for row in rows] == [
        (lead.staff_id, first.id, Deed.APPROVED),
        (lead.staff_id, second.id, Deed.APPROVED),
    ]


async def test_the_only_lead_may_approve_their_own_wording_and_the_log_says_so(
    here: Installation, lead: Session
) -> None:
    await drafted(here, by=lead.staff_id)
    async with here.store.write() as conn:
        await services(here)[1].approve(conn, EMERGENCY, "en", revision=1, by=lead.staff_id)
    async with here.store.read() as conn:
        row = (await conn.execute(select(audit).where(audit.c.action == Action.WORDING))).one()
    assert row.detail == Deed.APPROVED_ALONE


async def test_of_two_leads_the_other_one_approves(here: Installation, lead: Session) -> None:
    _, wordings = services(here)
    other = await here.joined(lead, "otso", Role.LEAD)
    await drafted(here, by=lead.staff_id)
    async with here.store.write() as conn:
        with pytest.raises(SecondPersonNeeded):
            await wordings.approve(conn, EMERGENCY, "en", revision=1, by=lead.staff_id)
    async with here.store.write() as conn:
        done = await wordings.approve(conn, EMERGENCY, "en", revision=1, by=other.staff_id)
    assert (done.made_by, done.approved_by) == (lead.staff_id, other.staff_id)


async def test_only_a_lead_approves(here: Installation, lead: Session) -> None:
    operator = await here.joined(lead, "otso")
    await drafted(here)
    async with here.store.write() as conn:
        with pytest.raises(NotALead):
            await services(here)[1].approve(conn, EMERGENCY, "en", revision=1, by=operator.staff_id)


async def test_nobody_overwrites_a_draft_they_have_not_read(here: Installation, lead: Session) -> None:
    _, wordings = services(here)
    await drafted(here)
    async with here.store.write() as conn:
        second = await wordings.draft(conn, EMERGENCY, "en", "Better.", by=lead.staff_id, revision=1)
    assert (second.version, second.revision, second.text) == (1, 2, "Better.")
    for late in (None, 1, 3):
        async with here.store.write() as conn:
            with pytest.raises(Moved):
                await wordings.draft(conn, EMERGENCY, "en", "Other.", by=None, revision=late)
    async with here.store.write() as conn:
        with pytest.raises(Moved):
            await wordings.approve(conn, EMERGENCY, "en", revision=1, by=lead.staff_id)
        with pytest.raises(Moved):
            await wordings.discard(conn, EMERGENCY, "en", revision=1)
        await wordings.discard(conn, EMERGENCY, "en", revision=2)
        with pytest.raises(Moved):
            await wordings.discard(conn, EMERGENCY, "en", revision=2)


async def test_a_text_with_a_mistake_is_no_draft(here: Installation) -> None:
    with pytest.raises(NotAccepted):
        await drafted(here, " ")


async def test_an_approved_wording_never_changes(here: Installation, lead: Session) -> None:
    one = await approved(here, lead)
    async with here.store.read() as conn:
        row = dict((await conn.execute(select(table))).mappings().one())
    attempts = [
        update(table).values(text="Something else."),
        update(table).values(state="draft", approved_at=None),
        update(table).values(version=2),
        delete(table),
        insert(table).values(**row | {"id": new_id(), "version": 2}),  # born approved
    ]
    if here.store.dialect == "sqlite":
        attempts += [
            insert(table).prefix_with("OR REPLACE").values(**row | {"state": "draft", "approved_at": None}),
            insert(table)
            .prefix_with("OR REPLACE")
            .values(**row | {"id": new_id(), "state": "draft", "approved_at": None}),
        ]
    else:
        attempts += [text("TRUNCATE wordings CASCADE")]  # type: ignore[list-item]
    for attempt in attempts:
        with pytest.raises(DBAPIError):
            async with here.store.write() as conn:
                await conn.execute(attempt)
    assert await current(here) == one


async def test_a_changed_draft_is_refused_with_an_alarm(here: Installation, lead: Session) -> None:
    _, wordings = services(here)
    await drafted(here)
    async with here.store.write() as conn:
        await conn.execute(update(table).values(text="You agree to everything."))
    async with here.store.write() as conn:
        with pytest.raises(Forged):
            await wordings.approve(conn, EMERGENCY, "en", revision=1, by=lead.staff_id)
        with pytest.raises(Forged):
            await wordings.everything(conn)
    assert set(here.alarms) == {Fault.FORGED}


def test_what_asks_says_to_whom_and_until_when() -> None:
    assert wording_mistakes(Purpose.REFERRAL, ASK) == []
    for wrong in (
        "Yes?",
        "{organisation}",
        "{until}",
        ASK + "{name}",
        ASK + "{",
        ASK + "{until!r}",
        ASK + "{until:>9}",
        ASK + "{}",
    ):
        assert wording_mistakes(Purpose.REFERRAL, wrong) == [Mistake("text", Wrong.VALUES)]
    assert wording_mistakes(EMERGENCY, ASK) == [Mistake("text", Wrong.VALUES)]


@pytest.mark.parametrize(
    ("said", "wrong"), [("", Wrong.MISSING), ("x" * 1201, Wrong.TOO_LONG), ("a\x00b", Wrong.UNPRINTABLE)]
)
def test_a_text_is_short_and_can_be_read(said: str, wrong: Wrong) -> None:
    assert wording_mistakes(EMERGENCY, said) == [Mistake("text", wrong)]


def test_what_is_put_in_is_never_read_again() -> None:
    one = Wording(
        id=WordingId("w"),
        purpose=Purpose.REFERRAL,
        language="en",
        version=1,
        text=ASK,
        revision=1,
        made_by=None,
        made_at=0,
    )
    told = one.told(organisation="{until} & Co", until="6 December")
    assert told == "May we send this to {until} & Co? It holds until 6 December."


def test_every_scope_has_a_wording_to_show_and_one_to_read_out() -> None:
    assert purpose_of(Scope.REFERRAL, spoken=False) is Purpose.REFERRAL
    assert purpose_of(Scope.PROPOSAL, spoken=True) is Purpose.PROPOSAL_SPOKEN
    assert len({purpose_of(scope, spoken=spoken) for scope in Scope for spoken in (True, False)}) == 4


async def test_the_triggers_can_be_taken_away_and_made_again(here: Installation, lead: Session) -> None:
    """As a migration does that rebuilds the table."""
    async with here.store.write() as conn:
        for statement in approved_only.removals(here.store.dialect):
            await conn.execute(text(statement))
        for statement in approved_only.statements(here.store.dialect):
            await conn.execute(text(statement))
    await approved(here, lead)
    with pytest.raises(DBAPIError):
        async with here.store.write() as conn:
            await conn.execute(update(table).values(text="Second."))
