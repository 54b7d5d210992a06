"""Commands that set up and look after a deployment: `setup`, `marks`, `audit verify`, `settings check`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from config.cli_people import Desk, at_desk
from config.migrate import migrate
from config.resources import make_app_key, read_app_key
from config.speaking import ready_settings, say, stop
from contacts.marks import FileMarks, Mark
from contacts.staff import AlreadySetUp
from contacts.witness import BadLine, WitnessedHead

app = typer.Typer()
audit = typer.Typer(help="The audit log.", no_args_is_help=True)
settings = typer.Typer(help="The settings.", no_args_is_help=True)


@app.command()
def setup(
    login: Annotated[str, typer.Option(help="Login name of the first lead.")],
    alias: Annotated[str, typer.Option(help="Duty alias that visitors see.")],
    languages: Annotated[str, typer.Option(help="Languages this person writes: fi,sv,en.")] = "fi",
) -> None:
    """Make the app key and the database, invite the first lead, and show the recovery words once."""
    deployment = ready_settings()
    make_app_key(deployment)
    migrate(deployment)

    async def run(desk: Desk) -> None:
        codes = tuple(code.strip() for code in languages.split(",") if code.strip())
        try:
            made = await desk.people.staff.set_up(login=login, alias=alias, languages=codes)
        except AlreadySetUp:
            stop("This service is set up already: `people add` invites more people.")
        desk.told(made.invitation)
        say(
            "",
            "Recovery words. Print them, lock them away; they are not shown again and not kept anywhere.",
            "Without them, and without any lead's passphrase, what visitors wrote is lost for ever:",
            "",
            made.recovery.reveal(),
            "",
            "Next: `python -m config.cli hours publish 'Mo-Fr 13:00-15:00; PH off'`, then `web`.",
        )

    at_desk(run)


@app.command()
def marks() -> None:
    """After a backup of the database was restored: accept that it is older than what this machine has seen."""
    deployment = ready_settings()
    typer.confirm(
        "Was a backup restored by you, just now? Otherwise somebody may have swapped the database", abort=True
    )
    FileMarks(path=deployment.marks_file, app_key=read_app_key(deployment)).accept(Mark())
    say("Accepted. The marks rise again from what the database holds.")


@audit.command()
def verify(
    witness: Annotated[
        Path | None, typer.Option(help="File of heads that a witness keeps, `-` for standard input.")
    ] = None,
) -> None:
    """Check every row of the audit log against the one before it. Exit code 1 names the first bad one."""

    async def run(desk: Desk) -> None:
        held = _witnessed(desk, witness)
        async with desk.store.read() as conn:
            broken = await desk.people.audit_check.verify(conn, witnessed=[one.head for one in held])
            head = None if broken else await desk.people.audit.head(conn)
        if broken is not None:
            say(f"Row {broken.number}: {broken.why}.")
            raise typer.Exit(1)
        if head is not None:
            say(f"{head.number} rows, all as they were written. Head: {head.hash.hex()}")
        if held:
            say(f"They agree with {len(held)} heads of the witness, the last of row {held[-1].head.number}.")

    at_desk(run, altered=True)  # who altered the log may have taken its guards away


@audit.command()
def head() -> None:
    """Print the newest head, signed: one line for a witness to keep. docs/operations.md says how."""

    async def run(desk: Desk) -> None:
        async with desk.store.read() as conn:
            say(await desk.people.witness.line(conn))

    at_desk(run)


@audit.command("key")
def audit_key() -> None:
    """Print the public key (Ed25519, hex) with which a witness checks what it is given."""

    async def run(desk: Desk) -> None:
        say(desk.people.witness.public)

    at_desk(run)


def _witnessed(desk: Desk, file: Path | None) -> list[WitnessedHead]:
    """What the witness holds; a file that holds none is as suspicious as none at all."""
    if file is None:
        return []
    try:
        lines = (sys.stdin.read() if str(file) == "-" else file.read_text(encoding="ascii")).splitlines()
        held = desk.people.witness.read(lines)
    except (OSError, UnicodeError):
        stop("The witness's file cannot be read.")
    except BadLine as bad:
        stop(f"Line {bad.line} of the witness's file is not one that this service signed.", code=1)
    if not held:
        stop("The witness's file holds no head.", code=1)
    return held


@settings.command()
def check() -> None:
    """Read the settings and show them, secrets as stars."""
    for name, value in ready_settings().model_dump().items():
        say(f"{name.upper():<22}{_shown(value)}")


def _shown(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
