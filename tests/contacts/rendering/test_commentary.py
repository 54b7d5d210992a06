"""What the analyst writes may name only numbers that the section's tables show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.release.catalogue import Section
from contacts.release.frame import Frame, Row, Status, change_of
from contacts.rendering.commentary import Unshown, numbers_unshown, unshown_numbers


def row(code: str, value: int | None, before: int | None, *, table: str = "decisions", unit: str = "decisions") -> Row:
    return Row(
        table=table,
        unit=unit,
        period="2026H1",
        dim1="decision",
        code1=code,
        value=value,
        status=Status.HIDDEN if value is None else Status.SHOWN,
        prev_value=before,
        prev_status=Status.HIDDEN if before is None else Status.SHOWN,
        change=change_of(value, before),
    )


FRAME = Frame(
    release_id="r",
    period="2026H1",
    catalogue=1,
    k=5,
    rows=(
        row("", 1284, 71),
        row("admitted_victim", 58, 60),
        row("lapsed", None, 12),
        row("", 412, 400, table="contacts_by_who", unit="contacts"),
    ),
    services=(("unserved", 9), ("wait_p90_chat", None)),
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("58 were admitted, a year earlier 60.", "en"),
        ("Two more were admitted in 2026 than in 2025.", "en"),
        ("Of all, 5% were admitted (1,284 decisions).", "en"),
        ("Päätöksiä tehtiin 1 284, eli enemmän kuin 1.1.–30.6.2025.", "fi"),
        ("Kaksi vähemmän kuin vuotta aiemmin (1–6/2025): −3 %.", "fi"),
        ("Två färre, alltså -3 procent.", "sv"),
        ("Nobody is named, and no number either.", "en"),
        ("", "fi"),
    ],
)
def test_shown_numbers_may_be_named(text: str, language: str) -> None:
    assert numbers_unshown(text, FRAME, Section.DECISIONS, language) == []


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("3 lapsed.", "en", ["3"]),
        ("Three lapsed, and 412 called.", "en", ["Three", "412"]),
        ("Kolme raukesi.", "fi", ["Kolme"]),
        ("Hakemuksia raukesi kolmelle henkilölle.", "fi", ["kolmelle"]),
        ("Tre förföll.", "sv", ["Tre"]),
        ("61 % were admitted.", "en", ["61 %"]),
        ("About 58.5 of them.", "en", ["58.5"]),
        ("On average 1,5 a day.", "en", ["1,5"]),
        ("It was 2024.", "en", ["2024"]),
    ],
)
def test_other_numbers_are_named(text: str, language: str, named: list[str]) -> None:
    assert numbers_unshown(text, FRAME, Section.DECISIONS, language) == named


def test_numbers_of_the_service_stand_in_its_section() -> None:
    texts = {Section.SERVICE: {"en": "9 were left without an answer.", "fi": "13 jäi."}}
    assert unshown_numbers(texts, FRAME) == (Unshown(Section.SERVICE, "fi", "13"),)


@given(st.integers(0, 10**7), st.sampled_from(["{}", "({})", "{}.", "{}, {}", "“{}”", "{} %", "n={}"]))
def test_any_number_in_digits_is_seen(value: int, around: str) -> None:
    told = {1284, 71, 58, 60, 12, 2, 1213, 2026, 2025}
    percents = {3, 1708, 5, 85, 17, 100}
    text = around.format(value, value)
    found = numbers_unshown(text, FRAME, Section.DECISIONS, "en")
    assert bool(found) == (value not in (percents if "%" in around else told))


def test_a_table_without_a_total_has_no_shares() -> None:
    frame = Frame(release_id="r", period="2026H1", catalogue=1, k=5, rows=(row("admitted_victim", 58, 60),))
    assert numbers_unshown("58, which is 100 %.", frame, Section.DECISIONS, "en") == ["100 %"]
