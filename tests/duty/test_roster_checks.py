from dataclasses import replace
from datetime import timedelta

import pytest

from duty.colleagues import Colleague, Colleagues, Standing
from duty.repetition import read_rule
from duty.roster_checks import Draft, Problem, ProblemCode, RosterRefused, problems_of, refuse
from duty.roster_words import PROBLEMS, Wording
from duty.shifts import Plan
from storage.ids import StaffId
from tests.duty.rosters import AINO, HELSINKI, day, plan

GONE, ANALYST = StaffId("gone"), StaffId("analyst")
COLLEAGUES: Colleagues = {
    AINO: Colleague("Aino", frozenset({"fi", "sv"})),
    GONE: Colleague("Gunnar", frozenset({"fi", "sv"}), Standing.left),
    ANALYST: Colleague("Anna", frozenset({"fi", "sv"}), Standing.without_access),
}
WORDING = Wording(
    zone=HELSINKI,
    names={staff_id: one.name for staff_id, one in COLLEAGUES.items()},
    languages={"ar": "Arabic"},
)
GOOD = plan("2026-11-24 13:00", 2)


def refusals(what: Plan, rule: str | None = None) -> list[tuple[str, str]]:
    draft = Draft(plan=what, zone=HELSINKI, rule=None if rule is None else read_rule(rule))
    return [(one.place, WORDING.problem(one)) for one in problems_of(draft, COLLEAGUES)]


@pytest.mark.parametrize(
    "rule", [None, "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261124", "FREQ=DAILY;INTERVAL=366;COUNT=1000"]
)
def test_a_plain_shift_may_be_kept(rule: str | None) -> None:
    assert refusals(GOOD, rule) == []


@pytest.mark.parametrize(
    ("what", "place", "sentence"),
    [
        (replace(GOOD, staff_id=StaffId("nobody")), "person", "Choose who takes this shift."),
        (replace(GOOD, staff_id=GONE), "person", "Gunnar does not work here any more."),
        (replace(GOOD, staff_id=ANALYST), "person", "Anna has no access to contacts and cannot answer."),
        (replace(GOOD, languages=frozenset()), "languages", "Choose at least one language."),
        (replace(GOOD, languages=frozenset({"fi", "ar"})), "languages", "Aino does not speak Arabic."),
        (replace(GOOD, tier=0), "tier", "Choose a step of the ladder from 1 to 9."),
        (replace(GOOD, tier=10), "tier", "Choose a step of the ladder from 1 to 9."),
        (
            plan("2026-11-24 13:00", -1),
            "ends",
            "The shift ends before it begins: on Tue 24 Nov 2026 from 13:00 to 12:00.",
        ),
        (
            plan("2026-11-24 13:00", 0),
            "ends",
            "The shift ends before it begins: on Tue 24 Nov 2026 from 13:00 to 13:00.",
        ),
        (
            plan("2026-11-24 13:00", 7 * 24 + 1),
            "ends",
            "A shift lasts 7 days at most; this one is from Tue 24 Nov 2026 13:00 to Tue 1 Dec 2026 14:00.",
        ),
        (plan("2026-11-24 13:00:30", 2), "starts", "Give times in whole minutes."),
        (plan("2226-11-24 13:00", 2), "starts", "The first day, Fri 24 Nov 2226, is too far away."),
        (plan("1926-11-24 13:00", 2), "starts", "The first day, Wed 24 Nov 1926, is too far away."),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(what: Plan, place: str, sentence: str) -> None:
    assert refusals(what, "FREQ=WEEKLY") == [(place, sentence)]


@pytest.mark.parametrize(
    ("rule", "place", "sentence"),
    [
        ("FREQ=WEEKLY;INTERVAL=53", "interval", "Repeat after 1 to 52 days or weeks."),
        ("FREQ=DAILY;INTERVAL=367", "interval", "Repeat after 1 to 366 days or weeks."),
        ("FREQ=DAILY;COUNT=1001", "count", "Repeat 1 to 1000 times."),
        (
            "FREQ=DAILY;COUNT=2;UNTIL=20261231",
            "until",
            "Say either the last day or how many times, not both.",
        ),
        ("FREQ=DAILY;UNTIL=20261123", "until", "The last day is before the first one, Tue 24 Nov 2026."),
        (
            "FREQ=WEEKLY;BYDAY=MO",
            "weekdays",
            "The first day, Tue 24 Nov 2026, is not one of the days on which the shift repeats.",
        ),
    ],
)
def test_a_repetition_that_cannot_be_is_refused_at_its_place(rule: str, place: str, sentence: str) -> None:
    assert refusals(GOOD, rule) == [(place, sentence)]


@pytest.mark.parametrize(
    ("rule", "hours", "refused"),
    [
        ("FREQ=DAILY", 24, False),
        ("FREQ=DAILY", 24.5, True),
        ("FREQ=WEEKLY", 7 * 24, False),
        ("FREQ=WEEKLY;BYDAY=TU,TH", 48, False),
        ("FREQ=WEEKLY;BYDAY=TU,TH", 49, True),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=1", 49, False),
    ],
)
def test_a_shift_may_not_begin_again_before_it_has_ended(rule: str, hours: float, refused: bool) -> None:
    sentence = ("ends", "The shift would begin again before it has ended.")
    assert refusals(plan("2026-11-24 13:00", hours), rule) == [sentence] * refused


def test_everything_that_is_wrong_is_told_at_once() -> None:
    bad = replace(GOOD, staff_id=GONE, languages=frozenset(), tier=0, ends=GOOD.starts - timedelta(hours=1))
    assert [place for place, _ in refusals(bad)] == ["person", "languages", "tier", "ends"]


def test_nothing_to_refuse_refuses_nothing() -> None:
    refuse()
    with pytest.raises(RosterRefused, match="no_language"):
        refuse(Problem(code=ProblemCode.no_language, place="languages"))


def test_every_problem_has_a_sentence() -> None:
    assert set(PROBLEMS) == set(ProblemCode)
    days = (day("2026-11-24"), day("2026-12-01"))
    for code in ProblemCode:
        assert WORDING.problem(Problem(code=code, place="day", staff_id=AINO, days=days, most=9)).endswith(".")
    lost = Problem(code=ProblemCode.days_decided, place="weekdays", days=days)
    assert WORDING.problem(lost) == (
        "Something was decided for Tue 24 Nov 2026, Tue 1 Dec 2026; with this change those days would be lost."
    )
