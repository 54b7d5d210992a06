"""What was taken back is taken from somebody; stocks, who came and who went agree."""

from contacts.release.catalogue import Counted
from contacts.release.service import NAMES, quantile, services
from contacts.release.standing import standing, stocks
from contacts.release.tally import Line, Tally

A, B, C = ("f", "NG"), ("f", "UA"), ("m", "UA")


def test_a_correction_takes_the_nearest_away_and_the_number_stays() -> None:
    lines: list[Line] = [(A, False, -2), (B, False, 3), (C, False, 1)]
    assert standing(lines) == {(B, False): 1, (C, False): 1}


def test_more_cannot_be_taken_than_there_is() -> None:
    assert standing([(A, False, -5), (B, False, 2)]) == {}


def test_a_stock_is_who_came_without_who_went_however_they_are_told() -> None:
    spring = Tally(period="2025H1", lines={Counted.CLIENTS: [(A, False, 2), (C, False, 1)]})
    autumn = Tally(
        period="2025H2", lines={Counted.CLIENTS: [(B, False, 1)], Counted.LEAVERS: [(A, True, 1), (B, False, 9)]}
    )
    found = stocks([spring, autumn])
    assert found.stock == {"2025H1": {(A, False): 2, (C, False): 1}, "2025H2": {}}
    assert sum(found.left["2025H2"].values()) == 4


def test_a_wait_is_told_only_with_enough_on_both_sides() -> None:
    waits = {5: 12, 30: 5, 33: 1, 90: 12}
    assert quantile(waits, 50) == 30
    assert quantile(waits, 90) is None
    assert quantile({5: 0, 10: 3}, 50) is None
    assert quantile({}, 50) is None


def test_what_is_about_us_is_told_however_little_it_is() -> None:
    tally = Tally(period="2025H1", waits={"chat": {5: 12, 30: 5, 90: 12}}, endings={"chat": {"unserved": 2}})
    told = dict(services([tally], {"emergencies": 1}))
    assert list(told) == list(NAMES)
    assert (told["unserved"], told["emergencies"], told["wait_median_chat"]) == (2, 1, 30)
    assert told["consents_given"] is None
