"""Drafts, previews that must be seen, publishing, and what is told about it, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from duty.dated_exceptions import DatedException, Kind
from duty.drafts import DraftMoved, Drafts, HoursRefused, NotSeen
from duty.hours_history import Action, history
from duty.proposal import CannotChange, Change, NewException, NewHours, RemovedException, WithdrawnHours
from duty.schedule import CHAT, Schedule
from duty.tables import hours_versions
from duty.timetable import Timetable
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.duty.made import exception, hours

KAISA, LEENA = StaffId("kaisa"), StaffId("leena")
FORTNIGHT = timedelta(days=14)
TUESDAYS = hours("Tu 13:00-15:00; PH off")
WEDNESDAYS = NewHours(hours("We 10:00-12:00; PH off"))
CLOSED = exception(Kind.closed, date(2026, 12, 1))


class Lead:
    """A lead at the screens: each method is one request, one unit of work."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        self.schedule = Schedule()
        self.drafts = Drafts(schedule=self.schedule, clock=clock)

    async def see(self, change: Change, *, start: datetime | None = None, days: int = 14) -> None:
        begins = start or self.clock.now()
        async with self.store.write() as conn:
            proposal = await self.drafts.proposal(conn, CHAT, change)
            await self.drafts.saw(conn, CHAT, proposal, begins, begins + timedelta(days=days), by=KAISA)

    async def publish(self, change: Change) -> None:
        async with self.store.write() as conn:
            await self.drafts.publish(conn, CHAT, change, by=KAISA)

    async def save(self, new: NewHours, revision: str | None) -> str:
        async with self.store.write() as conn:
            return await self.drafts.save(conn, CHAT, new, by=KAISA, revision=revision)

    async def timetable(self) -> Timetable | None:
        async with self.store.read() as conn:
            return await self.schedule.timetable(conn, CHAT)

    async def expressions(self) -> list[str]:
        found = await self.timetable()
        return [version.hours.expression for version in found.versions] if found is not None else []

    async def exceptions(self) -> tuple[DatedException, ...]:
        found = await self.timetable()
        assert found is not None
        return found.exceptions

    async def actions(self) -> list[Action]:
        async with self.store.read() as conn:
            return [deed.action for deed in await history(conn, CHAT)]


@pytest.fixture
def lead(store: Store, clock: ManualClock) -> Lead:
    return Lead(store, clock)


async def publish_first(lead: Lead) -> None:
    async with lead.store.write() as conn:
        await lead.schedule.publish(conn, CHAT, TUESDAYS, valid_from=lead.clock.now() - FORTNIGHT)


async def test_a_draft_is_kept_and_changes_nothing_that_is_published(lead: Lead) -> None:
    await publish_first(lead)
    later = replace(WEDNESDAYS, last_start=timedelta(minutes=5), valid_from=lead.clock.now() + FORTNIGHT)
    revision = await lead.save(later, None)
    async with lead.store.read() as conn:
        draft = await lead.drafts.draft(conn, CHAT)
    assert draft is not None
    assert (draft.revision, draft.by, draft.at) == (revision, KAISA, lead.clock.now())
    assert (draft.hours.hours.expression, draft.hours.last_start) == (later.hours.expression, later.last_start)
    assert draft.hours.valid_from == later.valid_from
    assert await lead.expressions() == [TUESDAYS.expression]


async def test_two_leads_do_not_overwrite_each_others_draft(lead: Lead) -> None:
    first = await lead.save(WEDNESDAYS, None)
    second = await lead.save(WEDNESDAYS, first)
    for stale in (None, first):
        with pytest.raises(DraftMoved):
            await lead.save(WEDNESDAYS, stale)
    async with lead.store.write() as conn:
        with pytest.raises(DraftMoved):
            await lead.drafts.discard(conn, CHAT, revision=first)
        await lead.drafts.discard(conn, CHAT, revision=second)
        assert await lead.drafts.draft(conn, CHAT) is None


