"""Commands `backup` and `restore`. docs/operations.md says when, where to, and what never lies together."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from config.migrate import migrate
from config.office import office
from config.resources import alarm, private_folder, read_app_key, resources
from config.settings import Settings
from config.speaking import ready_settings, say, stop
from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.backup.files import Reader, Unreadable
from contacts.backup.restoring import NotEmpty, restore
from contacts.backup.taking import KEYRING_KEPT, Backup
from contacts.marks import FileMarks, Mark
from storage.clock import SystemClock
from storage.engine import Store

app = typer.Typer()


@app.command()
def backup(
    content: Annotated[Path, typer.Option(help="Folder for what is sealed. May be kept for as long as you like.")],
    keyring: Annotated[Path, typer.Option(help="Folder for the keys. Older than 14 days are deleted here.")],
) -> None:
    """Write a backup while the service runs: content and keyring in two files, the app key in neither."""
    if content.resolve() == keyring.resolve():
        stop("Content and keyring go into two folders, best on two machines: together they are worth more to a thief.")

    asyncio.run(_taken(ready_settings(), content, keyring))


@app.command("restore")
def restore_command(
    content: Annotated[Path, typer.Option(help="A file `quietline-content-...`.")],
    keyring: Annotated[Path, typer.Option(help="A file `quietline-keyring-...`, the newest you have.")],
    *,
    old_keyring: Annotated[
        bool,
        typer.Option("--old-keyring", help="Accept a keyring older than 14 days: it may bring back what was erased."),
    ] = False,
) -> None:
    """Bring a backup back into an empty deployment whose app key lies in its place. Nothing is sent until a lead agrees."""
    deployment = ready_settings()
    app_key = read_app_key(deployment)
    try:
        files = Reader(content, app_key=app_key), Reader(keyring, app_key=app_key)
    except Unreadable as unreadable:
        stop(str(unreadable))
    age = timedelta(seconds=SystemClock().now().timestamp() - files[1].header.at)
    if age > KEYRING_KEPT and not old_keyring:
        stop("This keyring is older than 14 days and should not exist: it may bring back what was erased.")
    migrate(deployment)
    asyncio.run(_restored(deployment, app_key, *files))
    FileMarks(path=private_folder(deployment.marks_file.parent) / deployment.marks_file.name, app_key=app_key).accept(
        Mark()
    )
    say(
        "Restored. Nobody is signed in, and no visitor's cookie opens anything.",
        "Nothing is sent until a shift lead releases it: /desk/lead/retention.",
        "Next: `python -m config.cli audit verify --witness FILE`, then `web`.",
    )


async def _taken(settings: Settings, content: Path, keyring: Path) -> None:
    async with resources(settings) as held:
        one = Backup(store=held.store, app_key=held.app_key, deployment=held.deployment, clock=held.clock)
        try:
            taken = await one.take(private_folder(content), private_folder(keyring))
        except OSError:
            stop("The files cannot be written there.")
        async with held.store.write() as conn:
            await office(held).audit.append(conn, Action.BACKED_UP)
    say(f"Content  {taken.content}", f"Keyring  {taken.keyring}", "Neither holds the app key: keep it apart.")
    if taken.deleted:
        say(f"{len(taken.deleted)} keyrings older than {KEYRING_KEPT.days} days were deleted.")


async def _restored(settings: Settings, app_key: AppKey, content: Reader, keyring: Reader) -> None:
    store, clock = Store(url=settings.store_url), SystemClock()
    try:
        audit = Audit(app_key=app_key, deployment=content.deployment, clock=clock, alarm=alarm)
        await restore(store, content, keyring, audit=audit, clock=clock)
    except Unreadable as unreadable:
        stop(str(unreadable))
    except NotEmpty:
        stop("There is something in this database already: a backup is brought back into an empty one.")
    finally:
        await store.close()
