"""A review is asked for: the same request has the same bytes, and whatever fails on the way leaves nothing behind."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from contacts.audit import Action
from contacts.distrust import Forged
from contacts.openings import OpeningDenied
from contacts.people import Role
from contacts.reviews.asked import Asked, CannotBeMade, Step, Why
from contacts.reviews.ledger import Act, Audience, NotApproved, SamePerson
from contacts.reviews.tables import release_files, releases, tallies
from contacts.statistics.fact import Fact, Unit
from contacts.statistics.tables import pending_facts
from contacts.tables_audit import audit
from storage.ids import ContactId, new_id
from tests.contacts.reviews.releasing import AUTUMN, NOW, SPRING, Releasing

pytestmark = pytest.mark.anyio


async def _count(releasing: Releasing) -> int:
    async with releasing.here.store.read() as conn:
        rows = (await conn.execute(select(func.count()).select_from(releases))).scalar_one()
        return int(rows + (await conn.execute(select(func.count()).select_from(release_files))).scalar_one())


async def _refused(releasing: Releasing, period: str, audience: Audience = Audience.INSIDE, k: int = 10) -> Why:
    before = await _count(releasing)
    with pytest.raises(CannotBeMade) as refused:
        await releasing.asked(period, audience, k=k)
    assert await _count(releasing) == before
    return refused.value.why


async def test_a_half_year_is_released_and_the_same_request_has_the_same_bytes(releasing: Releasing) -> None:
    await releasing.people(SPRING, NOW)
    first = await releasing.asked(NOW)
    stored = await releasing.bytes_of(first)
    assert [*dict.fromkeys(releasing.steps)] == [*Step]
    saga = await releasing.analyst()
    async with releasing.here.store.write() as conn:
        await releasing.here.statistics.grant(conn, releasing.lead.keys, saga.staff_id)
    again = await releasing.asked(NOW, by=saga)
    assert again.release == first.release
    assert await releasing.bytes_of(again) == stored
    seen = await releasing.seen(first)
    assert any(value is None for value in seen.values())
    assert all(seen[key] is not None for key in seen if not key.codes)
    (row,) = await releasing.rows()
    assert (row.purpose, row.k, row.requester) == ("The half-year's review", 5, releasing.lead.staff_id)
    assert row.published + row.hidden == len(seen)
    assert row.narrowest >= 1


async def test_a_frozen_half_year_is_opened_only_once_and_every_opening_is_recorded(releasing: Releasing) -> None:
    await releasing.people(SPRING, NOW)
    await releasing.asked(NOW)
    async with releasing.here.store.read() as conn:
        kept = (await conn.execute(select(tallies.c.period, tallies.c.sealed).order_by(tallies.c.period))).all()
    assert [row.period for row in kept] == [SPRING, NOW]
    await releasing.asked(SPRING)
    async with releasing.here.store.read() as conn:
        again = (await conn.execute(select(tallies.c.period, tallies.c.sealed).order_by(tallies.c.period))).all()
        opened = select(func.count()).select_from(audit).where(audit.c.action == Action.FACTS_OPENED.value)
        assert (await conn.execute(opened)).scalar_one() == 2
    assert again == kept


async def test_an_altered_tally_is_refused(releasing: Releasing) -> None:
    await releasing.people(SPRING, NOW)
    await releasing.asked(SPRING)
    async with releasing.here.store.write() as conn:
        await conn.execute(update(tallies).values(made_at=1, mac=b"x" * 32))
    with pytest.raises(Forged):
        await releasing.asked(NOW)


async def test_halves_and_their_year_follow_each_other_and_say_the_same(releasing: Releasing) -> None:
    await releasing.people(SPRING, AUTUMN, NOW)
    assert await releasing.reviews.periods() == [NOW, AUTUMN, SPRING, "2025"]
    made = [await releasing.asked(period) for period in (SPRING, AUTUMN, "2025", NOW)]
    seen = await releasing.seen(*made)
    for release in made:
        for key, value in (await releasing.seen(release)).items():
            assert seen[key] == value


@pytest.mark.parametrize(
    ("period", "why"),
    [("2026H2", Why.NOT_FROZEN), ("2026", Why.NOT_FROZEN), ("2024H1", Why.NOTHING_COUNTED)],
)
async def test_what_is_not_over_or_not_there_is_refused(releasing: Releasing, period: str, why: Why) -> None:
    await releasing.people(NOW, contacts=30, people=30)
    assert await _refused(releasing, period) is why


async def test_nothing_is_released_while_something_waits_to_be_counted(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=30, people=30)
    async with releasing.here.store.write() as conn:
        waiting = {"contact": ContactId(new_id()), "slot": "service", "period": NOW, "number": 0}
        await conn.execute(pending_facts.insert().values(**waiting))
    assert await _refused(releasing, NOW) is Why.NOT_SETTLED


async def test_a_half_year_freezes_two_weeks_after_its_end(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=30, people=30)
    assert releasing.reviews._is_frozen("2026H1")
    at = releasing.here.clock.now()
    assert releasing.reviews._is_frozen("2026H2") is (at >= datetime(2027, 1, 14, 22, tzinfo=UTC))


async def test_a_solver_out_of_time_or_killed_leaves_nothing_behind(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=60, people=40)
    slow = Releasing(releasing.here, releasing.lead, seconds=0.0)
    assert await _refused(slow, NOW) is Why.OUT_OF_TIME
    killed = Releasing(releasing.here, releasing.lead, program="tests.contacts.reviews.killed")
    assert await _refused(killed, NOW) is Why.BROKEN


async def test_files_that_say_something_else_are_not_released(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=60, people=40)
    reviews, read = releasing.reviews, releasing.reviews._read
    for spoiled in (lambda _: 1 / 0, lambda _: [], lambda stored: [dict.fromkeys(next(iter(read(stored))), 1)]):
        reviews._read = spoiled  # type: ignore[assignment]
        assert await _refused(releasing, NOW) is Why.BROKEN


async def test_what_leaves_the_house_needs_a_second_person_and_hides_more(releasing: Releasing) -> None:
    await releasing.people(SPRING, NOW)
    assert await _refused(releasing, NOW, Audience.OUTSIDE) is Why.INSIDE_FIRST
    inside = await releasing.asked(NOW)
    outside = await releasing.asked(NOW, Audience.OUTSIDE)
    approver = await releasing.analyst()
    with pytest.raises(NotApproved):
        await releasing.bytes_of(outside)
    with pytest.raises(SamePerson):
        await releasing.reviews.approve(releasing.lead, outside.release)
    with pytest.raises(LookupError):
        await releasing.reviews.approve(approver, inside.release)
    await releasing.reviews.approve(approver, outside.release)
    await releasing.reviews.approve(approver, outside.release)  # again changes nothing
    mine, theirs = await releasing.seen(inside), await releasing.seen(outside)
    assert mine.keys() == theirs.keys()
    assert all(theirs[key] is None for key, value in mine.items() if value is None)
    assert sum(value is None for value in theirs.values()) > sum(value is None for value in mine.values())
    acts = [(one.act, one.audience, one.k) for one in await releasing.rows()]
    assert acts == [
        (Act.APPROVED, Audience.OUTSIDE, 10),
        (Act.RELEASED, Audience.OUTSIDE, 10),
        (Act.RELEASED, Audience.INSIDE, 5),
    ]
    assert await _refused(releasing, NOW, Audience.OUTSIDE, k=20) is Why.ANOTHER_K


async def test_only_analysts_and_leads_ask(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=30, people=30)
    operator = await releasing.here.signed_in(await releasing.here.joined(releasing.lead, "aino", Role.OPERATOR))
    for asking in (
        releasing.reviews.request(operator, Asked(period=NOW), releasing.told),
        releasing.reviews.preview(operator, Asked(period=NOW), releasing.told),
        releasing.reviews.listed(operator),
        releasing.reviews.stored(operator, "x"),
        releasing.reviews.approve(operator, "x"),
    ):
        with pytest.raises(OpeningDenied):
            await asking


async def test_a_preview_says_what_is_hidden_and_writes_nothing(releasing: Releasing) -> None:
    await releasing.people(SPRING, NOW)
    preview = await releasing.reviews.preview(releasing.lead, Asked(period=NOW), releasing.told)
    assert await _count(releasing) == 0
    assert preview.release is None
    assert preview.hidden > 0
    assert preview.shown > 0
    assert {group.period for group in preview.groups} >= {NOW, SPRING}
    assert all(0 < group.hidden <= group.all for group in preview.groups)
    made = await releasing.asked(NOW)
    again = await releasing.reviews.preview(releasing.lead, Asked(period=NOW), releasing.told)
    assert again.release is not None
    assert again.release.release == made.release
    assert (preview.shown, preview.hidden) == (again.shown, again.hidden) == (made.published, made.hidden)


async def test_a_correction_told_later_keeps_every_sum(releasing: Releasing) -> None:
    """Told in the next half-year: one is taken away there that was counted before, and another one comes."""
    await releasing.people(AUTUMN, NOW)
    codes: dict[str, tuple[str, ...]] = {
        "nationality": ("NG",),
        "gender": ("female",),
        "decision": ("admitted_victim",),
    }
    gone = Fact(unit=Unit.DECISION, month="2025-09", codes=codes | {"nationality": ("IS",)}, weight=-1)
    came = Fact(unit=Unit.DECISION, month="2025-09", codes=codes)
    left = Fact(unit=Unit.ENDED, month="2026-02", codes=codes | {"nationality": ("FO",)})
    await releasing.counted(NOW, [gone, came, left])
    await releasing.asked(AUTUMN)
    await releasing.asked(NOW)
