import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.contact_form import (
    FORM_FIELDS,
    LONGEST_ADDRESS,
    LONGEST_MESSAGE,
    LONGEST_TIMES,
    MOST_TYPED,
    CallBack,
    How,
    Problem,
    Unreadable,
    Voice,
    call_back_of,
    message_of,
    problems,
    typed,
)
from contacts.contact import Answer, Urgency
from contacts.padding import LONGEST
from contacts.words import Words
from tests.chat.forms import filled, message, posted, with_answer

LANGUAGES = ("fi", "sv", "en")


def test_a_form_is_read_as_it_was_filled_in() -> None:
    fields = posted(how="email", address=" a@b.fi ", times="ma\r\nti", voice="no", urgent="yes", language="sv")
    form = typed(fields, LANGUAGES)
    assert (form.message, form.how, form.address, form.times) == (
        Words("Hello"), How.EMAIL, Words("a@b.fi"), Words("ma\nti"),
    )  # fmt: skip
    assert (form.voice, form.language, form.urgent, form.trap) == (Voice.NO, "sv", True, False)


def test_only_the_message_is_needed() -> None:
    fields = posted()
    for optional in ("website", "address", "times", "voice"):
        del fields[optional]
    form = typed(fields, LANGUAGES)
    assert problems(form) == {}
    sent = message_of(form)
    assert (sent.call_back, sent.answer, sent.urgency) == (None, Answer.UNSAID, Urgency.ORDINARY)


@pytest.mark.parametrize(
    "changed",
    [{"page": "7"}, {"page": ""}, {"language": "de"}, {"language": ""}, {"how": "pigeon"}, {"voice": "perhaps"}],
)
def test_what_no_page_of_ours_sends_is_not_read(changed: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        typed(posted(**changed), LANGUAGES)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"message": Words("")}, {"message": Problem.BLANK}),
        ({"message": Words("x" * LONGEST_MESSAGE)}, {}),
        ({"message": Words("x" * (LONGEST_MESSAGE + 1))}, {"message": Problem.TOO_LONG}),
        ({"address": Words("040 123 4567")}, {"how": Problem.NO_WAY}),
        ({"how": How.TELEPHONE}, {"address": Problem.NO_TELEPHONE}),
        ({"how": How.EMAIL}, {"address": Problem.NO_EMAIL}),
        ({"how": How.TELEPHONE, "address": Words("a@b.fi")}, {"address": Problem.NOT_A_TELEPHONE}),
        ({"how": How.TELEPHONE, "address": Words("+358 40 12")}, {}),
        ({"how": How.TELEPHONE, "address": Words("٠١٢٣٤٥٦")}, {}),
        ({"how": How.EMAIL, "address": Words("040 123 4567")}, {"address": Problem.NOT_AN_EMAIL}),
        ({"how": How.EMAIL, "address": Words("a@")}, {"address": Problem.NOT_AN_EMAIL}),
        ({"how": How.EMAIL, "address": Words("@b")}, {"address": Problem.NOT_AN_EMAIL}),
        ({"how": How.EMAIL, "address": Words("a@b")}, {}),
        ({"how": How.NOT_AT_ALL}, {}),
        ({"how": How.NOT_AT_ALL, "address": Words("a" * (LONGEST_ADDRESS + 1))}, {"address": Problem.ADDRESS_TOO_LONG}),
        ({"times": Words("x" * (LONGEST_TIMES + 1))}, {"times": Problem.TIMES_TOO_LONG}),
        ({"trap": True}, {"website": Problem.FILLED_BY_PROGRAM}),
    ],
)
def test_what_is_wrong_is_said_of_its_field(changed: dict[str, Any], wrong: dict[str, Problem]) -> None:
    assert problems(filled(**{"text": "hei", **changed})) == wrong


def test_everything_wrong_is_said_at_once_in_the_order_of_the_page() -> None:
    form = filled("", how=How.EMAIL, times=Words("x" * 301), trap=True)
    assert list(problems(form)) == ["message", "address", "times", "website"]
    assert set(FORM_FIELDS) >= {"message", "how", "address", "times"}


