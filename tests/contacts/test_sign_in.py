import asyncio

import pytest
from sqlalchemy import func, select, text

from contacts.audit import Action
from contacts.distrust import Forged
from contacts.people import Role
from contacts.session import Session
from contacts.sign_in import SignInRefused
from contacts.tables_audit import audit
from contacts.tables_staff import sessions, staff
from contacts.throttle import TooMany
from contacts.words import Words
from tests.contacts.installation import Colleague, Installation

pytestmark = pytest.mark.anyio


async def attempt(
    here: Installation, login: str, passphrase: Words | str = "wrong", code: str = "", bucket: str = "office"
) -> str:
    words = passphrase if isinstance(passphrase, Words) else Words(passphrase)
    return (await here.sign_in.sign_in(login=login, passphrase=words, code=code, bucket=bucket)).cookie


async def in_audit(here: Installation, action: Action) -> list[tuple[str | None, str | None]]:
    async with here.store.read() as conn:
        rows = await conn.execute(select(audit).where(audit.c.action == action).order_by(audit.c.number))
        return [(row.actor, row.subject) for row in rows]


@pytest.fixture
async def otso(here: Installation, lead: Session) -> Colleague:
    return await here.joined(lead, "otso")


async def test_login_and_passphrase_may_be_typed_loosely(here: Installation, otso: Colleague) -> None:
    cookie = await attempt(here, " OTSO ", otso.passphrase.reveal().upper().replace(" ", "-"))
    session = await here.sessions.resolve(cookie)
    assert session is not None
    assert (session.staff_id, session.alias, session.role) == (otso.staff_id, "Otso", Role.OPERATOR)


async def test_everything_wrong_gets_one_answer_at_one_price(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    left = await here.joined(lead, "left")
    await here.staff.leave(left.staff_id)
    invited = await here.staff.invite(lead, login="invited", alias="I", role=Role.OPERATOR, languages=[])
    wrongs: list[tuple[str, Words | str]] = [
        ("otso", "wrong"),
        ("otso", ""),
        ("nobody", "wrong"),
        ("", ""),
        ("nobody", otso.passphrase),
        ("left", left.passphrase),
        ("invited", invited.code),
        ("otso", "x" * 1_000_000),
    ]
    answers = set()
    for login, passphrase in wrongs:
        runs = here.stretcher.runs
        with pytest.raises(SignInRefused) as refused:
            await attempt(here, login, passphrase)
        answers.add((str(refused.value), here.stretcher.runs - runs))
    assert answers == {("", 1)}


async def test_signing_in_costs_one_run_too(here: Installation, otso: Colleague) -> None:
    runs = here.stretcher.runs
    await attempt(here, "otso", otso.passphrase)
    assert here.stretcher.runs == runs + 1


async def test_attempts_are_in_the_audit_log_without_what_was_typed(here: Installation, otso: Colleague) -> None:
    for login in ("otso", "my passphrase by mistake"):
        with pytest.raises(SignInRefused):
            await attempt(here, login)
    await attempt(here, "otso", otso.passphrase)
    assert await in_audit(here, Action.SIGN_IN_FAILED) == [(None, otso.staff_id), (None, None)]
    assert (await in_audit(here, Action.SIGN_IN_OK))[-1] == (otso.staff_id, None)
    async with here.store.read() as conn:
        values = [str(value) for row in await conn.execute(select(audit)) for value in row]
    assert not [value for value in values if "mistake" in value]


async def test_who_cannot_be_recorded_does_not_get_in(here: Installation, otso: Colleague) -> None:
    async with here.store.write() as conn:
        await conn.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
        before = (await conn.execute(select(func.count()).select_from(sessions))).scalar_one()
    with pytest.raises(Exception, match="audit"):
        await attempt(here, "otso", otso.passphrase)
    async with here.store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(sessions))).scalar_one() == before


async def test_attempts_are_counted_before_any_hashing(here: Installation, otso: Colleague) -> None:
    for _ in range(8):
        with pytest.raises(SignInRefused):
            await attempt(here, "otso", bucket="attacker")
    runs = here.stretcher.runs
    with pytest.raises(TooMany):
        await attempt(here, "otso", otso.passphrase, bucket="attacker")
    assert here.stretcher.runs == runs


async def test_an_attacker_elsewhere_does_not_lock_out_the_operator(here: Installation, otso: Colleague) -> None:
    for _ in range(8):
        with pytest.raises(SignInRefused):
            await attempt(here, "otso", bucket="attacker")
    assert await attempt(here, "otso", otso.passphrase, bucket="office")


async def test_slips_before_a_right_passphrase_are_forgiven(here: Installation, otso: Colleague) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInRefused):
                await attempt(here, "otso")
        await attempt(here, "otso", otso.passphrase)


async def test_whoever_is_reset_while_argon2id_runs_does_not_get_in(
    here: Installation, lead: Session, otso: Colleague
) -> None:
    async with here.store.read() as conn:
        person = await here.people.by_login(conn, "otso")
    assert person is not None
    await here.staff.reset(otso.staff_id, by=lead)
    assert await here.sign_in._let_in(person, b"s" * 32, "") is None


async def test_a_seed_planted_by_a_database_writer_is_not_tried(here: Installation, otso: Colleague) -> None:
    async with here.store.write() as conn:
        theirs = (await conn.execute(select(staff).where(staff.c.login == "leena"))).mappings().one()
        await conn.execute(
            staff.update().where(staff.c.login == "otso").values(seed=theirs["seed"], salt=theirs["salt"])
        )
    runs = here.stretcher.runs
    with pytest.raises(Forged):
        await attempt(here, "otso", otso.passphrase)
    assert here.stretcher.runs == runs


async def test_the_database_and_the_passphrase_are_not_enough_without_the_app_key(
    here: Installation, otso: Colleague
) -> None:
    stolen = Installation(here.store, here.clock, here.app_key.fresh(), here.marks, here.deployment)
    async with here.store.read() as conn:
        person = await here.people.by_login(conn, "otso")
    assert person is not None
    assert await here.sign_in._seed(person, "otso", otso.passphrase) is not None
    assert await stolen.sign_in._seed(person, "otso", otso.passphrase) is None


async def test_the_second_factor_is_asked_for_and_used_once(here: Installation, lead: Session) -> None:
    there = Installation(here.store, here.clock, here.app_key, here.marks, here.deployment, second_factor=True)
    otso = await there.joined(lead, "otso")
    here.clock.advance(30)
    assert otso.second_factor is not None
    code = there.code_of(otso.second_factor)
    for wrong in ("", "000000"):
        with pytest.raises(SignInRefused):
            await attempt(there, "otso", otso.passphrase, wrong)
    done = await asyncio.gather(
        *(attempt(there, "otso", otso.passphrase, code) for _ in range(3)), return_exceptions=True
    )
    assert sorted(isinstance(one, SignInRefused) for one in done) == [False, True, True]


async def test_what_signing_in_gives_prints_nothing(here: Installation, otso: Colleague) -> None:
    done = await here.sign_in.sign_in(login="otso", passphrase=otso.passphrase, code="", bucket="b")
    assert repr(done) == "SignedIn(...)"
    assert not done.replaced
