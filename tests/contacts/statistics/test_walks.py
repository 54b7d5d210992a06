"""Whatever happens to contacts, in any order: what is counted is what is so. A state machine against a plain model."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from msgspec.structs import replace

from contacts.contact import Contact, EndedBy
from contacts.record import suggested
from contacts.statistics.case import Case
from contacts.statistics.fact import Fact, Unit, plain
from tests.contacts.statistics.counting_world import ZONE, World

pytestmark = pytest.mark.anyio
_WHO = ("self", "peer_community", "employer", "public")
_FORMS = ("forced_labour", "begging", "unclear")
_STEPS = 45


class Walk:
    """One contact after another, and what should be counted of them."""

    def __init__(self, world: World, chance: Random) -> None:
        self.world, self.chance = world, chance
        self.live: list[Contact] = []
        self.over: list[Contact] = []
        self.records: dict[str, dict[str, tuple[str, ...]]] = {}
        self.cases: dict[str, tuple[str, Case]] = {}
        self.done: list[str] = []

    async def step(self) -> None:
        """One thing happens."""
        deed = self.chance.choice(
            [self.begin, self.end, self.record, self.record, self.propose, self.decide, self.move, self.wait]
        )
        self.done.append(deed.__name__)
        await deed()

    async def begin(self) -> None:
        self.live.append(await self.world.begun())

    async def end(self) -> None:
        if self.live:
            contact = self.live.pop(self.chance.randrange(len(self.live)))
            by = self.chance.choice(list(EndedBy))
            await self.world.end(contact, by=by)
            self.over.append(replace(contact, ended_by=by))

    async def record(self) -> None:
        contact = self._anybody()
        if contact is not None:
            after: dict[str, tuple[str, ...]] = {
                "who": (self.chance.choice(_WHO),),
                "form": (self.chance.choice(_FORMS),),
            }
            await self.world.saved(contact, self.records.get(contact.id), after)
            self.records[contact.id] = after
            for name, (whose, case) in self.cases.items():
                if whose == contact.id:
                    self.cases[name] = whose, replace(case, codes=plain(after))

    async def propose(self) -> None:
        contact = self._anybody()
        if contact is None:
            return
        codes = self.records.get(contact.id, {})
        forwarding = f"f{len(self.done)}"
        opening = await self.world.opening(contact.id)
        async with self.world.here.store.write() as conn:
            await self.world.proposals.composed(conn, opening, forwarding, codes)
        if self.chance.random() < 0.3:
            async with self.world.here.store.write() as conn:
                await self.world.proposals.dropped(conn, forwarding)
            return
        if self.chance.random() < 0.3:
            await self.move()
        async with self.world.here.store.write() as conn:
            await self.world.proposals.sent(conn, forwarding)
            await self.world.proposals.sent(conn, forwarding)
            row = await self.world.proposals._of(conn, forwarding)
        assert row is not None
        self.cases[row["id"]] = contact.id, Case(made=self._today(), codes=plain(codes))

    async def decide(self) -> None:
        if not self.cases:
            return
        name = self.chance.choice(sorted(self.cases))
        whose, case = self.cases[name]
        decision = self.chance.choice(["admitted_victim", "not_admitted", None])
        decided = None if decision is None else self._today() - timedelta(days=self.chance.randrange(3))
        ended = self._today() if decision == "admitted_victim" and self.chance.random() < 0.5 else None
        case = replace(case, decision=decision, decided=decided, ended=ended)
        opening = await self.world.opening(next(one.id for one in self.live + self.over if one.id == whose))
        async with self.world.here.store.write() as conn:
            found = await self.world.proposals.one(conn, name)
            assert found is not None
            await self.world.proposals.recorded(conn, opening, name, case, found.revision)
        self.cases[name] = whose, case

    async def move(self) -> None:
        await self.world.mover.move()

    async def wait(self) -> None:
        self.world.here.clock.advance(self.chance.choice([60, 3_600, 86_400 * 5]))

    def _anybody(self) -> Contact | None:
        return self.chance.choice(self.live + self.over) if self.live or self.over else None

    def _today(self) -> date:
        return self.world.here.clock.now().astimezone(ZONE).date()

    def expected(self) -> Counter[tuple[object, ...]]:
        """What should be counted."""
        counted: Counter[tuple[object, ...]] = Counter()
        for contact in self.over:
            codes = self.records.get(contact.id)
            known = plain(suggested(contact) if codes is None else codes)
            counted[Unit.CONTACT, tuple(sorted(known.items()))] += 1
            counted[Unit.SERVICE, (("outcome", (contact.ended_by or "",)),)] += 1
        for _, case in self.cases.values():
            counted[Unit.PROPOSAL, tuple(sorted(case.codes.items()))] += 1
            if case.decision is not None:
                said = tuple(sorted((case.codes | {"decision": (case.decision,)}).items()))
                counted[Unit.DECISION, said] += 1
                counted[Unit.ENDED, said] += case.ended is not None
        return +counted


def seen(fact: Fact) -> tuple[object, ...]:
    """What of a fact the model knows."""
    if fact.unit is Unit.SERVICE:
        return fact.unit, (("outcome", fact.codes["outcome"]),)
    return fact.unit, tuple(sorted((k, v) for k, v in fact.codes.items() if k not in {"channel", "language"}))


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_counted_is_what_is_so(world: World, seed: int) -> None:
    world.at_least = 2
    world.__post_init__()
    walk = Walk(world, Random(seed))
    for _ in range(_STEPS):
        await walk.step()
    world.mover._at_least = 1
    await world.mover.move()
    found = await world.everything()
    counted: Counter[tuple[object, ...]] = Counter()
    for fact in found:
        counted[seen(fact)] += fact.weight
    assert +counted == walk.expected(), walk.done
    assert min(counted.values(), default=0) >= 0
