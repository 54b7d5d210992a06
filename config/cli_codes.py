"""The command about code lists: `codes`."""

import json
from typing import Annotated

import typer

from config.speaking import say, stop
from contacts.codes.catalogue import described
from contacts.codes.eurostat import EUROSTAT
from contacts.codes.htcds import HTCDS
from contacts.codes.shapes import LANGUAGES

app = typer.Typer()


@app.command()
def codes(
    language: Annotated[str, typer.Option(help="fi, sv or en.")] = "en",
    country: Annotated[str, typer.Option(help="The service's own country: FI.")] = "FI",
    maps: Annotated[bool, typer.Option("--maps", help="Also the maps to HTCDS 2.0 and Eurostat.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Print the code lists of the contact record as JSON, in order; with --maps, where each code goes and what is lost."""
    if language not in LANGUAGES:
        stop(f"The lists are written in {', '.join(LANGUAGES)}.")
    told = described(language, country=country.upper())
    if maps:
        told["maps"] = {one.name: one.declared() for one in (HTCDS, EUROSTAT)}
    say(json.dumps(told, ensure_ascii=False, indent=2))
