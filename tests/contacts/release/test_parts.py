"""Parts of a linked system, the worlds found in them, and who left."""

import pytest

from contacts.attack.inference import Why, attacked
from contacts.attack.islands import islands
from contacts.attack.published import Key, Published, equations, told_by_sums
from contacts.release.catalogue import SPECS, Counted
from contacts.release.cells import Cell
from contacts.release.flows import flows_of, leavers_of, settled, spans_of, starts_of, told_of
from contacts.release.parts import Tied, parts_of
from contacts.release.primary import Span
from contacts.release.worlds import Worlds

A, B, C, D = (Cell("u", "2026H1", frozenset({("d", code)})) for code in "abcd")


def test_what_is_shown_cuts_sums_apart() -> None:
    total = Cell("u", "2026H1")
    one, other = parts_of([{total: -1, A: 1, B: 1}, {total: -1, C: 1, D: 1}, {total: 1}], {total})
    assert (one.cells, other.cells) == ((A, B), (C, D))
    assert one.relations == ({A: 1, B: 1},)
    (whole,) = parts_of([{total: -1, A: 1, B: 1}, {total: -1, C: 1, D: 1}], frozenset())
    assert set(whole.cells) == {total, A, B, C, D}


def test_a_single_sum_tells_that_a_cell_is_needed() -> None:
    (part,) = parts_of([{A: 1, B: 1, C: 1, D: -1}], frozenset())
    tied = Tied(part, part.cells.index, [2, 3, 40, 45])
    assert tied.need(2, {0, 1, 2}, {0: [5]})  # three others cannot make up for five more
    assert not tied.need(2, {0, 1, 2}, {0: [3]})
    assert not tied.need(2, {0, 1, 2, 3}, {0: [5]})  # the sum itself may go up
    assert not tied.need(2, {0, 1, 2}, {0: [-2]})
    assert tied.need(2, {0, 2}, {0: [-2]})  # nobody is left to take them
    assert not tied.need(2, {0, 1, 2}, {})


def test_a_world_shows_what_is_less_too_until_one_of_its_cells_is_shown() -> None:
    worlds = Worlds()
    worlds.add({0: 7.0, 1: -7.0})
    assert worlds.reach(0, 5)
    assert worlds.reach(1, -7)
    assert not worlds.reach(0, -1)
    assert not worlds.reach(0, 8)
    worlds.leave_out(1)
    assert not worlds.reach(0, 5)
    worlds.leave_out(None)
    worlds.add({0: 5.0, 2: -5.0})
    worlds.forget(1)
    assert worlds.reach(0, 5)
    assert not worlds.reach(0, 7)


def test_stocks_are_tied_through_every_half_year_in_a_row() -> None:
    assert starts_of(["2025H1", "2025H2", "2026H2", "2026"]) == ("2024H2", "2026H1")
    assert {spec.unit for spec in told_of(SPECS, starts=True)} == {Counted.STOCK}
    assert {spec.unit for spec in told_of(SPECS, starts=False)} == {Counted.STOCK, Counted.CLIENTS}
    assert flows_of({}) == []


def test_small_groups_that_left_are_to_be_protected_but_how_many_left_in_all_is_known() -> None:
    women = frozenset({("gender", "female")})
    all_of, few, only = (Cell("leavers", "2026H1", each) for each in (frozenset(), women, frozenset({("kind", "a")})))
    left = {all_of: 4, few: 3, only: 4}
    codes = {"gender": ("female", "male"), "kind": ("a",)}
    assert spans_of(left, codes, {"leavers": 5}) == {few: Span(0, 4)}
    assert spans_of({all_of: 40, few: 9}, codes, {"leavers": 5}) == {}
    came = Cell("clients", "2026H1", women)
    assert settled([{came: 1, few: -1}], {came}) == {few}
    assert settled([{came: 1, few: -1}], set()) == frozenset()
    assert leavers_of([came], SPECS, lambda _specs, _period: {}) == {}


def stocks(**codes: tuple[int | None, int | None, int | None]) -> dict[Key, int | None]:
    """By code: the stock before, who came, the stock after. Totals are shown."""
    found: dict[Key, int | None] = {}
    for code, three in codes.items():
        pairs = (("gender", code),) if code != "all" else ()
        for (unit, period), value in zip(
            (("stock", "2025H2"), ("clients", "2026H1"), ("stock", "2026H1")), three, strict=True
        ):
            found[Key(unit, period, pairs)] = value
    return found


LEAST = {"stock": 5, "clients": 5, "leavers": 5}


@pytest.mark.parametrize("left", [0, 1, 4])
def test_a_small_group_that_left_is_found(left: int) -> None:
    seen = stocks(all=(60, 30, 70), female=(30, 20, 50 - left), male=(30, 10, 20 + left))
    found = attacked(seen, equations(seen), k=LEAST).exposed
    assert [(each.key and each.key.unit, each.high, each.why) for each in found] == [("leavers", left, Why.TOO_SMALL)]


def test_a_group_that_left_is_safe_when_a_stock_is_hidden_or_nobody_is_few() -> None:
    large = stocks(all=(60, 30, 70), female=(30, 20, 40), male=(30, 10, 30))
    assert attacked(large, equations(large), k=LEAST).exposed == ()
    hidden = stocks(all=(60, 30, 70), female=(30, 20, None), male=(30, 10, None))
    assert attacked(hidden, equations(hidden), k=LEAST).exposed == ()
    three = stocks(all=(60, 30, 87), female=(30, 20, 47), male=(30, 10, 40))
    assert [each.why for each in attacked(three, equations(three), k=LEAST).exposed] == [
        Why.TOO_SMALL
    ]  # none of the men


def test_more_who_came_than_are_there_says_how_many_left_at_least() -> None:
    seen: Published = {
        Key("clients", "2026H1", (("gender", "female"),)): 12,
        Key("stock", "2026H1", (("gender", "female"),)): 9,
    }
    (found,) = attacked(seen, equations(seen), k=LEAST).exposed
    assert (found.low, found.why) == (3.0, Why.NOT_NOUGHT)


def test_what_no_table_names_may_follow_from_one_sum() -> None:
    seen = stocks(all=(60, 30, 70))
    assert told_by_sums(seen, equations(seen)) == {Key("leavers", "2026H1"): 20}
    unknown = stocks(all=(None, 30, 70))
    assert told_by_sums(unknown, equations(unknown)) == {}


def test_unknown_figures_are_apart_where_no_sum_ties_them() -> None:
    one, other, third = (Key("u", "2026H1", (("d", code),)) for code in "abc")
    found = islands({one: None, other: None, third: None}, [{one: 1, other: 1}, {one: 1, other: -1}])
    assert [(each.unknown, len(each.equations)) for each in found] == [((one, other), 2), ((third,), 0)]
