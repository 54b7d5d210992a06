"""The bench itself: that it asks realistic hours, and tells what it measured."""

import json
from datetime import timedelta

import pytest

from bench.availability import BASE, START, contenders, main, timetable
from duty.availability import Availability, State


def test_the_hours_asked_about_are_those_of_a_real_service() -> None:
    ask = contenders()["availability"]
    answers = [ask(START + timedelta(minutes=15 * n)) for n in range(14 * 96)]
    states = {answer.state for answer in answers if isinstance(answer, Availability)}
    assert states == {State.closed, State.opening_soon, State.open, State.closing}
    assert len(timetable().timeline(START, START + timedelta(days=14)).stretches) > 20


def test_every_contender_is_measured_in_every_round(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--rounds", "2", "--json"])
    rounds = json.loads(capsys.readouterr().out)
    assert [set(one) for one in rounds] == [set(contenders())] * 2
    main(["--rounds", "1"])
    told = capsys.readouterr().out
    assert BASE in told
    assert "Wanted: 50,000 a second and core." in told
