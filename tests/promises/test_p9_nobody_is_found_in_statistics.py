"""P9: released statistics let nobody infer that fewer than k people share a fact, by whatever is subtracted from what."""

import io
import json
import random
import zipfile
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.reviewing import read
from contacts.attack.inference import Exposed, attacked
from contacts.attack.inference import Why as WhyExposed
from contacts.attack.published import Key, equations
from contacts.release.catalogue import THRESHOLDS, Section, thresholds
from contacts.release.frame import Frame, Status
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from contacts.reviews.asked import CannotBeMade, Commentary, Why
from contacts.reviews.known import Knowledge
from contacts.reviews.ledger import Audience, Release
from contacts.statistics.fact import Fact, Unit
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import founded
from tests.contacts.reviews.releasing import Releasing
from tests.stores import sqlite_with_tables

pytestmark = pytest.mark.anyio
HALVES = ("2025H1", "2025H2", "2026H1")
ASKED = [(period, audience) for period in (*HALVES, "2025") for audience in Audience]


@pytest.fixture
async def releasing(tmp_path: Path) -> AsyncIterator[Releasing]:
    store = Store(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    here = await founded(store, ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)))
    yield Releasing(here, await here.signed_in(await here.first_lead()))
    await store.close()


def found_small(
    seen: Mapping[Key, int | None], ledger: Mapping[Key, int | None], k: Mapping[str, int]
) -> list[Exposed]:
    """What somebody finds who knows all that was decided; and who of few files is sure of fewer than k.

    Whoever knows less can hold a large group for smaller than it is ("at least four"), and is sure of nothing by that.
    """
    everything = {**ledger, **{key: value for key, value in seen.items() if value is not None}}
    few_files = attacked(seen, equations(seen), k=k).exposed
    return [
        *attacked(everything, equations(everything), k=k).exposed,
        *(each for each in few_files if each.why is not WhyExposed.NOT_NOUGHT),
    ]


def groups_left_over(seen: Mapping[Key, int | None], k: Mapping[str, int]) -> list[Key]:
    """Cells that leave fewer than k of those they are counted among: one table subtracted from another."""
    found = []
    for key, value in seen.items():
        for pair in key.codes:
            among = seen.get(key._replace(codes=tuple(each for each in key.codes if each != pair)))
            if value is not None and among is not None and 0 < among - value < k[key.unit]:
                found.append(key)
    return [key for key in found if "answered" not in dict(key.codes)]


#: Why somebody may have to do without a review.
REFUSED = frozenset({Why.INSIDE_FIRST, Why.CANNOT_PROTECT})
#: And when a small house asks for many out of order (docs/decisions/reviews.md): our attack was not content, nothing went out.
OUT_OF_ORDER = REFUSED | {Why.EXPOSED}


async def fuzzed(releasing: Releasing, seed: int, requests: int, allowed: frozenset[Why] = REFUSED) -> int:
    """So many requests in any order, again and again; how many were answered.

    With real files every release is read back from all its formats in all its languages before it is kept, and what was
    read back is what is attacked here.
    """
    chance = random.Random(seed)
    for number, period in enumerate(HALVES):
        contacts, people = chance.randint(60, 250), chance.randint(25, 150)
        await releasing.people(period, contacts=contacts, people=people, seed=seed * 10 + number)
    approver = await releasing.analyst()
    refusals: set[Why] = set()
    made: dict[tuple[str, Audience], tuple[Release, bytes]] = {}
    for period, audience in chance.choices(ASKED, k=requests):
        try:
            release = await releasing.asked(period, audience)
        except CannotBeMade as refused:
            refusals.add(refused.why)
            continue
        if audience is Audience.OUTSIDE:
            await releasing.reviews.approve(approver, release.release)
        stored = await releasing.bytes_of(release)
        if (period, audience) not in made and releasing.rendering is render:
            check_made_of_what_is_shown(release, stored)
        if (period, audience) in made:
            assert made[period, audience] == (release, stored)
            continue
        made[period, audience] = (release, stored)
        for those, least in (
            ([one for one, _ in made.values()], THRESHOLDS),
            ([one for one, _ in made.values() if one.audience is Audience.OUTSIDE], thresholds(10)),
        ):
            seen = await releasing.seen(*those)
            told = Knowledge()
            for one in sorted(those, key=lambda one: one.audience, reverse=True):  # the house sees whatever others see
                told = told.plus(one.details.knowledge)
            assert found_small(seen, told.published(), least) == []
            assert groups_left_over(seen, least) == []
    assert refusals <= allowed
    return len(made)


