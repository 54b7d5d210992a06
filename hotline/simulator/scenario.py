"""Scenarios as sentences: somebody calls, presses, waits; phones of staff do what their owners do; what was heard, who was rung.

await call.dials("+358 ...", presses="1")
await call.after(40)
assert call.dialled == ["aino", "kaisa"]
assert call.heard("Thank you")
"""

from collections.abc import Mapping

from hotline.simulator.legs import Leg
from hotline.simulator.network import Network
from hotline.simulator.phones import Phone
from hotline.simulator.timing import VirtualTime
from hotline.simulator.transcript import Told

CALLER = "caller"
#: Seconds at once while nobody is on the line.
QUIET_STEP = 15.0


class Scenario:
    """One network, one caller or several, in virtual time."""

    def __init__(self, *, network: Network, time: VirtualTime) -> None:
        self.network = network
        self._time = time
        self.callers: dict[str, Leg] = {}

    # --- what people do ---

    def has(self, *phones: Phone) -> None:
        """These people have these phones."""
        for phone in phones:
            self.network.owns(phone)

    async def dials(
        self,
        number: str,
        *,
        presses: str = "",
        who: str = CALLER,
        hangs_up_after: float | None = None,
        speaks: float | None = None,
        hangs_up_then: bool = False,
    ) -> Leg:
        """Somebody calls us; `number` is what the provider says of theirs. `speaks` so many seconds after a tone."""
        phone = Phone(
            name=who,
            number=number,
            presses=presses,
            hangs_up_after=hangs_up_after,
            speaks=speaks,
            hangs_up_then=hangs_up_then,
        )
        leg = self.callers[who] = self.network.calls(phone)
        await self.after(0)
        return leg

    async def after(self, seconds: float) -> None:
        """Time passes, with all that happens in it."""
        quiet = all(leg.over for leg in self.network.legs.values())
        await self._time.run(seconds, step=QUIET_STEP if quiet else None)
        for failure in self._time.failures:
            raise failure

    async def hangs_up(self, who: str = CALLER) -> None:
        """The caller hangs up."""
        self.callers[who].hang_up()
        await self.after(2)

    async def until_over(self, most: float = 300) -> None:
        """Until every leg has ended."""
        passed = 0.0
        while passed < most and any(not leg.over for leg in self.network.legs.values()):
            await self.after(1)
            passed += 1
        await self.after(2)

    def leg(self, who: str) -> Leg:
        """Somebody's leg that is up."""
        return next(one for one in self.network.legs.values() if one.who == who and not one.over)

    # --- what happened ---

    def legs_over(self, *who: str) -> bool:
        """Whether any of these people's legs is up no more."""
        up = {one.who for one in self.network.legs.values() if not one.over}
        return not up.issuperset(who)

    @property
    def dialled(self) -> list[str]:
        """Whose phones were rung, in this order; those rung at once by name."""
        told = [one for one in self.network.transcript.of("dialled") if one.who not in self.callers]
        return [one.who for one in sorted(told, key=lambda one: (one.t, one.who))]

    def ring_times(self) -> Mapping[str, float]:
        """When each phone was rung first, in seconds since the network began."""
        return {one.who: one.t for one in reversed(self.network.transcript.of("dialled"))}

    def hears(self, who: str = CALLER) -> list[str]:
        """What somebody heard, sentence by sentence."""
        return [one.text for one in self.network.transcript.of("heard", who)]

    def heard(self, words: str, who: str = CALLER) -> bool:
        """Whether these words were in a sentence somebody heard."""
        return any(words in sentence for sentence in self.hears(who))

    def heard_at(self, words: str, who: str = CALLER) -> float:
        """When somebody first heard these words."""
        return next(one.t for one in self.network.transcript.of("heard", who) if words in one.text)

    @property
    def connected(self) -> list[str]:
        """Whom callers were connected to."""
        return [one.text for one in self.network.transcript.of("bridged") if one.who in self.callers]

    def ended(self, who: str) -> list[Told]:
        """How somebody's calls ended."""
        return [*self.network.transcript.of("ended", who), *self.network.transcript.of("cancelled", who)]
