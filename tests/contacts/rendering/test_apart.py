"""Programs apart: how they ended is told, never what they were given."""

import pytest

from contacts.rendering.apart import Apart, CannotRender


@pytest.mark.parametrize(
    ("module", "seconds", "said"),
    [
        ("contacts.rendering.charts_program", 0.001, "not done after 0.001 s"),
        ("contacts.rendering.charts_program", 60.0, "could not do it"),
        ("tests.contacts.reviews.killed", 60.0, "killed by signal 9"),
    ],
)
def test_how_a_program_ended_is_told_and_not_what_it_was_given(module: str, seconds: float, said: str) -> None:
    with Apart(seconds=seconds) as apart, pytest.raises(CannotRender) as refused:
        apart.start(module, b"somebody's words").result()
    assert str(refused.value) == f"{module}: {said}"
