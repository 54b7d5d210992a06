"""What the house says to a visitor, as finished sentences: is the chat open, how long is the line, who is there.

Pure: translations in, text out. Clock times are 24-hour, in the deployment's zone; a weekday in words never comes
without a relative time, because not everybody reads dates.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton

from chat.translations import Translations
from duty.availability import Availability, State

MINUTE, HOUR, DAY = 60, 3600, 86400

#: Codes of lines a visitor is told about (docs/protocol.md); the others concern the desk only.
LINE_KEYS = {
    "worker_joined": "line.worker_joined",
    "lead_joined": "line.lead_joined",
    "worker_lost": "line.worker_lost",
    "worker_back": "line.worker_back",
    "worker_gone": "line.worker_gone",
    "handed_over": "line.handed_over",
    "hand_over_refused": "line.hand_over_refused",
    "read_allowed": "line.read_allowed",
    "read_refused": "line.read_refused",
    "closing_15": "line.closing_15",
    "closing_5": "line.closing_5",
    "extended": "line.extended",
    "still_there": "line.still_there",
    "consent_yes": "line.consent_yes",
    "consent_no": "line.consent_no",
    "consent_change": "line.consent_change",
    "consent_withdrawn": "line.consent_withdrawn",
    "consent_withdrawn_sent": "line.consent_withdrawn_sent",
    "card_taken_back": "line.card_taken_back",
    "ended_by_visitor": "line.ended",
    "ended_by_worker": "line.ended",
    "ended_silent": "line.ended",
    "ended_unserved": "unserved.text",
}
#: After one of these the conversation is over and leaves the page.
ENDING_CODES = frozenset({"ended_by_visitor", "ended_by_worker", "ended_silent", "ended_unserved", "left_quickly"})


class Sentences:
    """Finished sentences in one of the languages of `translations`."""

    def __init__(self, *, translations: Translations) -> None:
        self._translations = translations

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are sentences in."""
        return self._translations.languages

    def availability(self, language: str, availability: Availability, now: datetime) -> str:
        """Whether the chat is open, and when it changes: one sentence or two for every state."""
        key = f"status.{availability.state}"
        values: dict[str, str] = {}
        if availability.next_change is not None:
            key, values = self._with_time(language, key, availability.next_change, now, availability.zone)
        return self._translations.text(language, key, **values)

    def when_read(self, language: str, availability: Availability, now: datetime) -> str:
        """When a message of the form will be read, promising no more than is known."""
        if availability.admits:
            return self._translations.text(language, "form.read_now")
        change, zone = availability.next_change, availability.zone
        if change is None or availability.state not in OPENING_STATES:
            return self._translations.text(language, "form.read_next")
        values = {"time": clock_time(language, change, zone), "relative": self._relative(language, change, now, zone)}
        if change.astimezone(zone).date() == now.astimezone(zone).date():
            return self._translations.text(language, "form.read_today", **values)
        return self._translations.text(language, "form.read_later", day=self._day(language, change, zone), **values)

    def waiting(
        self,
        language: str,
        *,
        place: int,
        minutes: tuple[int, int] | None = None,
        closes_before: tuple[datetime, ZoneInfo] | None = None,
    ) -> str:
        """The place in line (1 is next), and how long: `minutes` is an honest range or unknown.

        `closes_before`: closing time, when this visitor probably cannot be answered before it.
        """
        text = self._translations
        where = text.text(language, "wait.next") if place <= 1 else text.counted(language, "wait.before", place - 1)
        if closes_before is not None:
            instant, zone = closes_before
            how_long = text.text(language, "wait.not_before_closing", time=clock_time(language, instant, zone))
        elif minutes is not None and minutes[0] < minutes[1]:
            how_long = text.text(language, "wait.minutes", low=minutes[0], high=minutes[1])
        elif minutes is not None:
            how_long = text.text(language, "wait.about", high=minutes[1])
        else:
            how_long = text.text(language, "wait.unknown")
        return f"{where} {how_long}"

    def connecting(self, language: str) -> str:
        """Before the line is known."""
        return self._translations.text(language, "talk.connecting")

    def talking(self, language: str, worker: str) -> str:
        """A worker is there; `worker` is the duty alias."""
        return self._translations.text(language, "talk.with", worker=worker)

    def helped(self, language: str, worker: str, helper: str) -> str:
        """A lead reads along; both are duty aliases."""
        return self._translations.text(language, "talk.helped", worker=worker, helper=helper)

    def worker_lost(self, language: str) -> str:
        """The worker's connection broke."""
        return self._translations.text(language, "talk.worker_lost")

    def closing(self, language: str, minutes: int) -> str:
        """Said to a running conversation some minutes before the service ends."""
        return self._translations.counted(language, "talk.closing", minutes)

    def no_hurry(self, language: str, worker: str) -> str:
        """A visitor who was asked whether they are still there has time."""
        return self._translations.text(language, "talk.no_hurry", worker=worker)

    def question(self, language: str, question: str, worker: str) -> str:
        """What is asked on the card with Yes and No; `worker` is the duty alias of who asks."""
        return self._translations.text(language, f"ask.{question}", worker=worker)

    def yes_and_no(self, language: str) -> tuple[str, str]:
        """The two answers of a card."""
        return self._translations.text(language, "continue.yes"), self._translations.text(language, "continue.no")

    def card(self, language: str, part: str, **values: str) -> str:
        """A part of the card that asks for consent: `card.<part>` of the catalogue."""
        return self._translations.text(language, f"card.{part}", **values)

    def day(self, language: str, day: date) -> str:
        """A date in words."""
        return long_day(language, day)

    def ended(self, language: str) -> str:
        """The conversation is over."""
        return self._translations.text(language, "line.ended")

    def shown(self, language: str) -> str:
        """The worker's screen has shown the visitor's newest message."""
        return self._translations.text(language, "message.shown")

    def speaker(self, language: str, worker: str | None, *, mine: bool) -> str:
        """Who said it, as written beside a message."""
        if mine:
            return self._translations.text(language, "talk.you")
        return worker or self._translations.text(language, "talk.worker")

    def line(self, language: str, code: str) -> str | None:
        """A line of the conversation in words, or None when it is not the visitor's matter."""
        key = LINE_KEYS.get(code)
        return self._translations.text(language, key) if key else None

    def _with_time(
        self, language: str, key: str, change: datetime, now: datetime, zone: ZoneInfo
    ) -> tuple[str, dict[str, str]]:
        timed = TIMED_KEYS.get(key)
        if timed is None:
            return key, {}
        values = {"time": clock_time(language, change, zone)}
        if key in OPENING_KEYS:
            values["relative"] = self._relative(language, change, now, zone)
        if key == "status.closed" and change.astimezone(zone).date() != now.astimezone(zone).date():
            values["day"] = self._day(language, change, zone)
            timed = "status.closed_later"
        return timed, values

    def _day(self, language: str, instant: datetime, zone: ZoneInfo) -> str:
        """The weekday in words, and the date."""
        pattern = self._translations.text(language, "clock.day")
        return format_date(instant.astimezone(zone), pattern, locale=language)

    def _relative(self, language: str, change: datetime, now: datetime, zone: ZoneInfo) -> str:
        """How far away, in calendar days (from two on, or past midnight), hours or minutes; rounded up."""
        away = max((change - now) / timedelta(seconds=1), 0)
        days = (change.astimezone(zone).date() - now.astimezone(zone).date()).days
        if away >= DAY or days > 1:
            return self._translations.counted(language, "relative.days", max(days, 1))
        if away >= HOUR:
            return self._translations.counted(language, "relative.hours", round(away / HOUR))
        return self._translations.counted(language, "relative.minutes", max(-int(-away // MINUTE), 1))


OPENING_KEYS = frozenset({"status.closed", "status.opening_soon"})
OPENING_STATES = frozenset({State.closed, State.opening_soon})
TIMED_KEYS = {
    "status.closed": "status.closed_today",
    "status.opening_soon": "status.opening_soon_at",
    "status.full": "status.full_until",
    "status.closing": "status.closing_at",
}


def clock_time(language: str, instant: datetime, zone: ZoneInfo) -> str:
    """Hours and minutes of a day of 24 hours: 13.00 in Finnish and in the Swedish of Finland, 13:00 in English."""
    return format_skeleton("Hm", instant.astimezone(zone), locale="sv_FI" if language == "sv" else language)


def long_day(language: str, day: date) -> str:
    """A date in words: 6 December 2026."""
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def own_name(language: str) -> str:
    """The language's name in itself, for people looking for their own."""
    locale = Locale.parse(language)
    return (locale.get_display_name(locale) or language).capitalize()


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return Locale.parse(language).text_direction
