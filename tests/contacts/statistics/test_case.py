"""What can come of a proposal, as plain values."""

from datetime import date

import pytest

from contacts.statistics.case import Case, Slip, events, slips
from contacts.statistics.fact import Unit

TODAY = date(2026, 11, 24)
MADE = date(2026, 11, 2)


def case(decision: str | None = None, decided: date | None = None, ended: date | None = None) -> Case:
    return Case(made=MADE, codes={"form": ("begging",)}, decision=decision, decided=decided, ended=ended)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (case(), []),
        (case("admitted_victim", MADE, TODAY), []),
        (case("admitted_victim"), [Slip("decided", "both")]),
        (case(None, MADE), [Slip("decision", "both")]),
        (case("lapsed", date(2026, 11, 25)), [Slip("decided", "future")]),
        (case("lapsed", MADE, TODAY), [Slip("ended", "not_admitted")]),
        (case("admitted_child", MADE, date(2026, 11, 25)), [Slip("ended", "future")]),
        (case("admitted_child", TODAY, MADE), [Slip("ended", "before")]),
    ],
)
def test_what_cannot_be_so_is_told(one: Case, found: list[Slip]) -> None:
    assert slips(one, TODAY) == found


def test_its_events_are_dated_and_carry_the_persons_codes() -> None:
    assert events(None) == {}
    assert list(events(case())) == [Unit.PROPOSAL]
    assert list(events(case("not_admitted", MADE))) == [Unit.PROPOSAL, Unit.DECISION]
    whole = events(case("admitted_victim", MADE, TODAY))
    assert (whole[Unit.DECISION].day, whole[Unit.ENDED].day) == (MADE, TODAY)
    assert whole[Unit.ENDED].codes == {"form": ("begging",), "decision": ("admitted_victim",)}


def test_a_case_does_not_show_itself() -> None:
    assert repr(case("admitted_victim", MADE)) == "Case(...)"
