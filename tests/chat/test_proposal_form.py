"""The form for professionals, as plain values."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.contact_form import LONGEST_MESSAGE, How, Unreadable, call_back_of
from chat.proposal_form import (
    LONGEST_REACH,
    PROPOSAL_FIELDS,
    Lack,
    TypedProposal,
    codes_of,
    lacks,
    proposal_of,
    typed_proposal,
)
from contacts.contact import Answer
from contacts.words import Words

PARTIES = ("shelter", "police")


def posted(**changed: str) -> dict[str, str]:
    fields = {"page": str(uuid.uuid4()), "website": "", "party": "shelter", "message": "A home", "agreed": "yes"}
    return fields | {"reach": "Aino, 029 000 0000"} | changed


def read(**changed: str) -> TypedProposal:
    return typed_proposal(posted(**changed), ("fi", "en"), PARTIES, "en")


def test_a_whole_form_lacks_nothing() -> None:
    assert lacks(read()) == {}


def test_everything_is_required_and_told_in_the_order_of_the_page() -> None:
    empty = TypedProposal(page="", language="en")
    assert tuple(lacks(empty)) == PROPOSAL_FIELDS
    assert list(lacks(empty).values()) == [Lack.NO_PARTY, Lack.NO_NEED, Lack.NO_REACH, Lack.NOT_AGREED]


def test_nothing_is_sent_unless_the_person_has_agreed() -> None:
    fields = posted()
    del fields["agreed"]
    assert lacks(typed_proposal(fields, ("en",), PARTIES, "en")) == {"agreed": Lack.NOT_AGREED}


def test_what_is_too_long_or_filled_in_by_a_program_is_told() -> None:
    form = read(message="x" * (LONGEST_MESSAGE + 1), reach="x" * (LONGEST_REACH + 1), website="spam")
    assert lacks(form) == {
        "message": Lack.TOO_LONG,
        "reach": Lack.REACH_TOO_LONG,
        "website": Lack.FILLED_BY_PROGRAM,
    }


@pytest.mark.parametrize("changed", [{"page": "x"}, {"party": "friend"}])
def test_what_no_page_of_ours_sends_is_not_read(changed: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read(**changed)
    with pytest.raises(Unreadable):
        typed_proposal(posted(), ("fi",), PARTIES, "en")


@pytest.mark.parametrize(("reach", "how"), [("a@b.example", How.EMAIL), ("029 000 0000", How.TELEPHONE)])
def test_how_to_reach_the_professional_is_sealed_apart(reach: str, how: How) -> None:
    message = proposal_of(read(reach=reach), heading="Proposal")
    assert message.words.reveal() == "Proposal\n\nA home"
    assert message.call_back is not None
    assert (call_back_of(message.call_back).how, call_back_of(message.call_back).address) == (how, reach)
    assert message.answer is Answer.WANTED


def test_its_codes_are_those_of_the_record() -> None:
    assert codes_of(read()) == {"who": ("professional",), "party": ("shelter",), "topic": ("how_to_refer",)}


@given(st.text(), st.text())
def test_no_text_breaks_it_and_none_is_shown_by_accident(message: str, reach: str) -> None:
    form = TypedProposal(page="", language="fi", message=Words(message), reach=Words(reach))
    lacks(form)
    assert len(message) < 12 or message not in repr(form)
