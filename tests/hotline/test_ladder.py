from hypothesis import given
from hypothesis import strategies as st

from hotline.ladder import Candidate, next_rung, speakers
from storage.ids import StaffId


def someone(name: str, tier: int = 1, languages: str = "fi en", *, busy: bool = False) -> Candidate:
    return Candidate(staff=StaffId(name), tier=tier, languages=frozenset(languages.split()), busy=busy)


def rungs(*candidates: Candidate, language: str | None = "fi") -> list[tuple[StaffId, ...]]:
    rung: set[StaffId] = set()
    found = []
    while following := next_rung(candidates, rung=rung, language=language):
        found.append(following)
        rung |= set(following)
    return found


def test_a_whole_tier_is_rung_at_once_and_the_lowest_first() -> None:
    assert rungs(someone("eero", 2), someone("aino"), someone("kaisa")) == [("aino", "kaisa"), ("eero",)]


def test_those_who_speak_the_wanted_language_are_rung_before_anybody_else_of_any_tier() -> None:
    people = someone("aino", 1, "fi"), someone("saga", 3, "sv"), someone("eero", 2, "fi sv")
    assert rungs(*people, language="sv") == [("eero",), ("saga",), ("aino",)]


def test_before_a_language_is_chosen_everybody_of_the_first_tier_is_rung() -> None:
    assert rungs(someone("aino", 1, "fi"), someone("saga", 1, "sv"), language=None) == [("aino", "saga")]


def test_whoever_is_in_a_chat_is_rung_last() -> None:
    assert rungs(someone("aino", busy=True), someone("saga", 9, "sv")) == [("saga",), ("aino",)]


def test_with_nobody_on_call_there_is_nobody_to_ring() -> None:
    assert rungs() == []


def test_speakers_are_those_who_speak_it() -> None:
    assert speakers([someone("aino"), someone("saga", 1, "sv")], "sv") == {"saga"}


@given(
    st.lists(
        st.builds(
            someone,
            st.sampled_from("abcdefgh"),
            st.integers(1, 4),
            st.sampled_from(["fi", "fi sv", "sv", "en"]),
            busy=st.booleans(),
        ),
        unique_by=lambda one: one.staff,
    ),
    st.sampled_from([None, "fi", "sv", "en"]),
)
def test_everybody_is_rung_once_and_never_somebody_else(people: list[Candidate], language: str | None) -> None:
    order = [name for rung in rungs(*people, language=language) for name in rung]
    assert sorted(order) == sorted(one.staff for one in people)
