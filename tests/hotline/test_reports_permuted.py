"""Every report of the provider duplicated, delayed, reordered or lost, over several scenarios: hypothesis permutes them.

Whatever comes: nobody is connected who did not press 1, the caller reaches whom they would have reached, or hears the
truth; the call is counted once, no phone rings on, and nobody's phone rings twice.
"""

import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.simulator.legs import Leg
from hotline.simulator.network import Delivery, Post
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from storage.clock import ManualClock
from tests.hotline.exchange import CALLER, NOON, NUMBERS, BreakableStore, Exchange, Ready, exchange
from tests.hotline.test_calls_are_counted import counted

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]

#: Seconds after which one state report is sent, each time anew; none: lost.
DELAYS = st.lists(st.sampled_from([0.0, 0.0, 0.3, 2.0, 9.0, 30.0]), max_size=3).map(tuple)
#: What becomes of one try of a question: answered, asked twice, its answer lost, itself lost, refused on the way.
FATES = st.sampled_from(["answered", "answered", "twice", "answer lost", "lost", "bad gateway"])
_IN_VAIN = frozenset({"answer lost", "lost", "bad gateway"})


@dataclass(frozen=True)
class Story:
    """Who has which phone (name -> tier, phone), what the caller does, and whom they reach, if anybody."""

    phones: Mapping[str, tuple[int, Phone]]
    presses: str = "3"
    talks: float | None = 10.0
    hangs_up_at: float | None = None
    reaches: Sequence[str] = ()
    hears: str = ""
    outcomes: Sequence[str] = field(default=("talked",))


STORIES = {
    "the first answers": Story({"aino": (1, answering("aino", AINO))}, reaches=["aino"]),
    "the second tier answers": Story(
        {"aino": (1, ignoring("aino", AINO)), "eero": (2, answering("eero", EERO))}, reaches=["eero"]
    ),
    "three at once": Story(
        {name: (1, answering(name, number, after=4)) for name, number in NUMBERS.items()},
        reaches=["aino", "eero", "kaisa"],
    ),
    "mailbox, wrong key, then a person": Story(
        {
            "aino": (1, voicemail("aino", AINO)),
            "eero": (1, Phone(name="eero", number=EERO, answers_after=3, presses="9")),
            "kaisa": (2, answering("kaisa", KAISA)),
        },
        reaches=["kaisa"],
    ),
    "engaged, out of service, then a person": Story(
        {
            "aino": (1, Phone(name="aino", number=AINO, busy=True)),
            "eero": (2, Phone(name="eero", number=EERO, exists=False)),
            "kaisa": (3, answering("kaisa", KAISA)),
        },
        reaches=["kaisa"],
    ),
    "nobody answers": Story(
        {"aino": (1, ignoring("aino", AINO)), "eero": (2, voicemail("eero", EERO))},
        hears="We are sorry, nobody can come to the telephone now.",
        outcomes=["unserved"],
    ),
    "nobody is on call": Story({}, presses="w", hears="Right now nobody is on duty", outcomes=["unserved"]),
    "asks to be called back": Story(
        {"aino": (1, ignoring("aino", AINO))},
        presses="31111",
        hears="Thank you. We will call you.",
        outcomes=["call_back"],
    ),
    "hangs up in the menu": Story({"aino": (1, ignoring("aino", AINO))}, hangs_up_at=2, outcomes=["hung_up"]),
    "hangs up while waiting": Story(
        {"aino": (1, answering("aino", AINO, after=15))}, hangs_up_at=12, outcomes=["hung_up"]
    ),
    "staff hang up first": Story(
        {"aino": (1, answering("aino", AINO, hangs_up_after=8.0))},
        talks=None,
        reaches=["aino"],
        hears="The call has ended.",
    ),
}


