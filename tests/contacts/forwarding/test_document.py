"""What receivers read, in three languages, of everything that may be sent."""

from itertools import product
from typing import Literal, get_args

import pytest
from msgspec.structs import replace

from contacts.forwarding.document import Acted, Agreed, Cover, laid_out, notice_of_withdrawal, reference_of
from contacts.forwarding.document_words import WORDS, day_in_words
from contacts.forwarding.payload import Scope
from contacts.forwarding.typesetting import Document
from tests.contacts.forwarding.drafts import SERVICE, cover, payload

LANGUAGES: tuple[Literal["fi", "sv", "en"], ...] = ("fi", "sv", "en")


def text(document: Document) -> str:
    sections = [
        (section.heading, section.lead, *section.paragraphs, *(" ".join(row) for row in section.rows))
        for section in document.sections
    ]
    return "\n".join(
        (
            document.title,
            *(" ".join(row) for row in document.facts),
            *(line for section in sections for line in section),
        )
    )


def test_every_language_has_every_sentence() -> None:
    assert WORDS.keys() == set(LANGUAGES)
    assert len({frozenset(words) for words in WORDS.values()}) == 1


@pytest.mark.parametrize(("language", "scope"), list(product(LANGUAGES, Scope)))
def test_everything_agreed_to_is_on_the_pages(language: Literal["fi", "sv", "en"], scope: Scope) -> None:
    made = replace(payload(scope=scope), language=language)
    read = text(laid_out(made, cover()))
    for wanted in (
        "Paikkakunta Tampere",
        "Ikä 18-24",
        "Hakee turvaa.",
        "Majakka ry",
        "3F2A-91BC-77D0",
        made.purpose.text,
    ):
        assert wanted in read
    assert WORDS[language][scope] in read
    assert day_in_words("2026-12-06", language) in read
    assert "{" not in read


def test_without_details_and_summary_the_document_says_so() -> None:
    read = text(laid_out(replace(payload(), items=(), summary=""), cover()))
    assert WORDS["fi"]["no_details"] in read
    assert WORDS["fi"]["summary"] not in read


@pytest.mark.parametrize(
    ("giver", "how"),
    list(product(get_args(Agreed.__annotations__["giver"]), get_args(Agreed.__annotations__["how"]))),
)
def test_who_agreed_and_how_is_told(giver: Literal["self"], how: Literal["card"]) -> None:
    for language in LANGUAGES:
        permission = Agreed(giver=giver, how=how, on="2026-11-22")
        read = text(laid_out(replace(payload(), language=language), Cover(reference="X", permission=permission)))
        assert WORDS[language][how] in read
        assert day_in_words("2026-11-22", language) in read


def test_an_emergency_tells_its_ground_and_no_consent() -> None:
    for reason, basis in product(get_args(Acted.__annotations__["reason"]), get_args(Acted.__annotations__["basis"])):
        permission = Acted(reason=reason, basis=basis, on="2026-11-22")
        read = text(laid_out(payload(scope=Scope.EMERGENCY), Cover(reference="X", permission=permission)))
        assert WORDS["fi"][reason] in read
        assert WORDS["fi"][basis] in read
        assert payload().purpose.text not in read


def test_a_notice_names_the_reference_and_nobody() -> None:
    made = notice_of_withdrawal(
        language="sv", sender=SERVICE, receiver=payload().receiver, reference="3F2A", withdrawn_on="2026-11-25"
    )
    read = text(made)
    assert "3F2A" in read
    assert "25.11.2026" in read
    assert "Tampere" not in read


def test_a_reference_can_be_read_aloud() -> None:
    assert reference_of("3f2a91bc77d0aa55") == "3F2A-91BC-77D0"
