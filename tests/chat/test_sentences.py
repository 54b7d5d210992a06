from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chat.sentences import clock_time, direction, own_name
from duty.availability import Availability, State
from tests.chat.visitor_site import SENTENCES, TRANSLATIONS

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # Sunday 14:00 in Helsinki


def said(state: State, away: timedelta | None, language: str = "en", now: datetime = NOW) -> str:
    change = None if away is None else now + away
    return SENTENCES.availability(language, Availability(state, frozenset(), change, HELSINKI), now)


@pytest.mark.parametrize("language", TRANSLATIONS.languages)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("away", [None, timedelta(minutes=5), timedelta(days=3)])
def test_every_state_has_a_finished_sentence(language: str, state: State, away: timedelta | None) -> None:
    text = said(state, away, language)
    assert text.endswith(".")
    assert "{" not in text


def test_closed_says_the_weekday_in_words_and_how_far_away_it_is() -> None:
    away = timedelta(days=1, hours=23)
    assert said(State.closed, away) == "The chat is closed. It opens on Tuesday 24 November at 13:00 (in 2 days)."
    assert said(State.closed, away, "fi") == (
        "Chat on suljettu. Se avataan tiistaina 24. marraskuuta klo\u00a013.00 (2 päivän päästä)."
    )
    assert said(State.closed, away, "sv") == (
        "Chatten är stängd. Den öppnar tisdagen den 24 november kl.\u00a013.00 (om 2 dagar)."
    )


def test_closed_says_today_when_it_opens_today() -> None:
    assert said(State.closed, timedelta(hours=3)) == "The chat is closed. It opens today at 17:00 (in 3 hours)."
    assert said(State.closed, timedelta(hours=1)).endswith("(in 1 hour).")


def test_a_day_is_a_day_of_the_calendar() -> None:
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 22:00
    assert said(State.closed, timedelta(hours=15), now=evening).endswith("at 13:00 (in 15 hours).")
    assert said(State.closed, timedelta(hours=39), now=evening).endswith("at 13:00 (in 2 days).")
    assert said(State.closed, timedelta(hours=26), now=evening).endswith("(in 2 days).")


def test_minutes_are_rounded_up_and_never_none() -> None:
    assert "(in 13 minutes)" in said(State.opening_soon, timedelta(minutes=12, seconds=1))
    assert "(in 1 minute)" in said(State.opening_soon, timedelta(0))
    assert "(in 1 minute)" in said(State.opening_soon, timedelta(minutes=-1))


def test_the_hour_that_comes_twice_in_autumn_is_said_as_the_wall_clock_shows_it() -> None:
    before = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # Sunday 25 October, 01:00 summer time
    assert said(State.closed, timedelta(hours=3), now=before).endswith("today at 03:00 (in 3 hours).")


def test_the_line_is_told_in_words() -> None:
    assert SENTENCES.waiting("en", place=1) == "You are next in line. We do not know how long you must wait."
    assert SENTENCES.waiting("en", place=3, minutes=(5, 10)) == (
        "There are 2 people before you. Usually you wait 5 to 10 minutes."
    )
    late = SENTENCES.waiting("en", place=2, closes_before=(datetime(2026, 11, 24, 13, 0, tzinfo=UTC), HELSINKI))
    assert late.startswith("There is 1 person before you. We probably cannot answer before the chat closes at 15:00.")


def test_the_visitor_hears_of_lines_that_concern_them_only() -> None:
    assert SENTENCES.line("en", "worker_joined") == "A worker joined the chat."
    assert SENTENCES.line("en", "ended_silent") == SENTENCES.ended("en")
    assert SENTENCES.line("en", "visitor_lost") is None
    assert SENTENCES.line("en", "left_quickly") is None


def test_the_card_of_a_conversation_has_its_sentences() -> None:
    assert SENTENCES.talking("en", "Anna") == "You are chatting with Anna."
    assert SENTENCES.closing("en", 15) == "The chat closes in 15 minutes."
    assert SENTENCES.closing("sv", 1) == "Chatten stänger om 1 minut."
    for text in (SENTENCES.connecting("en"), SENTENCES.worker_lost("en"), SENTENCES.ended("en")):
        assert text.endswith(".")


def test_a_speaker_is_me_a_name_or_a_worker() -> None:
    assert SENTENCES.speaker("en", "Anna", mine=True) == "You"
    assert SENTENCES.speaker("en", "Anna", mine=False) == "Anna"
    assert SENTENCES.speaker("en", None, mine=False) == "Worker"


def test_a_clock_has_twenty_four_hours_and_latin_figures() -> None:
    instant = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    assert clock_time("fi", instant, HELSINKI) == "14.05"
    assert clock_time("sv", instant, HELSINKI) == "14.05"
    assert clock_time("fa", instant, HELSINKI) == "14:05"


def test_languages_are_named_in_themselves_and_know_their_direction() -> None:
    assert [own_name(language) for language in ("fi", "sv", "en")] == ["Suomi", "Svenska", "English"]
    assert [direction(language) for language in ("fi", "ar", "ckb")] == ["ltr", "rtl", "rtl"]