def test_how_to_answer_is_sealed_apart_and_comes_back() -> None:
    sent = with_answer()
    assert sent.call_back is not None
    assert call_back_of(sent.call_back) == CallBack(
        how=How.TELEPHONE, address="+358 40 123", times="ma 10-12", voice=Voice.NO
    )
    assert sent.answer is Answer.WANTED


def test_who_does_not_want_to_be_contacted_leaves_no_address_with_us() -> None:
    sent = message(how=How.NOT_AT_ALL, address=Words("040 123 4567"))
    assert (sent.call_back, sent.answer) == (None, Answer.UNWANTED)
    with_times = message(how=How.NOT_AT_ALL, address=Words("040 123 4567"), times=Words("never"))
    assert with_times.call_back is not None
    assert "040" not in with_times.call_back.reveal()


def test_safe_times_alone_are_kept() -> None:
    sent = message(times=Words("ma"))
    assert sent.call_back is not None
    assert (call_back_of(sent.call_back).times, sent.answer) == ("ma", Answer.UNSAID)


def test_anything_else_is_not_how_to_answer() -> None:
    for text in ("", "{}", '{"how":"pigeon","address":"","times":"","voice":""}'):
        with pytest.raises(ValueError, match="not how to answer"):
            call_back_of(Words(text))


def test_no_words_show_in_what_may_be_logged() -> None:
    form = filled("kanarialintu", how=How.EMAIL, address=Words("lintu@b.fi"), times=Words("lintuaika"))
    sent = message_of(form)
    assert sent.call_back is not None
    assert "lintu" not in repr((form, sent, call_back_of(sent.call_back)))


def test_the_longest_of_everything_fits_where_it_is_sealed_and_in_a_request() -> None:
    widest = "\N{GRINNING FACE}"
    longest = message(
        widest * LONGEST_MESSAGE, how=How.EMAIL, address=Words(widest * 100 + "@" + widest * 99),
        times=Words('"' * LONGEST_TIMES),
    )  # fmt: skip
    assert longest.call_back is not None
    assert len(longest.words.reveal().encode()) <= LONGEST
    assert len(longest.call_back.reveal().encode()) <= LONGEST
    assert MOST_TYPED * 9 + (2 * LONGEST_ADDRESS + 2 * LONGEST_TIMES) * 9 < 64 * 1024 - 500


names = st.sampled_from(["page", "message", "how", "address", "times", "voice", "language", "urgent", "website", "x"])
values = st.one_of(
    st.text(max_size=50),
    st.text(string.printable, max_size=5000),
    st.sampled_from(
        ["telephone", "email", "not_at_all", "yes", "no", "fi", "en", "", "a@b", "12345", posted()["page"]]
    ),
)


@given(st.dictionaries(names, values))
def test_whatever_is_posted_is_read_refused_or_unreadable_and_nothing_else(fields: dict[str, str]) -> None:
    try:
        form = typed(fields, LANGUAGES)
    except Unreadable:
        return
    wrong = problems(form)
    assert set(wrong) <= {*FORM_FIELDS, "website"}
    assert form.message.reveal() == fields.get("message", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not wrong:
        assert_can_be_read(message_of(form).call_back)


@given(st.dictionaries(names, values))
def test_a_form_from_our_page_never_loses_what_was_typed(fields: dict[str, str]) -> None:
    form = typed({**posted(), **fields, "page": posted()["page"], "language": "fi", "how": "", "voice": ""}, LANGUAGES)
    for name, kept in (("message", form.message), ("address", form.address), ("times", form.times)):
        if name in fields:
            assert kept.reveal().split() == fields[name].split()


def assert_can_be_read(call_back: Words | None) -> None:
    """Sealed words that an operator will be able to read."""
    if call_back is not None:
        said = call_back_of(call_back)
        assert said.address or said.times or said.voice
