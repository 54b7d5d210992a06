from hypothesis import given
from hypothesis import strategies as st

from contacts.framing import Field, framed

fields = st.lists(st.one_of(st.binary(max_size=8), st.text(max_size=8)), max_size=4)


@given(fields, fields)
def test_different_lists_of_fields_give_different_bytes(one: list[Field], other: list[Field]) -> None:
    same = [part if isinstance(part, bytes) else str(part).encode() for part in one] == [
        part if isinstance(part, bytes) else str(part).encode() for part in other
    ]
    assert (framed(*one) == framed(*other)) is same


def test_numbers_are_written_in_digits() -> None:
    assert framed(12) == framed("12") == b"\0\0\0\x0212"


def test_moving_a_letter_to_the_next_field_changes_the_bytes() -> None:
    assert framed("ab", "c") != framed("a", "bc")
