"""Numbers here are fictional: ranges set aside by Ofcom (+44 1632 960...) and PTS (+46 8 465 004 ...)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.numbers import NumberNotUnderstood, TelephoneNumber


@pytest.mark.parametrize(
    ("written", "e164", "display"),
    [
        ("+46 8 465 004 12", "+46846500412", "+46 8 465 004 12"),
        ("0046 8 465 004 12", "+46846500412", "+46 8 465 004 12"),
        ("08-465 004 12", "+46846500412", "+46 8 465 004 12"),
        ("(08) 465 004 12", "+46846500412", "+46 8 465 004 12"),
        ("+46 (0)8 465 004 12", "+46846500412", "+46 8 465 004 12"),
        ("  +46846500412 ", "+46846500412", "+46 846 500 412"),
        ("+441632960123", "+441632960123", "+441 632 960 123"),
        ("+44.1632\u00a0960/123", "+441632960123", "+44 1632 960 123"),
        ("+4684650041", "+4684650041", "+4 684 650 041"),
    ],
)
def test_every_usual_spelling_is_understood(written: str, e164: str, display: str) -> None:
    number = TelephoneNumber.parse(written, country_code="46")
    assert (number.e164, number.display, number.tel) == (e164, display, f"tel:{e164}")


def test_two_spellings_of_one_number_are_equal() -> None:
    assert TelephoneNumber.parse("+46 8 465 004 12") == TelephoneNumber.parse("0046846500412")


@pytest.mark.parametrize(
    "written",
    ["", "112", "call me", "+", "46 8 465 004 12", "++46846500412", "+46 8 465 004 12 ext 3", "+0123456789", "+46" * 2,
     "+" + "4" * 16, "+4616", "٠٨٤٦٥٠٠٤١٢"],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(NumberNotUnderstood, match=r"^A telephone number .*\.$") as refused:
        TelephoneNumber.parse(written)
    assert len(written) < 4 or written not in str(refused.value)


def test_a_number_prints_only_its_last_two_digits() -> None:
    number = TelephoneNumber.parse("+46 8 465 004 12")
    assert f"{number!r} {number} {[number]}" == "TelephoneNumber(...12) TelephoneNumber(...12) [TelephoneNumber(...12)]"


@given(st.text("+0123456789 ()-./", max_size=24))
def test_what_is_accepted_is_e164_and_reads_back_the_same(written: str) -> None:
    try:
        number = TelephoneNumber.parse(written)
    except NumberNotUnderstood:
        return
    assert number.e164[0] == "+"
    assert number.e164[1:].isascii()
    assert number.e164[1:].isdigit()
    assert 7 <= len(number.e164) - 1 <= 15
    assert TelephoneNumber.parse(number.e164) == TelephoneNumber.parse(number.display) == number
