"""Commands: `python -m config.cli`. Each is a thin shell in a `cli_*` module."""

from pathlib import Path

import typer

from config import __file__ as roof
from config import (
    cli_attack,
    cli_backup,
    cli_call,
    cli_codes,
    cli_hours,
    cli_keeping,
    cli_organisations,
    cli_people,
    cli_receiving,
    cli_reviews,
    cli_running,
)
from config.listener import PortTaken
from config.resources import DISTRUST
from config.settings import SettingsRefused
from config.speaking import stop
from config.stopping import FAILED, CannotStart
from contacts.distrust import Distrusted
from storage.engine import is_outage

app = typer.Typer(
    help="Quietline: run it, set it up, look after its people.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables
)
for _commands in (
    cli_running.app,
    cli_keeping.app,
    cli_backup.app,
    cli_codes.app,
    cli_attack.app,
    cli_receiving.app,
    cli_call.app,
    cli_reviews.app,
):
    app.registered_commands += _commands.registered_commands
app.add_typer(cli_people.app, name="people")
app.add_typer(cli_hours.app, name="hours")
app.add_typer(cli_organisations.app, name="organisations")
app.add_typer(cli_keeping.audit, name="audit")
app.add_typer(cli_keeping.settings, name="settings")


def main() -> None:
    """Run a command. What cannot be done is one sentence on stderr, never a traceback."""
    if Path(roof).resolve().parents[1] != Path.cwd():
        stop("Run this from Quietline's own folder: another package named `config` could be taken for ours.")
    try:
        app()
    except SettingsRefused as refused:
        stop(*refused.problems)
    except (CannotStart, PortTaken) as refused:
        stop(str(refused))
    except Distrusted as refused:
        stop(DISTRUST[refused.fault][1])
    except Exception as error:
        if is_outage(error):
            stop("The database cannot be reached or does not answer.", code=FAILED)
        raise


if __name__ == "__main__":
    main()
