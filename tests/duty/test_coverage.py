from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from duty.coverage import Gap, Need, Opening, Slot, gaps, needs, slots, spans
from duty.shifts import Channel, Occurrence, Plan, ShiftId, expand
from storage.ids import StaffId
from tests.duty.rosters import AINO, EERO, HELSINKI, KAISA, helsinki, plan, shift

START = datetime(2026, 11, 24, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LENGTH = 6 * 60
END = START + LENGTH * MINUTE
LANGUAGES = ("ar", "fi", "sv")

moments = st.integers(-60, LENGTH + 60)
languages = st.frozensets(st.sampled_from(LANGUAGES), max_size=3)


@st.composite
def occurrences(draw: st.DrawFn) -> Occurrence:
    begins, length = draw(moments), draw(st.integers(0, 180))
    starts, ends = START + begins * MINUTE, START + (begins + length) * MINUTE
    who = StaffId(f"person {draw(st.integers(0, 3))}")
    return Occurrence(
        shift_id=ShiftId("any"),
        day=starts.date(),
        version=1,
        plan=Plan(
            staff_id=who,
            channel=draw(st.sampled_from(Channel)),
            languages=draw(languages),
            starts=starts.replace(tzinfo=None),
            ends=ends.replace(tzinfo=None),
        ),
        zone=HELSINKI,
        starts=starts,
        ends=ends,
        cancelled=draw(st.integers(0, 4)) == 0,
    )


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    begins = draw(moments)
    return Opening(START + begins * MINUTE, START + (begins + draw(st.integers(1, 150))) * MINUTE, draw(languages))


class Minute:
    """The oracle: one minute, looked at alone."""

    def __init__(
        self, now: datetime, some: list[Occurrence], channel: Channel, promised: frozenset[str] | None
    ) -> None:
        here = [o for o in some if not o.cancelled and o.starts <= now < o.ends]
        here = [o for o in here if o.plan.channel in {channel, Channel.both}]
        self.people = {o.staff_id for o in here}
        self.speakers = Counter(
            {said: len({o.staff_id for o in here if said in o.plan.languages}) for said in LANGUAGES}
        )
        self.needed = promised is not None
        self.missing = {said for said in promised or () if not self.speakers[said]}


def minutes(
    some: list[Occurrence], opened: list[Opening], phone: frozenset[str], channel: Channel
) -> list[tuple[datetime, Minute]]:
    found = []
    for number in range(LENGTH):
        now = START + number * MINUTE
        promised: frozenset[str] | None = phone
        if channel is Channel.chat:
            now_open = [one.languages for one in opened if one.starts <= now < one.ends]
            promised = frozenset().union(*now_open) if now_open else None
        found.append((now, Minute(now, some, channel, promised)))
    return found


@given(
    some=st.lists(occurrences(), max_size=8),
    opened=st.lists(openings(), max_size=3),
    phone=languages,
    channel=st.sampled_from([Channel.chat, Channel.phone]),
)
def test_slots_and_gaps_are_those_of_looking_at_every_minute(
    some: list[Occurrence], opened: list[Opening], phone: frozenset[str], channel: Channel
) -> None:
    wanted = needs(opened, phone, START, END)
    looked = minutes(some, opened, phone, channel)
    for number, slot in enumerate(slots(some, channel, wanted, START, END)):
        part = [minute for _, minute in looked[number * 30 : number * 30 + 30]]
        counted = [minute for minute in part if minute.needed] or part
        assert slot.starts == START + number * 30 * MINUTE
        assert slot.needed is any(minute.needed for minute in part)
        assert slot.people == min(len(minute.people) for minute in counted)
        assert {said: slot.speakers[said] for said in LANGUAGES} == {
            said: min(minute.speakers[said] for minute in counted) for said in LANGUAGES
        }
        assert slot.missing == set().union(*(minute.missing for minute in counted))
        assert slot.gap is any(minute.needed and not minute.people for minute in part)

    found = [gap for gap in gaps(some, wanted) if gap.channel is channel]
    for now, minute in looked:
        here = [gap for gap in found if gap.starts <= now < gap.ends]
        if minute.needed and not minute.people:
            assert [gap.languages for gap in here] == [frozenset()]
        elif minute.missing:
            assert [gap.languages for gap in here] == [frozenset(minute.missing)]
        else:
            assert here == []
    for one in found:  # as long as possible
        assert not any(other.starts == one.ends and other.languages == one.languages for other in found)


@given(some=st.lists(occurrences(), max_size=8))
def test_spans_fill_the_window_without_holes(some: list[Occurrence]) -> None:
    cut = spans(some, Channel.chat, START, END)
    assert [cut[0].starts, cut[-1].ends] == [START, END]
    assert all(one.ends == following.starts for one, following in pairwise(cut))


def test_the_telephone_is_needed_day_and_night_whatever_the_chat_does() -> None:
    assert needs([], frozenset({"fi"}), START, END) == (Need(Channel.phone, START, END, frozenset({"fi"})),)
    assert needs([], frozenset(), END, END) == ()


def test_openings_that_overlap_promise_the_languages_of_both() -> None:
    hour = timedelta(hours=1)
    opened = [
        Opening(START - hour, START + 2 * hour, frozenset({"fi"})),
        Opening(START + hour, START + 3 * hour, frozenset({"sv"})),
        Opening(START + 4 * hour, END + hour, frozenset()),
        Opening(END, END + hour, frozenset({"ar"})),
    ]
    assert needs(opened, frozenset(), START, END)[:-1] == (
        Need(Channel.chat, START, START + hour, frozenset({"fi"})),
        Need(Channel.chat, START + hour, START + 2 * hour, frozenset({"fi", "sv"})),
        Need(Channel.chat, START + 2 * hour, START + 3 * hour, frozenset({"sv"})),
        Need(Channel.chat, START + 4 * hour, END, frozenset()),
    )


def test_a_lunch_without_anybody_is_one_gap_and_marks_its_half_hours() -> None:
    opening = Opening(helsinki("2026-11-24 12:00"), helsinki("2026-11-24 15:00"), frozenset({"fi"}))
    start, end = helsinki("2026-11-24 12:00"), helsinki("2026-11-24 15:10")
    some = expand(
        [
            shift(plan("2026-11-24 12:00", 1, who=AINO)),
            shift(plan("2026-11-24 12:30", 0.75, who=EERO)),
            shift(plan("2026-11-24 13:40", 2, who=KAISA, languages="ar")),
        ],
        start,
        end,
    )
    wanted = needs([opening], frozenset(), start, end)
    assert gaps(some, wanted[:1]) == [
        Gap(Channel.chat, helsinki("2026-11-24 13:15"), helsinki("2026-11-24 13:40")),
        Gap(Channel.chat, helsinki("2026-11-24 13:40"), helsinki("2026-11-24 15:00"), frozenset({"fi"})),
    ]
    found = slots(some, Channel.chat, wanted, start, end)
    assert [slot.people for slot in found] == [1, 2, 0, 0, 1, 1, 1]
    assert [slot.gap for slot in found] == [False, False, True, True, False, False, False]
    assert found[-1] == Slot(
        starts=helsinki("2026-11-24 15:00"),
        ends=end,
        needed=False,
        people=1,
        speakers=Counter({"ar": 1}),
        missing=frozenset(),
        gap=False,
    )
