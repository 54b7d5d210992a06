"""The command that attacks released files: `attack`. It needs no installation, no key and no database."""

from pathlib import Path
from typing import Annotated

import typer

from config.attacked_files import opened
from config.speaking import say
from contacts.attack.attacking import attack as attack_on
from contacts.attack.attacking import ledger
from contacts.attack.published import Key
from contacts.attack.reading import Unreadable
from contacts.attack.released import Released

app = typer.Typer()

EXPOSED = 1
UNREADABLE = 2


@app.command()
def attack(
    files: Annotated[
        list[Path], typer.Argument(help="ZIPs, single files out of them, ledgers as .jsonl.", show_default=False)
    ],
    seconds: Annotated[float, typer.Option(help="The solver may take so long.")] = 60.0,
    whole: Annotated[bool, typer.Option("--whole", help="People are whole numbers: stronger, and slower.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Try to compute what released files hide, all of them together. Exit 0: safe, 1: something is exposed, 2: unreadable."""
    releases: list[Released] = []
    known: list[dict[Key, int | None]] = []
    for path in files:
        try:
            octets = path.read_bytes()
            if path.suffix == ".jsonl":
                known += ledger(octets)
            else:
                releases.append(opened(path.name, octets))
        except OSError:
            say(f"{path}: this file cannot be opened.")
            raise typer.Exit(UNREADABLE) from None
        except Unreadable as problem:
            say(f"{path}: {problem}")
            raise typer.Exit(UNREADABLE) from None
    outcome = attack_on(releases, known, seconds=seconds, whole=whole)
    for sentence in outcome.sentences:
        say(sentence)
    if not outcome.safe:
        raise typer.Exit(EXPOSED)
