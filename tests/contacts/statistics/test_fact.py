"""Facts and half-years, as plain values."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.codes.catalogue import FIELDS, list_of
from contacts.statistics.fact import SIZE, Fact, Unit, Unreadable, decoded, encoded, plain
from contacts.statistics.folding import folded
from contacts.statistics.periods import Period, counted_in, freezes_at, frozen, month_of, next_period, period_of
from tests.contacts.statistics.counting_world import ZONE


def fact(who: str = "self", weight: int = 1, handle: str = "", wait: int | None = None) -> Fact:
    codes: dict[str, tuple[str, ...]] = {"who": (who,)}
    return Fact(unit=Unit.CONTACT, month="2026-03", codes=codes, weight=weight, handle=handle, wait=wait)


def test_every_fact_has_one_size_and_comes_back() -> None:
    for one in (fact(), fact("public", -1, "ab" * 16, 65)):
        assert len(encoded(one)) == SIZE
        assert decoded(encoded(one)) == one


def test_a_record_with_every_code_of_every_list_fits() -> None:
    everything = {
        name: list_of(name).names if one.many else list_of(name).names[:1] for name, one in FIELDS.items()
    } | {"channel": ("phone",), "language": ("ckb",)}
    full = Fact(unit=Unit.DECISION, month="2026-03", codes=plain(everything), weight=-1, handle="ab" * 16)
    assert len(encoded(full)) == SIZE


def test_what_is_longer_than_all_facts_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        encoded(fact("x" * SIZE))


@pytest.mark.parametrize("block", [b"", bytes(SIZE), b"\0\x05{xxx}".ljust(SIZE, b"\0"), b"\0\0" + b"x" * (SIZE - 2)])
def test_bytes_that_are_no_fact_are_refused(block: bytes) -> None:
    with pytest.raises(Unreadable):
        decoded(block)


def test_a_fact_does_not_show_itself_and_codes_have_one_spelling() -> None:
    assert repr(fact()) == "Fact(contact, 2026-03)"
    assert plain({"b": ["y", "x", "x"], "a": []}) == {"b": ("x", "y")}
    assert plain(None) == {}
    assert not fact().repeat
    assert Fact(unit=Unit.CONTACT, month="", codes={"repeat_contact": ("yes",)}).repeat


def test_corrections_fold_into_what_they_correct() -> None:
    moved = [fact("self", handle="a"), fact("self", handle="b"), fact("self", -1, "a"), fact("public", handle="a")]
    assert sorted((one.codes["who"], one.handle) for one in folded(moved)) == [(("public",), "a"), (("self",), "b")]


def test_a_correction_whose_handle_was_destroyed_counts_the_same() -> None:
    moved = [fact("self", handle="a"), fact("self", -1, "new"), fact("public", handle="new")]
    assert [one.codes["who"] for one in folded(moved)] == [("public",)]


def test_what_was_counted_in_another_half_year_stays_taken_back() -> None:
    assert [one.weight for one in folded([fact("self", -1, "a", 5)])] == [-1]


def test_a_half_year_freezes_a_fortnight_after_its_end_on_the_clock_on_the_wall() -> None:
    assert freezes_at(Period("2026H1"), ZONE) == datetime(2026, 7, 15, tzinfo=ZONE)
    assert freezes_at(Period("2026H2"), ZONE) == datetime(2027, 1, 15, tzinfo=ZONE)
    last = datetime(2026, 7, 14, 20, 59, 59, tzinfo=UTC)
    assert not frozen(Period("2026H1"), last, ZONE)
    assert frozen(Period("2026H1"), last + timedelta(seconds=1), ZONE)


def test_what_is_late_is_counted_in_the_first_half_year_that_is_open() -> None:
    june = datetime(2026, 6, 30, 20, 0, tzinfo=UTC)
    assert counted_in(june, june, ZONE) == "2026H1"
    assert counted_in(june, datetime(2026, 8, 1, tzinfo=UTC), ZONE) == "2026H2"
    assert counted_in(june, datetime(2027, 8, 1, tzinfo=UTC), ZONE) == "2027H2"
    assert counted_in(june + timedelta(hours=1), june, ZONE) == "2026H2"  # midnight in Helsinki is 21:00 UTC
    assert next_period(period_of(datetime(2026, 12, 31, tzinfo=ZONE))) == "2027H1"
    assert month_of(june + timedelta(hours=1), ZONE) == "2026-07"
