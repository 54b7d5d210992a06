"""A range is promised only when ten people have waited; it is rounded up, never down."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat import conversation
from chat.grace import grace_end
from chat.waits import pace_of, usual
from contacts.log import Wait
from duty.closing import Closing, Phase
from storage.ids import ContactId

seconds = st.lists(st.integers(0, 4 * 3600), max_size=40)
CLOSES = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
END = int(CLOSES.timestamp()) + 1800
CONTACT = conversation.begun(contact=ContactId("c" * 32), language="fi", tag="K7", now=1)


def waits(times: list[int], language: str = "fi") -> list[Wait]:
    return [Wait(language, 1, each) for each in times]


def closing(phase: Phase) -> Closing:
    return Closing(phase, CLOSES - timedelta(minutes=30), CLOSES, CLOSES + timedelta(minutes=30), 0)


def test_nine_waits_say_nothing_and_ten_do() -> None:
    assert usual(waits([60] * 9), "fi") is None
    assert usual(waits([60] * 10), "fi") == (5, 5)
    assert pace_of(waits([60] * 9)) is None
    assert pace_of(waits([60] * 10)) == timedelta(minutes=1)


def test_the_middle_and_the_ninetieth_percentile_are_rounded_up_to_five_minutes() -> None:
    assert usual(waits([minutes * 60 for minutes in range(1, 11)]), "fi") == (5, 10)
    assert usual(waits([minutes * 60 + 1 for minutes in range(1, 11)]), "fi") == (10, 10)


def test_the_own_language_counts_when_there_is_enough_of_it() -> None:
    both = waits([3600] * 10, "sv") + waits([60] * 10, "fi")
    assert usual(both, "fi") == (5, 5)
    assert usual(both, "sv") == (60, 60)
    assert usual(both, "en") == (5, 60)


@given(seconds)
def test_at_least_nine_of_ten_waited_no_longer_than_the_upper_end(times: list[int]) -> None:
    said = usual(waits(times), "fi")
    if said is None:
        assert len(times) < 10
        return
    low, high = said
    assert 0 < low <= high
    assert low % 5 == high % 5 == 0
    assert sum(each <= high * 60 for each in times) >= 0.9 * len(times)


def test_time_after_closing_ends_when_the_hours_or_an_operator_said_later() -> None:
    assert grace_end(CONTACT, closing(Phase.grace)) == END
    assert grace_end(replace(CONTACT, grace_until=END + 60), closing(Phase.grace)) == END + 60
    assert grace_end(replace(CONTACT, grace_until=END + 60), None) == END + 60
    assert grace_end(CONTACT, None) is None
    for phase in (Phase.open, Phase.margin):
        assert grace_end(replace(CONTACT, grace_until=END), closing(phase)) is None, "we are open again"
