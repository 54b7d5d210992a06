"""Commands about opening hours: `hours explain`, `hours publish`."""

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from config.resources import resources
from config.settings import Settings
from config.speaking import ready_settings, say, stop
from duty.findings import Finding, refusals
from duty.hours import HoursNotUnderstood, HoursState, OpeningHours, zone_named
from duty.lint import lint_hours
from duty.schedule import CHAT, Schedule
from storage.clock import SystemClock

app = typer.Typer(help="Opening hours.", no_args_is_help=True)

#: An expression, or an instant, that cannot be read.
NOT_UNDERSTOOD = 2
#: The evaluator knows these years.
_FIRST_YEAR, _LAST_YEAR = 1900, 9990
#: "No change in sight" is believed for so long.
_BELIEVED = timedelta(days=365)


@app.command()
def explain(
    expr: Annotated[str, typer.Option(help="OpenStreetMap opening_hours text.")],
    zone: Annotated[str, typer.Option(help="IANA time zone: Europe/Helsinki.")],
    country: Annotated[str, typer.Option(help="Whose public holidays: FI.")],
) -> None:
    """Tell for each UTC instant on standard input (ISO 8601, one a line) whether these hours are open.

    One JSON object a line: `at` as it was written, `open`, `next_change` (UTC, or null: not within ten years). Empty
    lines are left out. Findings go to standard error. Exit code 2: the hours cannot be read (nothing is told), or a
    line is not an instant (the others are told).
    """
    try:
        hours = OpeningHours(expr, zone_named(zone), country.upper())
    except HoursNotUnderstood as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(NOT_UNDERSTOOD) from None
    _tell(lint_hours(hours, SystemClock().now(), timedelta(0)))
    if not _explain(hours, _lines()):
        raise typer.Exit(NOT_UNDERSTOOD)


@app.command()
def publish(
    expression: Annotated[str, typer.Argument(help="OpenStreetMap opening_hours text.")],
    last_start: Annotated[
        int, typer.Option(min=0, help="Nobody new joins the line so many minutes before closing.")
    ] = 30,
) -> None:
    """Publish the chat's opening hours, from now on."""
    deployment = ready_settings()
    try:
        hours = OpeningHours(expression, zone_named(deployment.zone), deployment.country)
    except HoursNotUnderstood as refused:
        stop(str(refused))
    margin = timedelta(minutes=last_start)
    findings = lint_hours(hours, SystemClock().now(), margin)
    _tell(findings)
    if refusals(findings):
        stop("Not published: what is published stays in force.")
    asyncio.run(_publish(deployment, hours, margin))
    say("Published. Visitors see it at once.")


def _explain(hours: OpeningHours, lines: Iterable[str]) -> bool:
    """False when a line was not an instant."""
    understood = True
    known: tuple[datetime, datetime, HoursState] | None = None
    for number, line in enumerate(lines, 1):
        typed = line.strip()
        if not typed:
            continue
        at = _instant(typed)
        if at is None:
            understood = False
            typer.echo(f"Line {number} is not an instant: {typed[:60]!r}. Write 2026-11-24T11:00:00Z.", err=True)
            continue
        if known is None or not known[0] <= at < known[1]:
            state = hours.state_at(at)
            known = at, state.next_change or at + _BELIEVED, state
        change = known[2].next_change
        told = None if change is None else _written(change, typed)
        sys.stdout.write(json.dumps({"at": typed, "open": known[2].open, "next_change": told}) + "\n")
        sys.stdout.flush()
    return understood


def _instant(typed: str) -> datetime | None:
    """An instant with a time of day; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if len(typed) <= len("2026-11-24") or not _FIRST_YEAR < found.year < _LAST_YEAR:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _written(instant: datetime, typed: str) -> str:
    """As the question was: with +00:00, or with Z."""
    written = instant.isoformat()
    return written if typed.endswith("+00:00") else written.replace("+00:00", "Z")


def _lines() -> Iterable[str]:
    """Standard input; what is not UTF-8 is no instant, and not the end."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        typer.echo(f"{finding.severity}: {finding.in_english()} [{finding.place}]", err=True)


async def _publish(deployment: Settings, hours: OpeningHours, last_start: timedelta) -> None:
    async with resources(deployment) as held, held.store.write() as conn:
        now = held.clock.now()
        await Schedule().publish(conn, CHAT, hours, valid_from=now, last_start=last_start, now=now)
