"""Every state report late, doubled, in another order or lost, and every request to the provider failing now and then."""

import random
from collections.abc import Callable

import pytest

from hotline.simulator.legs import Leg
from hotline.simulator.network import Delivery
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from tests.hotline.exchange import CALLER, NUMBERS, Exchange


@pytest.mark.parametrize("seed", range(10))
async def test_whatever_becomes_of_reports_nobody_is_connected_without_a_key_and_everybody_is_counted(
    line: Exchange, seed: int
) -> None:
    chance = random.Random(seed)

    def delivery(_leg: Leg, _status: str) -> Delivery:
        return Delivery(tuple(chance.choice([0.0, 0.2, 3.0, 20.0]) for _ in range(chance.randrange(3))))

    def fails(_method: str, _path: str) -> int:
        return chance.choice([0, 0, 0, 429, 503])

    line.network.delivery, line.rest.fails = delivery, fails
    line.network.repeats_questions = bool(seed % 2)
    habits: list[Callable[[str, str], Phone]] = [
        lambda name, number: answering(name, number, after=chance.uniform(1, 20)),
        ignoring,
        voicemail,
        lambda name, number: Phone(name=name, number=number, busy=True),
        lambda name, number: Phone(name=name, number=number, answers_after=3, presses="9"),
    ]
    for name, number in NUMBERS.items():
        await line.on_call(name, chance.choice(habits)(name, number), tier=chance.choice([1, 1, 2]))
    await line.call.dials(CALLER, presses=chance.choice(["", "1", "2", "3"]), hangs_up_after=15)
    await line.call.until_over(200)
    await line.call.after(200)
    pressed = {one.who for one in line.network.transcript.of("pressed") if one.text == "1"}
    assert set(line.call.connected) <= pressed
    assert len(line.call.connected) <= 1
    assert line.call.connected or line.call.heard("yksi yksi kaksi")
    kept = await line.only()
    assert kept.call.ended_at is not None
    assert (kept.call.outcome == "talked") == bool(line.call.connected)
    assert not [leg for leg in line.network.legs.values() if not leg.over]
    told = ("Olemme", "Vi är ledsna", "We are sorry")
    assert line.call.connected or any(line.call.heard(words) for words in told)
