from datetime import timedelta

from duty.line import NOBODY_WAITS, Line, Waited, pace

MINUTE = timedelta(minutes=1)


def test_fewer_than_ten_waits_say_nothing() -> None:
    assert pace([Waited(1, 60)] * 9) is None
    assert pace([Waited(1, 60)] * 10) == MINUTE
    assert pace([Waited(0, 0)] * 10) is None  # they did not wait


def test_the_pace_is_time_per_place() -> None:
    assert pace([Waited(2, 240), Waited(1, 60)] * 5) == timedelta(seconds=100)


def test_the_next_visitor_waits_for_those_before_and_their_own_turn() -> None:
    assert not Line(waiting=2, pace=MINUTE).too_long_for(4 * MINUTE)
    assert Line(waiting=2, pace=MINUTE).too_long_for(3 * MINUTE)


def test_not_known_is_not_too_long() -> None:
    assert not NOBODY_WAITS.too_long_for(timedelta(0))
    assert not Line(waiting=1000).too_long_for(MINUTE)
