"""How commands speak: plain sentences, refusals on stderr, secrets asked without showing them."""

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from config.logs import configure_logs
from config.settings import Mode, Settings, read_settings
from config.stopping import CANNOT_START
from contacts.words import Words


def say(*lines: str) -> None:
    """To whoever started the command."""
    for line in lines:
        typer.echo(line)


def stop(*sentences: str, code: int = CANNOT_START) -> NoReturn:
    """End the command with these sentences and this exit code."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    sys.exit(code)


def ask_hidden(question: str) -> Words:
    """Ask for a secret on the terminal, or read a line when there is none."""
    if sys.stdin.isatty():
        return Words(typer.prompt(question, hide_input=True))
    return Words(sys.stdin.readline().strip())


def ready_settings(read: Callable[[], Settings] = read_settings) -> Settings:
    """Settings, with the logs set up to match. Raises `SettingsRefused`."""
    settings = read()
    configure_logs(readable=settings.mode is not Mode.PRODUCTION)
    return settings
