"""The command `call`: one call to the running demo, through its real webhooks, told line by line."""

import http.client
import json
import sys
from typing import Annotated

import typer

from config.demo_phone import CALLS, HABITS
from config.hotline import own_address
from config.settings import read_demo_settings
from config.speaking import ready_settings, say, stop
from hotline.prompts import read_prompts
from hotline.verbs import Prompt

app = typer.Typer()

CONNECTED, HONEST, FAILED = 0, 3, 1
#: A number that no subscriber has (PTS, numbers for drama).
_FICTIONAL = "+46313900601"
_HONEST = (Prompt.NOBODY_NOW, Prompt.NOBODY_ANSWERED, Prompt.GOODBYE, Prompt.BACK_THANKS)
_SECONDS = 620


@app.command()
def call(
    *,
    press: Annotated[str, typer.Option(help="Keys, one for each question; w lets a question pass.")] = "",
    operators: Annotated[str, typer.Option(help=f"Habits in the order of ringing: {', '.join(HABITS)}.")] = "answer",
    from_: Annotated[
        str, typer.Option("--from", help="Who calls: a number, or a word such as anonymous.")
    ] = _FICTIONAL,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line: t, who, event, text.")] = False,
) -> None:
    """Call the demo that is running (`python -m config.cli demo`), and tell what happens.

    Exit code 0: a person and the caller were connected. 3: the caller was told honestly what to do next. 1: neither.
    """
    habits = [habit.strip() for habit in operators.split(",") if habit.strip()]
    if not set(habits) <= set(HABITS):
        raise typer.BadParameter(f"an operator can {', '.join(HABITS)}", param_hint="--operators")
    if not set(press) <= set("0123456789*#w"):
        raise typer.BadParameter("a telephone has the keys 0 to 9, * and #", param_hint="--press")
    settings = ready_settings(read_demo_settings)
    prompts = read_prompts(settings.ordered_languages)
    honest = {prompts.spoken(prompt, language).text for prompt in _HONEST for language in prompts.languages}
    ending = FAILED
    for line in _asked(own_address(settings), {"from": from_, "press": press, "operators": habits}):
        told = json.loads(line)
        if told["who"] == "caller" and told["event"] == "bridged":
            ending = CONNECTED
        elif told["who"] == "caller" and told["text"] in honest and ending == FAILED:
            ending = HONEST
        if as_json:
            say(json.dumps(told, ensure_ascii=False))
        else:
            say(f"{told['t']:6.1f}  {told['who']:<8}{told['event']:<10}{told['text']}")
        sys.stdout.flush()
    raise typer.Exit(ending)


def _asked(address: str, wanted: dict[str, object]) -> http.client.HTTPResponse:
    """The transcript, line by line as it happens."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=_SECONDS)
    try:
        connection.request("POST", CALLS, json.dumps(wanted), {"content-type": "application/json"})
        answer = connection.getresponse()
    except OSError:
        stop("No demo answers here: start one with `python -m config.cli demo`.", code=FAILED)
    if answer.status == http.client.CONFLICT:
        stop(answer.read().decode().strip(), code=FAILED)
    if answer.status != http.client.OK:
        stop("What answers here is no demo.", code=FAILED)
    return answer
