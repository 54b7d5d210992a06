from datetime import UTC, datetime

import pytest

from contacts.terms import month_begins, months_after


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (at(2026, 11, 24, 12), 12, at(2027, 11, 24, 12)),
        (at(2026, 11, 24, 12), -12, at(2025, 11, 24, 12)),
        (at(2026, 1, 31), 1, at(2026, 2, 28)),
        (at(2028, 2, 29), 12, at(2029, 2, 28)),
        (at(2026, 12, 1), 1, at(2027, 1, 1)),
        (at(2026, 1, 1), -1, at(2025, 12, 1)),
        (at(2026, 5, 5), 0, at(2026, 5, 5)),
    ],
)
def test_months_are_counted_on_the_calendar(begins: int, months: int, ends: int) -> None:
    assert months_after(begins, months) == ends


def test_a_month_begins_at_midnight_utc() -> None:
    assert month_begins(at(2026, 11, 30, 23, 59)) == at(2026, 11, 1)
    assert month_begins(at(2026, 11, 30, 23, 59), 1) == at(2026, 12, 1)
    assert month_begins(at(2026, 12, 31), 25) == at(2029, 1, 1)
