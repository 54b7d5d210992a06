"""How days, times, languages and people are told on the leads' pages, in the language of whoever reads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, get_day_names
from babel.lists import format_list

from duty.clock_times import DAY, Interval
from duty.week import Week, WeeklyInterval
from operator_ui.wording import Wording
from storage.ids import StaffId

#: English with the day before the month, and 24 hours; Swedish as in Finland: 13.00.
_LOCALES = {"en": "en_GB", "sv": "sv_FI"}
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWords:
    """Words of one page. `zone`: that of the clock on the wall; `names`: of staff."""

    wording: Wording
    language: str
    zone: ZoneInfo
    names: Mapping[StaffId, str]

    def say(self, key: str, **values: object) -> str:
        """A sentence by key."""
        return self.wording.text(self.language, key, **values)

    def person(self, staff_id: StaffId | None) -> str:
        """The name of somebody; a command on the machine has none."""
        if staff_id is None:
            return self.say("lead.a_command")
        return self.names.get(staff_id) or self.say("lead.somebody")

    def weekday(self, weekday: int, *, short: bool = False) -> str:
        """The name of a weekday (Monday is 0), as it begins a line."""
        name: str = get_day_names("abbreviated" if short else "wide", "stand-alone", self.locale)[weekday]
        return name[:1].upper() + name[1:]

    def day(self, day: date) -> str:
        """`Tue 24 Nov 2026`."""
        return self._said("yMMMEd", datetime.combine(day, _MIDNIGHT, UTC))

    def short_day(self, day: date) -> str:
        """`Tue 24 Nov`."""
        return self._said("MMMEd", datetime.combine(day, _MIDNIGHT, UTC))

    def clock(self, minutes: int) -> str:
        """Minutes since the day's 00:00: `13:00`, `24:00`, and those of the next day as its own."""
        if minutes == DAY:
            return self.clock(DAY - 60).replace("23", "24", 1)
        midnight = datetime(2000, 1, 1, tzinfo=UTC)
        return self._said("Hm", midnight + timedelta(minutes=minutes % DAY))

    def time(self, reading: datetime) -> str:
        """The clock time of a reading or of an instant in its own zone."""
        return self._said("Hm", reading.replace(tzinfo=UTC))

    def at(self, instant: datetime) -> datetime:
        """An instant on the clock on the wall."""
        return instant.astimezone(self.zone)

    def instant(self, instant: datetime) -> str:
        """`Tue 24 Nov 2026, 13:00`."""
        local = self.at(instant)
        return f"{self.day(local.date())}, {self.time(local)}"

    def instant_of(self, seconds: int) -> str:
        """The same of seconds since 1970 UTC."""
        return self.instant(datetime.fromtimestamp(seconds, UTC))

    def stretch(self, starts: datetime, ends: datetime) -> str:
        """`Tue 24 Nov 2026, 13:00-15:00`; with both days when they differ. Instants."""
        return self.readings(self.at(starts), self.at(ends))

    def readings(self, starts: datetime, ends: datetime) -> str:
        """The same of readings of the wall clock."""
        if ends.time() == _MIDNIGHT and ends.date() == starts.date() + timedelta(days=1):
            return f"{self.day(starts.date())}, {self.time(starts)}–{self.clock(DAY)}"
        if starts.date() == ends.date():
            return f"{self.day(starts.date())}, {self.time(starts)}–{self.time(ends)}"
        return f"{self.day(starts.date())}, {self.time(starts)} – {self.day(ends.date())}, {self.time(ends)}"

    def span(self, interval: Interval) -> str:
        """`13:00-15:00`."""
        return f"{self.clock(interval.starts)}–{self.clock(interval.ends)}"

    def spans(self, intervals: Iterable[Interval]) -> str:
        """`09:00-11:00, 14:00-20:00`."""
        return ", ".join(self.span(one) for one in intervals)

    def languages(self, codes: Iterable[str]) -> str:
        """`Finnish, Swedish and English`; none: as spoken."""
        names = sorted(self.language_name(code) for code in codes)
        return format_list(names, locale=self.locale) if names else self.say("lead.as_usual")

    def language_name(self, code: str) -> str:
        """The name of a language in this one."""
        return str(Locale.parse(self.language).languages.get(code, code))

    def next_day(self, weekday: int) -> str:
        """`ends Saturday`, of something that begins on Friday and passes midnight."""
        name = self.weekday((weekday + 1) % 7)
        return self.say("hours.ends_on", day=name if self.language == "en" else name.lower())

    def week(self, week: Week) -> list[str]:
        """One line for each day, or run of days with the same hours."""
        if not week.intervals:
            return [self.say("hours.never")]
        lines = [f"{days}: {hours}" for days, hours in self._runs(week, self._weekly)]
        return [*lines, self.say("hours.holidays_closed" if week.holidays_closed else "hours.holidays_as_usual")]

    def week_line(self, week: Week) -> str:
        """The same in one line, for the history."""
        runs = self._runs(week, lambda one: self.span(one.interval), short=True)
        return "; ".join(f"{days} {hours}" for days, hours in runs) or self.say("hours.never")

    @property
    def locale(self) -> str:
        """Babel's name of the language."""
        return _LOCALES.get(self.language, self.language)

    def _runs(self, week: Week, told: Callable[[WeeklyInterval], str], *, short: bool = False) -> list[tuple[str, str]]:
        """Days, and their hours in words; days in a row that are alike come together."""
        runs: list[tuple[int, int, str]] = []
        for weekday in range(7):
            hours = ", ".join(told(one) for one in week.intervals if one.weekday == weekday)
            if runs and runs[-1][1:] == (weekday - 1, hours):
                runs[-1] = (runs[-1][0], weekday, hours)
            elif hours:
                runs.append((weekday, weekday, hours))
        return [
            (
                self.weekday(first, short=short)
                if first == last
                else f"{self.weekday(first, short=short)}–{self.weekday(last, short=short)}",
                hours,
            )
            for first, last, hours in runs
        ]

    def _weekly(self, one: WeeklyInterval) -> str:
        text = self.span(one.interval)
        extra = [self.next_day(one.weekday)] if one.interval.passes_midnight else []
        extra += [self.languages(one.languages)] if one.languages else []
        return f"{text} ({', '.join(extra)})" if extra else text

    def _said(self, skeleton: str, moment: datetime) -> str:
        return format_skeleton(skeleton, moment, tzinfo=UTC, locale=self.locale)
