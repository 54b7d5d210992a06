"""Commands about statistics that leave the house: `export-statistics`, `load-records`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from config.counting import counting
from config.office import Office, office
from config.resources import Resources, alarm, resources
from config.reviewing import Reviewing, reviewing
from config.settings import Settings
from config.speaking import ask_hidden, ready_settings, say, stop
from config.stopping import FAILED
from contacts.keyring import Keyring
from contacts.openings import OpeningDenied
from contacts.reviews.asked import OUTSIDE_K, Asked, CannotBeMade, Step, Why
from contacts.reviews.ledger import Audience, NotApproved, Release
from contacts.reviews.loading import AlreadyReleased, Fixed
from contacts.reviews.records_file import Loaded, Mistake, read_records
from contacts.session import Session
from contacts.sign_in import SignInRefused
from contacts.statistics.fact_book import KeysMissing
from contacts.statistics.keys import NoStatisticsKey
from contacts.words import Words

app = typer.Typer()

_BUCKET = "console"
_BAR = 30
#: Mistakes of a file that are named; the rest are counted.
_NAMED = 50

#: What stands in the way of a review.
SENTENCES = {
    Why.NOT_FROZEN: "This period still takes entries: a half-year can be released 14 days after its end, a year after its second half.",
    Why.NOT_SETTLED: "Some entries are still on their way to the counts. They move within a minute while the service runs.",
    Why.NOTHING_COUNTED: "Nothing was counted in this period.",
    Why.INSIDE_FIRST: "Make the review for the house first: what leaves the house may never say more.",
    Why.ANOTHER_K: "The review for people outside was made already, with another smallest group.",
    Why.CANNOT_PROTECT: "No way was found to protect the people behind these figures, even with larger categories. Nothing was written.",
    Why.OUT_OF_TIME: "Protecting the figures took too long, so nothing was written.",
    Why.EXPOSED: "The check found a figure that could be computed from the others, so nothing was written.",
    Why.BROKEN: "Working it out or reading the files back failed, so nothing was written.",
    Why.WORDS: "The commentary names numbers that no table shows.",
    Why.BUSY: "Others are releasing reviews at this moment. Try again.",
}
_STEPS = {
    Step.OPENING: "Opening what was counted",
    Step.WORKING: "Protecting and attacking",
    Step.RENDERING: "Writing the files",
    Step.CHECKING: "Attacking the files",
    Step.KEEPING: "Writing it down",
}


class Bar:
    """One line on the terminal, or one line a step where there is none (`live` false)."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last: Step | None = None

    def __call__(self, step: Step, done: int, total: int) -> None:
        number = list(Step).index(step)
        share = (number + (done / total if total else 0)) / len(Step)
        if self._live:
            filled = int(share * _BAR)
            typer.echo(f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {_STEPS[step]:<28}", nl=False, err=True)
        elif step is not self._last:
            typer.echo(f"{_STEPS[step]} ...", err=True)
        self._last = step

    def end(self) -> None:
        if self._live:
            typer.echo(f"\r[{'#' * _BAR}] {'Done':<28}", err=True)


@app.command("export-statistics")
def export_statistics(
    *,
    period: Annotated[str, typer.Option(help="2026H1, 2026H2 or 2026.")],
    out: Annotated[Path, typer.Option(help="The ZIP to write; it must not exist.")],
    as_: Annotated[str, typer.Option("--as", help="Login name of the analyst or lead who asks.")],
    passphrase_file: Annotated[Path | None, typer.Option(help="Where the passphrase is; else it is asked.")] = None,
    purpose: Annotated[str, typer.Option(help="What it is for, as the ledger keeps it.")] = "",
    outside: Annotated[bool, typer.Option("--outside", help="For publication: a second person approves it.")] = False,
    k: Annotated[int, typer.Option(min=OUTSIDE_K, max=50, help="Smallest group of a publication.")] = OUTSIDE_K,
) -> None:
    """Make the review of a half-year or year: one ZIP with tables, documents and the method. The same again is the same."""
    _check_period(period)
    if out.exists():
        stop(f"{out} exists already.")
    if not out.parent.is_dir():
        stop(f"{out.parent} is no folder.")
    audience = Audience.OUTSIDE if outside else Audience.INSIDE
    asked = Asked(period=period, audience=audience, k=k, purpose=purpose)
    passphrase = _passphrase(passphrase_file, as_)
    settings = ready_settings()

    async def run() -> tuple[Release, bytes | None]:
        async with resources(settings) as held:
            people = office(held)
            session = await _signed_in(people, as_, passphrase)
            try:
                return await _made(_reviewing(held, people), session, asked)
            finally:
                await people.sessions.sign_out(session)

    try:
        release, stored = asyncio.run(run())
    except CannotBeMade as refused:
        stop("", SENTENCES[refused.why], code=FAILED)
    except KeysMissing:
        stop("This person lacks a statistics key: a lead gives it (`people grant`).")
    except OpeningDenied:
        stop("Only analysts and leads make reviews, and only when it can be recorded.")
    except SignInRefused:
        stop("This sign-in is not right.")
    if stored is None:
        say(f"Release {release.release} waits for the approval of a second person. Ask again afterwards.")
        return
    try:
        written(out, stored)
    except OSError:
        stop(f"{out} cannot be written. The release is kept: ask for it again.", code=FAILED)
    say(f"{out}: {release.published} figures shown, {release.hidden} hidden. Release {release.release}.")


def written(out: Path, octets: bytes) -> None:
    """All of a file, or nothing. Raises OSError."""
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("xb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


async def _made(made: Reviewing, session: Session, asked: Asked) -> tuple[Release, bytes | None]:
    bar = Bar(live=sys.stderr.isatty())
    release = await made.reviews.request(session, asked, bar)
    bar.end()
    try:
        return await made.reviews.stored(session, release.release)
    except NotApproved:
        return release, None


@app.command("load-records")
def load_records(
    file: Annotated[Path, typer.Argument(help="One JSON object a line: unit, on, channel, language, count, codes.")],
) -> None:
    """Bring coded contacts of earlier years from another system: all of the file, or nothing."""
    settings = ready_settings()
    try:
        with file.open(encoding="utf-8") as lines:
            records, mistakes = read_records(lines, languages=frozenset(settings.languages))
    except (OSError, UnicodeError):
        stop(f"{file} cannot be read as UTF-8 text.")
    if mistakes:
        named = [_mistake(one) for one in sorted(mistakes)[:_NAMED]]
        more = [f"And {len(mistakes) - _NAMED} more."] if len(mistakes) > _NAMED else []
        stop(*named, *more, "Nothing was loaded.")
    loaded = asyncio.run(_loaded(settings, records))
    say(f"Loaded {loaded} records.")


def _mistake(one: Mistake) -> str:
    where = f"Line {one.line}" if one.line else "The whole file"
    return f"{where}, {one.field or 'all of it'}: {one.why}"


async def _loaded(settings: Settings, records: list[Loaded]) -> int:
    async with resources(settings) as held:
        made = _reviewing(held, office(held))
        try:
            async with held.store.write() as conn:
                return await made.loading.load(conn, records)
        except NoStatisticsKey:
            stop("There is no statistics key yet: it is made when the first lead enrols.")
        except AlreadyReleased as refused:
            what = {
                Fixed.RELEASED: f"{refused.period} was released already: nothing can be added to it.",
                Fixed.STOCK_RELEASED: f"A later stock was released: decisions and ends of {refused.period} would change it.",
            }
            stop(what[refused.why], "Nothing was loaded.")


def _reviewing(held: Resources, people: Office) -> Reviewing:
    keyring = Keyring(app_key=held.app_key, deployment=held.deployment, epochs=people.epochs, alarm=alarm)
    return reviewing(held, people, counting(held, people, keyring=keyring))


async def _signed_in(people: Office, login: str, passphrase: Words) -> Session:
    code = ask_hidden("Six digits of the second factor").reveal() if people.second_factors.required else ""
    entered = await people.sign_in.sign_in(login=login, passphrase=passphrase, code=code, bucket=_BUCKET)
    session = await people.sessions.resolve(entered.cookie)
    if session is None:
        raise SignInRefused
    return session


def _passphrase(file: Path | None, login: str) -> Words:
    if file is None:
        return ask_hidden(f"Passphrase of {login}")
    try:
        return Words(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeError):
        stop(f"{file} cannot be read.")


def _check_period(period: str) -> None:
    year, half = period[:4], period[4:]
    if not (year.isascii() and year.isdigit() and len(year) == 4 and half in {"", "H1", "H2"}):
        stop("A period is a half-year such as 2026H1, or a year such as 2026.")
