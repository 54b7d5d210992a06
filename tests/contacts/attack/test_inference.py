"""Bounds on hidden cells, and what counts as giving one away."""

import pytest

from contacts.attack.inference import Why, attacked
from contacts.attack.published import Key, equations

K = {"u": 5}
ALL = Key("u", "2026H1")


def cell(code: str) -> Key:
    return Key("u", "2026H1", (("d", code),))


def test_the_last_of_a_row_is_computed() -> None:
    seen = {ALL: 30, cell("a"): None, cell("b"): 27}
    verdict = attacked(seen, equations(seen), k=K)
    assert [(each.key, each.low, each.high, each.why) for each in verdict.exposed] == [
        (cell("a"), 3.0, 3.0, Why.TOO_SMALL)
    ]
    assert verdict.narrowest == 0.0


def test_two_hidden_cells_with_enough_between_them_are_safe() -> None:
    seen = {ALL: 30, cell("a"): None, cell("b"): None, cell("c"): 10}
    verdict = attacked(seen, equations(seen), k=K)
    assert (verdict.exposed, verdict.hidden) == ((), 2)


@pytest.mark.parametrize("whole", [False, True])
def test_a_group_of_four_is_found_though_two_cells_share_it(whole: bool) -> None:
    seen = {ALL: 30, cell("a"): None, cell("b"): None, cell("c"): 26}
    verdict = attacked(seen, equations(seen), k=K, whole=whole)
    assert {each.why for each in verdict.exposed} == {Why.TOO_SMALL}


def test_somebody_but_few_is_an_exposure_too() -> None:
    rows = {Key("u", "2026H1", (("d", "a"), ("e", each))): None for each in "xy"}
    seen: dict[Key, int | None] = {
        ALL: 40,
        cell("a"): 12,
        cell("b"): 28,
        Key("u", "2026H1", (("e", "x"),)): 31,
        Key("u", "2026H1", (("e", "y"),)): 9,
    }
    seen |= rows | {Key("u", "2026H1", (("d", "b"), ("e", each))): None for each in "xy"}
    verdict = attacked(seen, equations(seen), k=K)
    assert {each.why for each in verdict.exposed} == {Why.NOT_NOUGHT}


def test_no_time_is_no_answer_and_no_answer_is_an_exposure() -> None:
    seen = {ALL: 30, cell("a"): None, cell("b"): None}
    assert {each.why for each in attacked(seen, equations(seen), k=K, seconds=0.0).exposed} == {Why.UNANSWERED}


def test_tables_that_do_not_add_up_are_refused() -> None:
    seen = {ALL: 30, cell("a"): 10, cell("b"): 10}
    assert [each.why for each in attacked(seen, equations(seen), k=K).exposed] == [Why.CONTRADICTION]


def test_nothing_hidden_nothing_to_find() -> None:
    seen = {ALL: 30, cell("a"): 15, cell("b"): 15}
    verdict = attacked(seen, equations(seen), k=K)
    assert verdict == ((), 0, None)
