"""Commands that run something: `demo`, `web`, `worker`, `migrate`."""

import sys
from typing import Annotated

import typer

from config import demo as demonstration
from config import migrate as migrations
from config import web as web_processes
from config import worker as worker_process
from config.resources import private_folder
from config.settings import Settings, read_demo_settings
from config.speaking import ready_settings, say

app = typer.Typer()


@app.command()
def demo(
    *,
    seed: Annotated[bool, typer.Option("--seed", help="Only make it, for `web` and `worker` with MODE=demo.")] = False,
) -> None:
    """Make the demo helpline in DATA_DIR/demo if it is not there, and serve it until Ctrl-C."""
    settings = ready_settings(read_demo_settings)
    sign_ins = demonstration.prepare(settings)
    if seed:
        say(sign_ins)
        return
    sys.exit(web_processes.serve(settings, ready=lambda: _welcome(settings, sign_ins)))


@app.command()
def web() -> None:
    """Serve visitors and staff with WEB_WORKERS processes until told to stop."""
    sys.exit(web_processes.serve(ready_settings()))


@app.command()
def worker() -> None:
    """Do what no request asks for: sweeps and offers. Only needed with REDIS_URL."""
    sys.exit(worker_process.work(ready_settings()))


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this version (the release step)."""
    settings = ready_settings()
    private_folder(settings.folder)
    migrations.migrate(settings)
    say("The database is up to date.")


def _welcome(settings: Settings, sign_ins: str) -> None:
    say(
        "",
        f"{settings.service_name}: a demo of Quietline. Nobody and nothing in it is real.",
        "",
        f"  Visitors   {settings.address}/",
        f"  Staff      {settings.address}/desk",
        "",
        "Sign in at the desk first: nobody is present yet.",
        "",
        *(f"  {line}" for line in sign_ins.splitlines()),
        f"  (kept in {settings.folder / demonstration.SIGN_INS})",
        "",
        "Ctrl-C stops it.",
    )
    sys.stdout.flush()
