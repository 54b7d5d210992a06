"""`hours explain` as a person or a script uses it: instants in, JSON out, remarks beside."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config import cli
from tests.duty.oracle import wall_minute

TUESDAYS = "Tu 13:00-15:00; PH off"


def explain(instants: str | bytes, expr: str = TUESDAYS, zone: str = "Europe/Helsinki", country: str = "FI") -> Result:
    command = ["hours", "explain", "--expr", expr, "--zone", zone, "--country", country]
    return CliRunner().invoke(cli.app, command, input=instants)


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_instant_is_answered_by_one_object_in_order() -> None:
    result = explain("2026-11-24T10:59:59Z\n2026-11-24T11:00:00Z\n\n  2026-11-24T13:00:00Z  \n")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert told(result) == [
        {"at": "2026-11-24T10:59:59Z", "open": False, "next_change": "2026-11-24T11:00:00Z"},
        {"at": "2026-11-24T11:00:00Z", "open": True, "next_change": "2026-11-24T13:00:00Z"},
        {"at": "2026-11-24T13:00:00Z", "open": False, "next_change": "2026-12-01T11:00:00Z"},
    ]


def test_instants_may_come_in_any_order_and_without_a_zone_they_are_utc() -> None:
    result = explain("2026-11-24T13:00:00\n2026-11-24T11:00:00+00:00\n2026-11-24T14:30:00+02:00")
    assert [one["open"] for one in told(result)] == [False, True, True]
    assert [one["next_change"] for one in told(result)][1:] == ["2026-11-24T13:00:00+00:00", "2026-11-24T13:00:00Z"]


def test_hours_that_never_change_say_null() -> None:
    assert told(explain("2026-11-24T13:00:00Z\n2027-01-01T00:00:00Z", "24/7")) == [
        {"at": "2026-11-24T13:00:00Z", "open": True, "next_change": None},
        {"at": "2027-01-01T00:00:00Z", "open": True, "next_change": None},
    ]


@pytest.mark.parametrize(
    "line", ["tomorrow", "2026-11-24", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "\ufeff"]
)
def test_a_line_that_is_no_instant_is_named_and_the_others_are_answered(line: str) -> None:
    result = explain(f"2026-11-24T11:00:00Z\n{line}\n2026-11-24T13:00:00Z\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("Line 2 is not an instant: ")
    assert [one["open"] for one in told(result)] == [True, False]


def test_bytes_that_are_no_text_are_a_line_that_is_no_instant() -> None:
    result = explain(b"\xff\xfe\n2026-11-24T11:00:00Z\n")
    assert result.exit_code == 2
    assert len(told(result)) == 1


@pytest.mark.parametrize(
    ("expr", "zone", "country", "sentence"),
    [
        ("nonsense", "Europe/Helsinki", "FI", "These opening hours cannot be understood: 'nonsense'.\n"),
        (" ", "Europe/Helsinki", "FI", "There are no opening hours: the text is empty.\n"),
        (TUESDAYS, "Helsinki", "FI", "There is no time zone 'Helsinki': write one like Europe/Helsinki.\n"),
        (TUESDAYS, "Europe/Helsinki", "XX", "No public holidays are known for the country 'XX'.\n"),
    ],
)
def test_hours_that_cannot_be_read_are_code_two_and_one_sentence(
    expr: str, zone: str, country: str, sentence: str
) -> None:
    result = explain("2026-11-24T11:00:00Z\n", expr, zone, country)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", sentence)


def test_remarks_go_to_standard_error_and_the_answers_are_those_of_the_text() -> None:
    result = explain("2026-12-25T10:00:00Z\n", "PH off; Mo-Fr 09:00-17:00")
    assert result.exit_code == 0
    assert told(result)[0]["open"] is True
    assert result.stderr.startswith("refuse: “PH off” should close public holidays")
    assert result.stderr.endswith("[rule:1]\n")


@pytest.mark.parametrize("midnight", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 21, tzinfo=UTC)])
def test_both_clock_changes_are_as_worked_out_independently(midnight: datetime) -> None:
    instants = [midnight + timedelta(minutes=minute) for minute in range(12 * 60)]
    result = explain("\n".join(map(datetime.isoformat, instants)), "Su 00:30-02:15,03:10-03:20,03:40-05:00; PH off")
    for instant, one in zip(instants, told(result), strict=True):
        wall = wall_minute(instant)
        assert one["at"] == instant.isoformat()
        assert one["open"] is any(starts <= wall < ends for starts, ends in [(30, 135), (190, 200), (220, 300)]), one
