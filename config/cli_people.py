"""Commands about staff. What only a lead may do asks for a lead's own sign-in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from config.office import Office, office
from config.resources import resources
from config.settings import Settings
from config.speaking import ask_hidden, ready_settings, say, stop
from contacts.audit import Action
from contacts.passphrase import NotRecoveryWords
from contacts.people import Role
from contacts.recovery import RecoveryRefused
from contacts.session import Session
from contacts.sign_in import SignInRefused
from contacts.staff import Invitation, LastLead, LoginTaken, NoSuchPerson, NotAllowed
from contacts.staff_numbers import forget_number
from contacts.statistics.keys import HOLDERS as STATISTICIANS
from contacts.words import Words
from hotline.numbers import NumberNotUnderstood, TelephoneNumber
from storage.engine import Connection, Store
from storage.ids import StaffId

app = typer.Typer(help="Who works here.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Login name.")]
By = Annotated[str, typer.Option("--by", help="Login name of the lead who does this; the passphrase is asked.")]
Languages = Annotated[str, typer.Option(help="Languages this person writes: fi,sv,en.")]

_BUCKET = "console"
_REFUSALS: dict[type[Exception], str] = {
    NotAllowed: "Only a lead may do this, and not to themself.",
    NoSuchPerson: "Nobody has this login name, or not in a state where this can be done.",
    LoginTaken: "Somebody has this login name, or had it.",
    LastLead: "Without this person there would be no lead: invite another one first.",
    SignInRefused: "This sign-in is not right.",
    RecoveryRefused: "These are not the recovery words, or this person is not a lead.",
    NumberNotUnderstood: "This is not a telephone number that can be called from abroad.",
    NotRecoveryWords: "These are not 24 words of the list, or one was copied wrongly.",
}


class Desk:
    """What a command about people works with."""

    def __init__(self, *, people: Office, store: Store, settings: Settings) -> None:
        self.people = people
        self.store = store
        self.settings = settings

    async def id_of(self, login: str) -> StaffId:
        """Raises `NoSuchPerson`."""
        async with self.store.read() as conn:
            person = await self.people.people.by_login(conn, login)
        if person is None:
            raise NoSuchPerson
        return person.id

    async def lead(self, login: str) -> Session:
        """Sign a lead in. Raises `SignInRefused`."""
        passphrase = ask_hidden(f"Passphrase of {login}")
        needs_code = self.people.second_factors.required
        code = ask_hidden("Six digits of the second factor").reveal() if needs_code else ""
        entered = await self.people.sign_in.sign_in(login=login, passphrase=passphrase, code=code, bucket=_BUCKET)
        session = await self.people.sessions.resolve(entered.cookie)
        if session is None:
            raise SignInRefused
        return session

    def told(self, invitation: Invitation) -> None:
        """Print what the person needs to enrol."""
        until = datetime.fromtimestamp(invitation.until, UTC)
        say(
            f"Login name      {invitation.login}",
            f"Enrolment code  {invitation.code.reveal()}",
            f"Enrol at        {self.settings.address}/desk/enrol",
            f"Good once, until {until:%Y-%m-%d %H:%M} UTC. Tell it in person; it is not shown again.",
        )


def at_desk(run: Callable[[Desk], Awaitable[None]], *, altered: bool = False) -> None:
    """Run one command with everything it needs; a refusal ends it with a sentence. `altered`: as `resources` has it."""
    settings = ready_settings()

    async def opened() -> None:
        async with resources(settings, altered=altered) as held:
            await run(Desk(people=office(held), store=held.store, settings=settings))

    try:
        asyncio.run(opened())
    except tuple(_REFUSALS) as refused:
        stop(_REFUSALS[type(refused)])


async def as_lead(desk: Desk, by: str, act: Callable[[Session], Awaitable[None]]) -> None:
    """Sign a lead in, act, sign out."""
    session = await desk.lead(by)
    try:
        await act(session)
    finally:
        await desk.people.sessions.sign_out(session)


@app.command("list")
def list_people() -> None:
    """Everybody, with role, state and languages."""

    async def run(desk: Desk) -> None:
        async with desk.store.read() as conn:
            everybody = await desk.people.people.everybody(conn)
        for one in sorted(everybody.values(), key=lambda one: (one.state, one.login)):
            say(f"{one.login:<16}{one.role:<10}{one.state:<9}{','.join(one.languages):<12}{one.alias}")

    at_desk(run)


@app.command()
def add(
    login: Login,
    by: By,
    alias: Annotated[str, typer.Option(help="Duty alias that visitors see.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
    languages: Languages = "fi",
) -> None:
    """Invite somebody: prints the one-time code they enrol with."""

    async def run(desk: Desk) -> None:
        async def act(lead: Session) -> None:
            codes = tuple(code.strip() for code in languages.split(",") if code.strip())
            desk.told(await desk.people.staff.invite(lead, login=login, alias=alias, role=role, languages=codes))

        await as_lead(desk, by, act)

    at_desk(run)


@app.command()
def reset(login: Login, by: By) -> None:
    """Somebody lost their passphrase: the old keys are destroyed; prints a new code to enrol with."""

    async def run(desk: Desk) -> None:
        async def act(lead: Session) -> None:
            desk.told(await desk.people.staff.reset(await desk.id_of(login), by=lead))

        await as_lead(desk, by, act)

    at_desk(run)


@app.command()
def grant(login: Login, by: By) -> None:
    """Let somebody open contacts from before they came (or were enrolled anew), or the facts of statistics."""

    async def run(desk: Desk) -> None:
        async def act(lead: Session) -> None:
            if lead.role is not Role.LEAD:
                raise NotAllowed
            staff = await desk.id_of(login)
            async with desk.store.write() as conn:
                role = (await desk.people.people.everybody(conn))[staff].role
                count = await _statistics_keys(desk, conn, lead, staff) if role in STATISTICIANS else None
            if count is not None:
                say(f"Granted {count} statistics keys.")
            if role is not Role.ANALYST:
                count = await desk.people.staff.grant_older_epochs(staff, by=lead)
                say(f"Granted {count} older keys.")

        await as_lead(desk, by, act)

    at_desk(run)


async def _statistics_keys(desk: Desk, conn: Connection, lead: Session, staff: StaffId) -> int:
    try:
        return await desk.people.statistics.grant(conn, lead.keys, staff)
    except LookupError:
        raise NoSuchPerson from None


@app.command("statistics-key")
def statistics_key(by: By) -> None:
    """Make a new key for the facts of statistics, yearly; analysts and leads are given it at once."""

    async def run(desk: Desk) -> None:
        async def act(lead: Session) -> None:
            if lead.role is not Role.LEAD:
                raise NotAllowed
            async with desk.store.write() as conn:
                number = await desk.people.statistics.renew(conn, lead.staff_id)
            say(f"Made statistics key {number}.")

        await as_lead(desk, by, act)

    at_desk(run)


@app.command()
def phone(
    login: Login,
    by: By,
    number: Annotated[str, typer.Argument(help="Such as +46701740635; leave it out to take the number away.")] = "",
) -> None:
    """Enter the telephone number the hotline rings this person at. It is sealed, and never shown again."""

    async def run(desk: Desk) -> None:
        parsed = TelephoneNumber.parse(number) if number else None

        async def act(lead: Session) -> None:
            if lead.role is not Role.LEAD:
                raise NotAllowed
            staff = await desk.id_of(login)
            async with desk.store.write() as conn:
                if parsed is None:
                    await forget_number(conn, staff)
                else:
                    await desk.people.numbers.keep(conn, staff, Words(parsed.e164))
                await desk.people.audit.append(conn, Action.SETTINGS, actor=lead.staff_id, subject=staff)
            say(f"Kept the number of {login}." if parsed else f"{login} has no number any more.")

        await as_lead(desk, by, act)

    at_desk(run)


@app.command()
def leave(login: Login) -> None:
    """Off-board somebody: their sessions end and their keys are destroyed, at once."""

    async def run(desk: Desk) -> None:
        await desk.people.staff.leave(await desk.id_of(login))
        say(f"{login} can open nothing any more.")

    at_desk(run)


@app.command()
def recover(login: Login) -> None:
    """When no lead can sign in: with the recovery words on paper, enrol a lead anew, then give back every key.

    Run it once to get an enrolment code; enrol; run it again.
    """

    async def run(desk: Desk) -> None:
        staff = await desk.id_of(login)
        words = ask_hidden("The 24 recovery words")
        async with desk.store.read() as conn:
            person = (await desk.people.people.everybody(conn))[staff]
        if person.exchange_public is None or typer.confirm("Enrol this lead anew?", default=False):
            code = await desk.people.recovery.reset_lead(words, staff)
            say(f"Enrolment code  {code.reveal()}", f"Enrol at        {desk.settings.address}/desk/enrol")
            return
        recovered = await desk.people.recovery.grant(words, staff)
        say(
            f"Gave back {recovered.granted} keys. The old words are used up.",
            "Write down the new ones; they are not shown again:",
            recovered.words.reveal(),
        )

    at_desk(run)
