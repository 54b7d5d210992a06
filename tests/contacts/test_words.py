import pickle

import pytest

from contacts.words import Words


def test_words_print_only_their_length() -> None:
    words = Words("salainen")
    assert f"{words} {words!r} {words!s}" == "Words(8) Words(8) Words(8)"


def test_words_inside_other_things_stay_hidden() -> None:
    assert "salainen" not in repr([{"said": Words("salainen")}])


def test_words_are_revealed_only_when_asked() -> None:
    assert Words("salainen").reveal() == "salainen"


def test_words_have_a_length() -> None:
    assert len(Words("kissa")) == 5


def test_equal_words_are_equal_and_hash_alike() -> None:
    assert Words("a") == Words("a")
    assert hash(Words("a")) == hash(Words("a"))
    assert Words("a") != Words("b")
    assert Words("a") != "a"


def test_words_are_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Words("salainen"))
