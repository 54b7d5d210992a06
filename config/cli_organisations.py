"""Commands about organisations: `organisations export`, `organisations import`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from config.office import office
from config.partners import partners
from config.resources import resources
from config.settings import Settings
from config.speaking import ready_settings, say, stop
from contacts.organisations.checks import NotAccepted
from contacts.organisations.hsds import LARGEST, Read, read, written

app = typer.Typer(help="Organisations people can be referred to (Open Referral HSDS).", no_args_is_help=True)
_File = Annotated[Path, typer.Argument(help="A JSON file; - is standard input or output.")]
_STREAM = Path("-")


@app.command()
def export(file: _File = _STREAM) -> None:
    """Write all organisations, their public keys included; who compared which key is left out."""
    text, refused = asyncio.run(_export(ready_settings()))
    if file == _STREAM:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
    if refused:
        stop(f"{refused} organisations were not written by us and are left out: somebody changed the database.")


@app.command("import")
def import_(file: _File = _STREAM) -> None:
    """Take all organisations of a file, or none. Keys that are new here wait for a lead to compare them."""
    settings = ready_settings()
    with sys.stdin.buffer if file == _STREAM else file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        stop("The file is larger than 1 MiB. Nothing was taken.")
    try:
        found = read(content, language=settings.ordered_languages[0])
        asyncio.run(_import(settings, found))
    except NotAccepted as refused:
        stop(*(f"{one.path or 'file'}: {one.wrong}" for one in refused.mistakes), "Nothing was taken.")
    for path in found.lost:
        typer.echo(f"Left out, there is no place for it: {path}", err=True)
    say(f"{len(found.organisations)} organisations.")


async def _export(settings: Settings) -> tuple[str, int]:
    async with resources(settings) as held, held.store.read() as conn:
        ours, refused = await partners(held, office(held)).organisations.believed(conn)
        return written(ours, language=settings.ordered_languages[0]), len(refused)


async def _import(settings: Settings, found: Read) -> None:
    async with resources(settings) as held, held.store.write() as conn:
        rows = [(one.id, one.entry, one.active) for one in found.organisations]
        await partners(held, office(held)).organisations.take_over(conn, rows, by=None)
