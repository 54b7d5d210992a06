"""The bench of the hotline: both contenders answer signed reports, and what is told is a ratio of the same round."""

from pathlib import Path

import pytest

from bench.figures import figures, table
from bench.hotline import Measure, both, measured, prepared, raw
from bench.processes import cores


async def test_the_bare_handler_answers_what_is_signed_and_is_measured() -> None:
    plan = Measure(rounds=1, calls=3, seconds=1.5, warm_up=0.1)
    with raw(cores()[0]) as server:
        told = await both(server, plan, follows=False)
    assert told["webhooks per second, saturated"] > 10
    assert told["ms to the answer, p50, saturated"] <= told["ms to the answer, p99, saturated"]


@pytest.mark.fault
def test_a_round_has_both_contenders_and_their_ratio(tmp_path: Path) -> None:
    rounds = measured(prepared(tmp_path), Measure(rounds=1, calls=2, seconds=0.5, warm_up=0.2))
    text = table(figures(rounds))
    assert [len(each) for each in rounds.values()] == [1, 1]
    assert "Quietline" in text
    assert "webhooks per second, saturated" in text
