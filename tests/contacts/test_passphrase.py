import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.passphrase import NotRecoveryWords, new_code, normalised, normalised_code
from contacts.words import Words
from tests.contacts.installation import WORD_LIST


def test_a_passphrase_is_six_words_of_the_list() -> None:
    words = WORD_LIST.passphrase().reveal().split(" ")
    assert len(words) == 6
    assert normalised(" ".join(words)) == " ".join(words)


def test_no_two_passphrases_are_alike() -> None:
    assert len({WORD_LIST.passphrase() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "typed", ["Apple  Banana", " apple\tbanana\n", "APPLE-BANANA", "apple\u00a0banana", "ａpple banana"]
)
def test_case_and_spaces_do_not_matter(typed: str) -> None:
    assert normalised(typed) == "apple banana"


def test_nobody_makes_us_normalise_a_novel() -> None:
    assert len(normalised("a" * 1_000_000)) == 400


@given(st.binary(min_size=32, max_size=32))
def test_recovery_words_give_back_their_seed(seed: bytes) -> None:
    words = WORD_LIST.recovery_words(seed)
    assert len(words.reveal().split()) == 24
    assert WORD_LIST.recovery_seed(Words(words.reveal().upper())) == seed


def test_a_seed_of_another_size_has_no_words() -> None:
    with pytest.raises(ValueError, match="32"):
        WORD_LIST.recovery_words(b"short")


def test_a_slip_of_the_pen_is_noticed() -> None:
    words = WORD_LIST.recovery_words(bytes(range(32))).reveal().split()
    for wrong in (["notaword", *words[1:]], words[:-1], [*words, "abandon"], [words[1], words[0], *words[2:]], []):
        with pytest.raises(NotRecoveryWords):
            WORD_LIST.recovery_seed(Words(" ".join(wrong)))


def test_an_enrolment_code_may_be_typed_with_or_without_hyphens() -> None:
    code = new_code().reveal()
    assert len(code) == 23
    assert normalised_code(code) == normalised_code(code.upper().replace("-", " ")) == code.replace("-", "")