def check_made_of_what_is_shown(release: Release, stored: bytes) -> None:
    """The same files come of the released rows alone: so no byte of them knows what those hide."""
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        told = json.loads(archive.read("data.json"))
    frame = Frame(
        release_id=release.release,
        period=release.period,
        catalogue=release.catalogue,
        k=told["release"]["k"],
        rows=release.details.told,
        services=tuple(told["services"].items()),
    )
    assert all((row.value is None) == (row.status is not Status.SHOWN) for row in frame.rows)
    assert render(frame, {}, date.fromisoformat(told["release"]["released"])) == stored


def render(frame: Frame, commentary: Commentary, released: date) -> bytes:
    """The files that people get."""
    words = {Section(section): texts for section, texts in commentary.items()}
    return rendered(Review(frame=frame, service="Saarnilinja", released=released, commentary=words))


async def test_no_sequence_of_requests_gives_anybody_away(releasing: Releasing) -> None:
    assert await fuzzed(releasing, 3, 5) >= 2


async def test_files_that_people_get_give_nobody_away(releasing: Releasing) -> None:
    real = Releasing(releasing.here, releasing.lead, render, read)
    assert await fuzzed(real, 11, 2) == 1


@pytest.mark.fault
@pytest.mark.parametrize("seed", range(20, 26))
async def test_no_sequence_of_requests_for_files_gives_anybody_away(releasing: Releasing, seed: int) -> None:
    assert await fuzzed(Releasing(releasing.here, releasing.lead, render, read), seed, 10) >= 1


@pytest.mark.fault
@pytest.mark.parametrize("seed", range(20, 45))
async def test_no_long_sequence_of_requests_gives_anybody_away(releasing: Releasing, seed: int) -> None:
    assert await fuzzed(releasing, seed, 16, OUT_OF_ORDER) >= 1


async def test_one_person_with_twelve_contacts_is_not_counted_as_twelve(releasing: Releasing) -> None:
    codes: dict[str, tuple[str, ...]] = {"channel": ("phone",), "language": ("fi",), "outcome": ("advice",)}
    again = Fact(unit=Unit.CONTACT, month="2026-02", codes=codes | {"repeat_contact": ("yes",), "channel": ("form",)})
    others = [
        Fact(unit=Unit.CONTACT, month="2026-03", codes=codes | {"who": (who,)})
        for who in ("self", "public")
        for _ in range(20)
    ]
    await releasing.counted("2026H1", [again] * 12 + others)
    seen = await releasing.seen(await releasing.asked("2026H1"))
    assert seen[Key("contacts", "2026H1", (("channel", "form"),))] is None
    assert seen[Key("contacts", "2026H1")] == 52


async def test_of_nineteen_people_only_the_total_is_told(releasing: Releasing) -> None:
    await releasing.people("2026H1", contacts=19, people=19)
    seen = await releasing.seen(await releasing.asked("2026H1"))
    told = {key: value for key, value in seen.items() if value is not None and key.codes and key.unit != "service"}
    apart = {key for key, value in told.items() if ("outcome", "unserved") not in key.codes}
    assert all(seen[key] == seen[key._replace(codes=())] for key in apart)  # a table of one category is its total
    assert {seen[Key(unit, "2026H1")] for unit in ("contacts", "proposals")} == {19}
