"""The token bucket: a burst at once, then the average, never more."""

from hypothesis import given
from hypothesis import strategies as st

from chat.rate import DESK_RATE, VISITOR_RATE, Bucket, Rate, Rates

gaps = st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200)


def test_a_burst_is_allowed_at_once_and_no_more() -> None:
    bucket = Bucket(Rate(1.0, 3.0), now=100.0)
    assert [bucket.take(100.0) for _ in range(5)] == [True, True, True, False, False]


def test_what_was_used_comes_back_at_the_average() -> None:
    bucket = Bucket(Rate(2.0, 1.0), now=0.0)
    assert [bucket.take(now) for now in (0.0, 0.25, 0.5, 0.75, 1.0)] == [True, False, True, False, True]


def test_a_pause_saves_up_one_burst_and_no_more() -> None:
    bucket = Bucket(Rate(10.0, 2.0), now=0.0)
    assert [bucket.take(3600.0) for _ in range(3)] == [True, True, False]


def test_somebody_typing_fast_stays_far_below() -> None:
    bucket = Bucket(VISITOR_RATE, now=0.0)
    assert all(bucket.take(number / 2) for number in range(1000)), "two messages a second, for minutes"
    assert DESK_RATE.per_second > VISITOR_RATE.per_second


@given(gaps, st.floats(0.1, 50), st.integers(1, 50))
def test_no_pattern_gets_more_than_burst_and_average(pauses: list[float], per_second: float, burst: int) -> None:
    bucket, now, taken = Bucket(Rate(per_second, burst), now=0.0), 0.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
        assert taken <= burst + per_second * now + 1e-6


def test_each_sender_has_a_bucket_of_its_own() -> None:
    rates = Rates(Rate(1.0, 2.0))
    assert [rates.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert rates.take("b", 0.0)
    assert rates.take("a", 1.0)


def test_senders_who_are_quiet_are_forgotten_once_there_are_many() -> None:
    rates = Rates(Rate(1.0, 1.0))
    for number in range(Rates.MANY):
        rates.take(str(number), 0.0)
    assert rates.take("one more", 0.5)
    assert not rates.take("1", 0.5)
    assert rates.take("and another", 10.0)
    assert len(rates._buckets) == 1