async def test_of_two_first_drafts_at_the_same_moment_one_is_kept(lead: Lead) -> None:
    saved = await asyncio.gather(*(lead.save(WEDNESDAYS, None) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in saved) == ["DraftMoved", "str"]


async def test_of_two_who_publish_at_the_same_moment_one_must_look_again(lead: Lead) -> None:
    await publish_first(lead)
    await lead.see(WEDNESDAYS)
    done = await asyncio.gather(*(lead.publish(WEDNESDAYS) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "NotSeen"]


async def test_a_draft_made_on_the_machine_has_no_author(lead: Lead) -> None:
    await lead.save(WEDNESDAYS, None)
    async with lead.store.write() as conn:
        await conn.execute(update(hours_versions).values(made_by=None))
        draft = await lead.drafts.draft(conn, CHAT)
    assert draft is not None
    assert draft.by is None


async def test_what_was_seen_can_be_published_and_the_draft_is_gone(lead: Lead) -> None:
    await publish_first(lead)
    await lead.save(WEDNESDAYS, None)
    await lead.see(WEDNESDAYS)
    lead.clock.advance(60)
    await lead.publish(WEDNESDAYS)
    assert await lead.expressions() == [TUESDAYS.expression, WEDNESDAYS.hours.expression]
    async with lead.store.read() as conn:
        assert await lead.drafts.draft(conn, CHAT) is None
        newest = (await history(conn, CHAT))[0]
    assert (newest.action, newest.by, newest.at) == (Action.published, KAISA, lead.clock.now())
    assert newest.values["expression"] == WEDNESDAYS.hours.expression
    assert newest.values["valid_from"] == lead.clock.now().isoformat()


async def test_what_was_not_seen_is_not_published(lead: Lead) -> None:
    await publish_first(lead)
    with pytest.raises(NotSeen):
        await lead.publish(WEDNESDAYS)
    await lead.see(WEDNESDAYS)
    with pytest.raises(NotSeen):
        await lead.publish(replace(WEDNESDAYS, last_start=timedelta(minutes=5)))
    assert await lead.expressions() == [TUESDAYS.expression]


async def test_a_preview_counts_once(lead: Lead) -> None:
    await publish_first(lead)
    await lead.see(NewException(CLOSED))
    await lead.publish(NewException(CLOSED))
    (kept,) = await lead.exceptions()
    await lead.see(RemovedException(kept.id))
    await lead.publish(RemovedException(kept.id))
    with pytest.raises(NotSeen):  # the timetable is what it was, and the preview is used up
        await lead.publish(NewException(CLOSED))


async def test_when_somebody_else_published_meanwhile_the_preview_must_be_repeated(lead: Lead) -> None:
    await publish_first(lead)
    await lead.see(WEDNESDAYS)
    async with lead.store.write() as conn:
        await lead.schedule.publish(conn, CHAT, hours("24/7"), valid_from=lead.clock.now() + FORTNIGHT, by=LEENA)
    with pytest.raises(NotSeen):
        await lead.publish(WEDNESDAYS)


async def test_the_preview_must_show_the_time_when_the_change_begins(lead: Lead) -> None:
    await publish_first(lead)
    later = replace(WEDNESDAYS, valid_from=lead.clock.now() + FORTNIGHT)
    await lead.see(later, days=14)  # ends just before
    with pytest.raises(NotSeen):
        await lead.publish(later)
    await lead.see(later, start=lead.clock.now() + FORTNIGHT)
    await lead.publish(later)
    await lead.see(WEDNESDAYS, days=1)
    lead.clock.advance(25 * 3600)
    with pytest.raises(NotSeen):  # yesterday's preview
        await lead.publish(WEDNESDAYS)


async def test_hours_that_cannot_be_meant_are_refused_with_the_reasons(lead: Lead) -> None:
    await publish_first(lead)
    wrong = NewHours(hours("PH off; Mo-Fr 13:00-12:00"))
    await lead.save(wrong, None)  # a draft may be unfinished
    await lead.see(wrong)
    with pytest.raises(HoursRefused) as refused:
        await lead.publish(wrong)
    assert {finding.code for finding in refused.value.findings} == {"holidays_open", "ends_before_start"}
    assert await lead.expressions() == [TUESDAYS.expression]


async def test_the_first_hours_can_be_published_too(lead: Lead) -> None:
    await lead.see(WEDNESDAYS)
    await lead.publish(WEDNESDAYS)
    assert await lead.expressions() == [WEDNESDAYS.hours.expression]


async def test_exceptions_are_seen_published_and_removed(lead: Lead) -> None:
    await publish_first(lead)
    extra = exception(Kind.extra, date(2026, 12, 2), date(2026, 12, 3), "22-2", languages=frozenset({"sv", "fi"}))
    for change in (NewException(CLOSED), NewException(extra)):
        await lead.see(change)
        lead.clock.advance(1)
        await lead.publish(change)
    kept = await lead.exceptions()
    assert [replace(one, id="") for one in kept] == [CLOSED, extra]
    await lead.see(RemovedException(kept[0].id))
    lead.clock.advance(1)
    await lead.publish(RemovedException(kept[0].id))
    assert await lead.exceptions() == kept[1:]
    assert await lead.actions() == [
        Action.exception_removed,
        Action.exception_added,
        Action.exception_added,
        Action.published,
    ]
    async with lead.store.read() as conn:
        values = (await history(conn, CHAT))[1].values
    assert values == {
        "kind": "extra",
        "first": "2026-12-02",
        "last": "2026-12-03",
        "times": "22:00-02:00",
        "languages": "fi sv",
    }


async def test_overlapping_exceptions_are_refused(lead: Lead) -> None:
    await publish_first(lead)
    await lead.see(NewException(CLOSED))
    await lead.publish(NewException(CLOSED))
    other = NewException(exception(Kind.other, CLOSED.first, times="9-10"))
    await lead.see(other)
    with pytest.raises(HoursRefused):
        await lead.publish(other)


async def test_hours_that_have_not_begun_can_be_withdrawn(lead: Lead) -> None:
    await publish_first(lead)
    later = replace(WEDNESDAYS, valid_from=lead.clock.now() + timedelta(days=7))
    await lead.see(later)
    await lead.publish(later)
    found = await lead.timetable()
    assert found is not None
    tuesdays, wednesdays = found.versions
    lead.clock.advance(1)
    await lead.see(WithdrawnHours(wednesdays.id))
    await lead.publish(WithdrawnHours(wednesdays.id))
    assert await lead.expressions() == [TUESDAYS.expression]
    assert (await lead.actions())[0] is Action.withdrawn
    await lead.see(WithdrawnHours(tuesdays.id))
    with pytest.raises(CannotChange):
        await lead.publish(WithdrawnHours(tuesdays.id))
    with pytest.raises(CannotChange):
        await lead.publish(RemovedException("of another lead"))
    assert await lead.expressions() == [TUESDAYS.expression]


async def test_without_hours_there_are_no_exceptions(lead: Lead) -> None:
    with pytest.raises(CannotChange):
        await lead.publish(NewException(CLOSED))


async def test_what_is_published_is_in_force_at_once(lead: Lead) -> None:
    await publish_first(lead)
    now = lead.clock.now()
    async with lead.store.read() as conn:
        before = await lead.schedule.current(conn, CHAT, now)
    new = NewHours(hours("Tu 12:00-17:00; PH off"))
    await lead.see(new)
    await lead.publish(new)
    async with lead.store.read() as conn:
        after = await lead.schedule.current(conn, CHAT, now)
    assert before is not None
    assert after is not None
    stretches = before.timeline.at(now), after.timeline.at(now)
    assert [one.closes if one else None for one in stretches] == [
        datetime(2026, 11, 24, 13, tzinfo=UTC),
        datetime(2026, 11, 24, 15, tzinfo=UTC),
    ]
