from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duty.timeline import OutsideTimeline, Piece, Stretch, Timeline, stretches

START = datetime(2026, 11, 24, tzinfo=UTC)
HOUR, MARGIN = timedelta(hours=1), timedelta(minutes=30)
FI, SV = frozenset({"fi"}), frozenset({"sv"})


def piece(opens: int, closes: int, languages: frozenset[str] = FI) -> Piece:
    return Piece(START + opens * HOUR, START + closes * HOUR, languages)


def timeline(*pieces: Piece) -> Timeline:
    zones = [(START, ZoneInfo("UTC")), (START + 12 * HOUR, ZoneInfo("Europe/Helsinki"))]
    made = stretches((one, MARGIN) for one in pieces)
    return Timeline(start=START, end=START + 24 * HOUR, stretches=made, zones=zones)


def test_pieces_that_touch_are_one_stretch() -> None:
    made = stretches(
        [(piece(1, 2), MARGIN), (piece(2, 3), MARGIN), (piece(3, 4, SV), 2 * MARGIN), (piece(5, 6), MARGIN)]
    )
    assert made == (Stretch((piece(1, 3), piece(3, 4, SV)), 2 * MARGIN), Stretch((piece(5, 6),), MARGIN))


def test_before_within_and_after_a_stretch() -> None:
    made = timeline(piece(1, 3), piece(5, 6))
    first, second = made.stretches
    assert made.at(START) is None
    assert made.last_before(START) is None
    assert made.next_after(START) is first
    assert made.at(START + HOUR) is first
    assert made.next_after(START + HOUR) is second
    assert made.at(START + 3 * HOUR) is None
    assert made.last_before(START + 4 * HOUR) is first
    assert made.next_after(START + 5 * HOUR) is None
    assert made.closes(first) == START + 3 * HOUR


def test_a_stretch_that_reaches_the_end_does_not_close() -> None:
    made = timeline(piece(1, 24))
    assert made.closes(made.stretches[0]) is None


@pytest.mark.parametrize("now", [START - timedelta(microseconds=1), START + 24 * HOUR])
def test_outside_the_window_nothing_is_answered(now: datetime) -> None:
    made = timeline(piece(0, 24))
    for ask in (made.at, made.next_after, made.zone_at, made.last_before):
        with pytest.raises(OutsideTimeline):
            ask(now)


def test_stretches_must_be_in_order_and_apart() -> None:
    one, other = Stretch((piece(1, 3),), MARGIN), Stretch((piece(3, 5),), MARGIN)
    for wrong in ([one, other], [other, one]):
        with pytest.raises(ValueError, match="in order and apart"):
            Timeline(start=START, end=START + 24 * HOUR, stretches=wrong, zones=[(START, ZoneInfo("UTC"))])


def test_languages_hold_for_their_piece() -> None:
    (stretch,) = timeline(piece(1, 2), piece(2, 3, SV)).stretches
    assert stretch.languages_at(START + HOUR) == FI
    assert stretch.languages_at(START + 2 * HOUR) == SV
    assert stretch.languages_at(START + 9 * HOUR) == frozenset()


def test_the_zone_is_that_of_the_version() -> None:
    made = timeline()
    assert made.zone_at(START).key == "UTC"
    assert made.zone_at(START + 12 * HOUR).key == "Europe/Helsinki"


def test_pieces_of_a_part_are_cut_at_its_ends() -> None:
    made = timeline(piece(1, 3), piece(3, 5, SV), piece(7, 8))
    assert made.pieces(START + 2 * HOUR, START + 4 * HOUR) == [piece(2, 3), piece(3, 4, SV)]
    assert made.pieces(START + 5 * HOUR, START + 7 * HOUR) == []
