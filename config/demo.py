"""The demo: a made-up helpline, "Saarnilinja", with four people who can really sign in.

Everything lies in `DATA_DIR/demo`, made in a folder beside it and moved into place when complete, so that a start that
was cut off leaves nothing half-made. Nobody here exists.
"""

import asyncio
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.demo_figures import counted
from config.demo_partners import partnered
from config.demo_week import planned
from config.migrate import migrate
from config.office import Office, office
from config.resources import Resources, make_app_key, private_folder, resources
from config.settings import Settings, SettingsRefused
from contacts.people import Role
from contacts.session import Session
from contacts.staff import Invitation
from contacts.words import Words
from duty.hours import OpeningHours
from duty.schedule import CHAT, Schedule

SIGN_INS = "sign-ins.txt"
_BUCKET = "demo"


@dataclass(frozen=True, slots=True)
class _Character:
    """Somebody who does not exist."""

    login: str
    alias: str
    role: Role
    languages: tuple[str, ...]


_LEAD = _Character("kaisa", "Kaisa", Role.LEAD, ("fi", "en"))
_OTHERS = (
    _Character("aino", "Aino", Role.OPERATOR, ("fi", "sv", "en")),
    _Character("eero", "Eero", Role.OPERATOR, ("fi", "en")),
    _Character("saga", "Saga", Role.ANALYST, ("sv", "en")),
)
_AT_HOME = (
    _Character("reko", "Reko", Role.OPERATOR, ("fi", "sv", "en")),
    _Character("veera", "Veera", Role.OPERATOR, ("fi", "sv", "en")),
)


def prepare(settings: Settings) -> str:
    """Make the demo if it is not there, bring its schema up to date; the sign-ins to print."""
    sign_ins = settings.folder / SIGN_INS
    if not sign_ins.exists():
        _make(settings)
    migrate(settings)
    return sign_ins.read_text(encoding="utf-8")


def _make(settings: Settings) -> None:
    if settings.database_url.get_secret_value():  # a database elsewhere cannot be moved into place
        _fill(settings)
        return
    private_folder(settings.data_dir)
    if settings.folder.exists():
        raise SettingsRefused([f"There is a folder `demo` in DATA_DIR without {SIGN_INS}: move it away."])
    beside = Path(tempfile.mkdtemp(prefix="demo-", dir=settings.data_dir))
    try:
        made = settings.model_copy(update={"data_dir": beside})
        _fill(made)
        made.folder.rename(settings.folder)
    finally:
        shutil.rmtree(beside)


def _fill(settings: Settings) -> None:
    make_app_key(settings)
    migrate(settings)
    asyncio.run(_people(settings))


async def _people(settings: Settings) -> None:
    async with resources(settings) as held:
        people = office(held)
        first = await people.staff.set_up(login=_LEAD.login, alias=_LEAD.alias, languages=_LEAD.languages)
        lines = [await _enrolled(people, _LEAD, first.invitation)]
        lead = await _signed_in(people, _LEAD, lines[0].passphrase)
        for one in _OTHERS:
            invitation = await people.staff.invite(
                lead, login=one.login, alias=one.alias, role=one.role, languages=one.languages
            )
            lines.append(await _enrolled(people, one, invitation))
        for one in _AT_HOME:  # on call by telephone; they have not signed in yet
            await people.staff.invite(lead, login=one.login, alias=one.alias, role=one.role, languages=one.languages)
        async with held.store.write() as conn:
            for staff in await people.statistics.lacking(conn):
                await people.statistics.grant(conn, lead.keys, staff)
        await people.sessions.sign_out(lead)
        await _open_now(held)
        await planned(held, people)
        await partnered(held, people, folder=settings.folder)
        await counted(held, people)
    _keep(settings.folder / SIGN_INS, lines, first.recovery)


@dataclass(frozen=True, slots=True)
class _SignIn:
    character: _Character
    passphrase: Words

    def __str__(self) -> str:
        who = self.character
        return f"{who.login:<8}{who.role:<10}{self.passphrase.reveal()}"


async def _enrolled(people: Office, who: _Character, invitation: Invitation) -> _SignIn:
    offer = await people.enrolment.begin(invitation.code, bucket=_BUCKET)
    await people.enrolment.finish(
        invitation.code, ticket=offer.ticket, passphrase=offer.passphrase, second_factor="", bucket=_BUCKET
    )
    return _SignIn(who, offer.passphrase)


async def _signed_in(people: Office, who: _Character, passphrase: Words) -> Session:
    entered = await people.sign_in.sign_in(login=who.login, passphrase=passphrase, code="", bucket=_BUCKET)
    session = await people.sessions.resolve(entered.cookie)
    if session is None:
        raise AssertionError("a session that was just begun is gone")
    return session


async def _open_now(held: Resources) -> None:
    hours = OpeningHours("24/7", ZoneInfo(held.settings.zone), held.settings.country)
    async with held.store.write() as conn:
        await Schedule().publish(conn, CHAT, hours, valid_from=held.clock.now() - timedelta(days=1))


def _keep(path: Path, lines: list[_SignIn], recovery: Words) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.write(f"\nrecovery words: {recovery.reveal()}\n")