def suffering(send: Post, fates: Sequence[str]) -> Post:
    """The way to us, on which each try meets the next fate; of the provider's three tries of a question one arrives."""
    numbers = count()
    in_vain: dict[tuple[str, bytes], int] = {}

    async def sent(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        fate = fates[next(numbers) % len(fates)] if fates else "answered"
        lost = in_vain.get((url, body), 0)
        if fate in _IN_VAIN and lost < 2:
            in_vain[url, body] = lost + 1
            if fate == "answer lost":
                await send(url, headers, body)
            return (502 if fate == "bad gateway" else 0), ""
        if fate == "twice":
            await send(url, headers, body)
        return await send(url, headers, body)

    return sent


async def told(line: Exchange, story: Story, delays: Sequence[tuple[float, ...]], fates: Sequence[str]) -> None:
    """One story under these fates, and what holds whatever they are."""
    numbers = count()

    def delivery(_leg: Leg, _status: str) -> Delivery:
        return Delivery(delays[next(numbers) % len(delays)] if delays else (0.0,))

    line.network.delivery = delivery
    line.network._post = suffering(line.network._post, fates)
    for name, (tier, phone) in story.phones.items():
        await line.on_call(name, phone, tier=tier)
    await line.call.dials(CALLER, presses=story.presses, hangs_up_after=story.talks)
    if story.hangs_up_at is not None:
        await line.call.after(story.hangs_up_at)
        await line.call.hangs_up()
    await line.call.until_over()
    await line.call.after(220)  # what is late has come; what is lost is missed
    connected = line.call.connected
    assert len(connected) == bool(story.reaches)
    assert set(connected) <= set(story.reaches)
    assert line.call.heard(story.hears)
    assert (await line.only()).call.outcome in story.outcomes
    assert await counted(line) == (1, 1)
    assert not [leg.who for leg in line.network.legs.values() if not leg.over]
    assert len(line.call.dialled) == len(set(line.call.dialled))
    pressed = {one.who for one in line.network.transcript.of("pressed") if one.text == "1"}
    assert set(connected) <= pressed


Tell = Callable[[Sequence[tuple[float, ...]], Sequence[str]], Awaitable[None]]


def teller(folder: Path, made_ready: Ready, story: Story, *, searched: bool = True) -> Tell:
    """A house of its own for each example; `searched` for numbers when it is over, which takes longer than all the rest."""
    numbers = count()

    async def tell(delays: Sequence[tuple[float, ...]], fates: Sequence[str]) -> None:
        here = folder / str(next(numbers))
        here.mkdir()
        shutil.copy(made_ready.path, here / "store.sqlite")
        store = BreakableStore(url=f"sqlite+aiosqlite:///{here}/store.sqlite")
        async with exchange(store, ManualClock(NOON), here / "data", made_ready, searched=searched) as line:
            await told(line, story, delays, fates)
        await store.close()
        shutil.rmtree(here)

    return tell


PERMUTED = given(delays=st.lists(DELAYS, max_size=8), fates=st.lists(FATES, max_size=8))
#: A hundred ways for each story, in parts that each end in time also on a machine that does much else.
PARTS = range(5)
#: One example in ten.
SEARCHED = st.sampled_from([False] * 9 + [True])
ANY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@settings(max_examples=3, deadline=None, suppress_health_check=ANY)
@PERMUTED
async def test_whatever_becomes_of_reports_the_story_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    made_ready: Ready,
    story: Story,
    delays: list[tuple[float, ...]],
    fates: list[str],
) -> None:
    await teller(tmp_path_factory.mktemp("story"), made_ready, story)(delays, fates)


@pytest.mark.fault
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@settings(max_examples=20, deadline=None, suppress_health_check=ANY)
@given(delays=st.lists(DELAYS, max_size=8), fates=st.lists(FATES, max_size=8), searched=SEARCHED)
async def test_whatever_becomes_of_reports_in_many_more_ways_the_story_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    made_ready: Ready,
    story: Story,
    delays: list[tuple[float, ...]],
    fates: list[str],
    *,
    part: int,
    searched: bool,
) -> None:
    assert part in PARTS
    tell = teller(tmp_path_factory.mktemp("story"), made_ready, story, searched=searched)
    await tell(delays, fates)
