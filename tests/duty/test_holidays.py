from datetime import date

import pytest

from duty.dated_exceptions import Kind
from duty.holidays import Holiday, HolidayMoved, Holidays, coming
from duty.hours_history import Action, history
from duty.schedule import CHAT, Schedule
from duty.timetable import Timetable
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.duty.made import LONG_AGO, exception, helsinki, hours, timetable, version

NOW = helsinki(2026, 11, 24, 12)
DAYS = [
    date(2026, 12, 6),
    date(2026, 12, 24),
    date(2026, 12, 25),
    date(2026, 12, 26),
    date(2027, 1, 1),
    date(2027, 1, 6),
]
LEAD = StaffId("kaisa")


def test_the_holidays_of_sixty_days_are_told_with_their_hours() -> None:
    made = timetable("Mo-Fr 09:00-11:00,22:00-02:00; PH off", exception(Kind.other, DAYS[1], times="10-12,20-0"))
    told = coming(made, NOW, {})
    assert [one.day for one in told] == DAYS
    assert [one.hours for one in told] == ["", "10:00-12:00,20:00-24:00", "", "", "", ""]
    assert not any(one.confirmed for one in told)


def test_hours_on_a_holiday_are_told_as_they_are() -> None:
    assert coming(timetable("24/7"), NOW, {})[0] == Holiday(DAYS[0], "00:00-24:00", confirmed=False)
    assert coming(timetable("Su 22:00-02:00"), NOW, {})[0].hours == "22:00-02:00"


def test_a_confirmation_holds_for_the_hours_that_were_confirmed() -> None:
    told = coming(timetable("Mo-Su 09:00-10:00"), NOW, {DAYS[0]: "09:00-10:00", DAYS[1]: ""})
    assert [one.confirmed for one in told[:2]] == [True, False]


def test_a_service_that_begins_later_has_holidays_too() -> None:
    assert coming(Timetable((version("24/7", helsinki(2026, 12, 20)),)), NOW, {})[0].day == DAYS[0]


async def test_somebody_confirms_what_they_saw(store: Store, clock: ManualClock) -> None:
    schedule = Schedule()
    kept = Holidays(schedule=schedule, clock=clock)
    async with store.write() as conn:
        assert await kept.coming(conn, CHAT) == []
        await schedule.publish(conn, CHAT, hours("Mo-Su 09:00-10:00; PH off"), valid_from=LONG_AGO)
        for _ in range(2):
            await kept.confirm(conn, CHAT, DAYS[0], "", by=LEAD)
        with pytest.raises(HolidayMoved):
            await kept.confirm(conn, CHAT, DAYS[1], "09:00-10:00", by=LEAD)
        with pytest.raises(HolidayMoved):
            await kept.confirm(conn, CHAT, date(2026, 12, 7), "", by=LEAD)
        assert [one.confirmed for one in await kept.coming(conn, CHAT)] == [True, *[False] * 5]
        await schedule.publish(conn, CHAT, hours("Mo-Su 09:00-10:00"), valid_from=clock.now())
        assert not any(one.confirmed for one in await kept.coming(conn, CHAT))
        newest = (await history(conn, CHAT, most=1))[0]
    assert newest.action in {Action.holiday_confirmed, Action.published}
