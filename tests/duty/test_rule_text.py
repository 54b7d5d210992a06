import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.hours import HoursNotUnderstood
from duty.rule_text import Rule, joined, rules
from tests.duty.made import hours, wall


def test_a_text_is_taken_apart_into_rules() -> None:
    assert rules('Tu 13:00-15:00 "fi; sv", Th 9:00-11:00,14:00-20:00 open; PH off || "call"') == (
        Rule("", 'Tu 13:00-15:00 "fi; sv"', "Tu", "13:00-15:00", "", "fi; sv"),
        Rule(",", "Th 9:00-11:00,14:00-20:00 open", "Th", "9:00-11:00,14:00-20:00", "open", ""),
        Rule(";", "PH off", "PH", "", "off", ""),
        Rule("||", '"call"', "", "", "", "call"),
    )


def test_a_comma_before_a_time_goes_on_with_the_rule() -> None:
    assert len(rules("Mo 10:00-12:00, 14:00-16:00")) == 1
    assert len(rules("Mo 10:00-12:00, sunset-23:00")) == 1
    assert len(rules("Mo,Tu 10:00-12:00")) == 1
    assert [rule.text for rule in rules("Mo, Tu 10:00-12:00")] == ["Mo", "Tu 10:00-12:00"]
    assert [rule.text for rule in rules("PH off, 2026 Dec 24 10:00-12:00")] == ["PH off", "2026 Dec 24 10:00-12:00"]


@pytest.mark.parametrize(
    ("text", "opens", "closes", "about_holidays", "dated"),
    [
        ("Mo 10:00-12:00", True, False, False, False),
        ("PH off", False, True, True, False),
        ("Mo,PH closed", False, True, True, False),
        ("2026 Dec 24 10:00-12:00", True, False, False, True),
        ("Dec 24-26 off", False, True, False, True),
        ("week 1-10 Mo 10:00-12:00", True, False, False, True),
        ("easter off", False, True, False, True),
        ("Mo 10:00-12:00 unknown", False, False, False, False),
    ],
)
def test_a_rule_knows_what_it_is_about(text: str, opens: bool, closes: bool, about_holidays: bool, dated: bool) -> None:
    (rule,) = rules(text)
    assert (rule.opens, rule.closes, rule.about_holidays, rule.dated) == (opens, closes, about_holidays, dated)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["; ", ", ", " || "]),
            st.sampled_from(
                ["Mo 10:00-12:00", "Tu,We 09:00-10:00,11:00-12:00", "PH off", 'Fr 21:00-02:00 "fi, sv; en"',
                 "Dec 24 off", "24/7", "Mo-Fr unknown", "2026 Jul 1-10 10:00-11:00", "Sa off"]
            ),
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_rules_put_together_again_mean_the_same(parts: list[tuple[str, str]]) -> None:
    text = parts[0][1] + "".join(joint + rule for joint, rule in parts[1:])
    taken = rules(text)
    assert [rule.text for rule in taken] == [rule for _, rule in parts]
    assert joined(taken) == text
    assert list(hours(joined(taken)).readings(wall(2026, 6, 20), wall(2026, 7, 20))) == list(
        hours(text).readings(wall(2026, 6, 20), wall(2026, 7, 20))
    )


@given(st.text(alphabet=st.sampled_from('MoTuPH 01239:-,;|"+()[]off'), max_size=40))
def test_any_text_that_is_understood_can_be_taken_apart(text: str) -> None:
    try:
        before = hours(text)
    except HoursNotUnderstood:
        assert isinstance(rules(text), tuple)
        return
    after = hours(joined(rules(text)))
    assert list(after.readings(wall(2026, 6, 1), wall(2026, 6, 15))) == list(
        before.readings(wall(2026, 6, 1), wall(2026, 6, 15))
    )
