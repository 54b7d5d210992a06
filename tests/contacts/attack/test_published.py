"""The sums that an attacker finds in the names of cells alone."""

from collections.abc import Iterable

from contacts.attack.published import Flow, Key, Published, Same, before, equations, parts_of

ALL, WOMEN, MEN = Key("u", "2026H1"), Key("u", "2026H1", (("g", "f"),)), Key("u", "2026H1", (("g", "m"),))


def hidden(keys: Iterable[Key]) -> Published:
    return dict.fromkeys(keys)


def test_a_total_is_the_sum_of_its_codes() -> None:
    assert equations(hidden([ALL, WOMEN, MEN])) == [{ALL: -1, WOMEN: 1, MEN: 1}]


def test_a_margin_is_the_sum_of_its_row_in_every_direction() -> None:
    keys = [
        Key("u", "2026H1", tuple(codes))
        for codes in ([], [("a", "1")], [("b", "1")], [("a", "1"), ("b", "1")], [("a", "1"), ("b", "2")])
    ]
    found = equations(hidden(keys))
    row = {keys[1]: -1, keys[3]: 1, keys[4]: 1}
    assert row in found
    assert {keys[2]: -1, keys[3]: 1} in found


def test_a_year_is_the_sum_of_its_halves_once_all_three_are_known() -> None:
    halves = [ALL, ALL._replace(period="2026H2")]
    year = ALL._replace(period="2026")
    assert equations(hidden(halves)) == []
    assert equations(hidden([*halves, year])) == [{year: -1, halves[0]: 1, halves[1]: 1}]


def test_a_half_is_the_sum_of_its_months() -> None:
    assert parts_of("2026H2") == [("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")]
    assert parts_of("2026-07") == []


def test_a_stock_follows_from_the_one_before_and_who_came_and_went() -> None:
    end, start = Key("stock", "2026H1"), Key("stock", "2025H2")
    came, went = Key("new", "2026H1"), Key("ended", "2026H1")
    flow = Flow("stock", "new", "ended")
    told = {end: -1, start: 1, came: 1, went: -1}
    assert equations(hidden([end, start, came]), [flow]) == [told]
    assert equations(hidden([end, came]), [flow]) == [told]  # the one before was not less than nought
    assert equations(hidden([end, start]), [flow]) == []


def test_the_half_year_before() -> None:
    assert [before("2026H2"), before("2026H1"), before("2026"), before("2026-03")] == ["2026H1", "2025H2", None, None]


def test_what_two_units_count_alike_is_equal_where_both_totals_agree() -> None:
    same = Same("contacts", "service", "channel")
    ours, theirs = (Key(unit, "2026H1", (("channel", "chat"),)) for unit in ("contacts", "service"))
    totals: dict[Key, int | None] = {each._replace(codes=()): 30 for each in (ours, theirs)}
    answered = theirs._replace(codes=(("answered", "no"),))
    known = totals | dict[Key, int | None](hidden([ours, theirs, answered]))
    assert {ours: -1, theirs: 1} in equations(known, sames=[same])
    apart = known | {ours._replace(codes=()): 31}
    assert {ours: -1, theirs: 1} not in equations(apart, sames=[same])
    assert {ours: -1, theirs: 1} not in equations(hidden(known), sames=[same])
