import re
from collections.abc import Iterable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.organisation_pages import organisation_routes
from chat.page_builder import BUDGET, View, compressed
from contacts.organisations.organisation import Entry
from duty.availability import Availability, State
from tests.chat.places_to_turn import HARBOUR, ISLAND, organisations
from tests.chat.visitor_site import NOW, ORIGIN, PAGE, facts

LANGUAGES = ("fi", "sv", "en")


def page(language: str, entries: Iterable[Entry] = (ISLAND, HARBOUR)) -> str:
    return PAGE.organisations(language, entries).html


def browser() -> TestClient:
    routes = organisation_routes(listed=organisations, page=PAGE, facts=facts())
    return TestClient(Starlette(routes=routes), base_url=ORIGIN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_a_page_of_ours_in_every_language(language: str) -> None:
    answer = browser().get(f"/{language}/organisations")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for mark in ('id="leave"', 'href="tel:112"', f'lang="{language}"', 'href="/sv/organisations"'):
        assert mark in answer.text


def test_there_is_no_list_in_a_language_we_do_not_have() -> None:
    assert browser().get("/de/organisations").status_code == 404


def test_a_list_that_cannot_be_read_is_a_page_with_the_telephone() -> None:
    async def away() -> list[Entry]:
        raise OSError

    routes = organisation_routes(listed=away, page=PAGE, facts=facts())
    answer = TestClient(Starlette(routes=routes), base_url=ORIGIN).get("/en/organisations")
    assert answer.status_code == 503
    assert "tel:" in answer.text


def test_those_who_serve_the_readers_language_come_first() -> None:
    assert re.findall(r"<h2[^>]*>([^<]+)", page("en"))[0] == "Harbour House"
    assert re.findall(r"<h2[^>]*>([^<]+)", page("sv"))[1] == "Satamatalo ry"


def test_a_card_says_how_to_reach_them_and_never_where_we_write_to() -> None:
    text = page("en")
    for said in ('href="tel:+35890000000"', 'href="tel:116000"', "A safe place to stay.\nWe can fetch you.", "Every day",
                 '<bdi lang="so">', 'href="https://www.satamatalo.example/apua" rel="noreferrer noopener"',
                 ">satamatalo.example<"):  # fmt: skip
        assert said in text
    assert "secret-address" not in text


def test_what_is_missing_in_a_language_is_said_in_another_and_marked_as_such() -> None:
    text = page("en")
    assert '<p lang="sv" dir="auto" class="kept">Råd &amp; stöd.</p>' in text
    assert "Abo &lt;b&gt;Hjälp&lt;/b&gt;" in text


def test_without_organisations_the_telephone_is_what_helps() -> None:
    assert "There is no list now. Call us" in page("en", [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_forty_organisations_are_within_the_budget(language: str) -> None:
    assert len(compressed(page(language, [HARBOUR, ISLAND] * 20))) <= BUDGET


@pytest.mark.parametrize("state", State)
def test_the_first_page_leads_to_the_list_also_when_the_chat_is_closed(state: State) -> None:
    start = PAGE.visitor("en", View.START, Availability(state), NOW).html
    before, shown, _ = start.partition('href="/en/organisations"')
    assert shown
    assert before.rindex('data-view="start"') > before.rindex("<main")


def test_the_first_screen_of_the_list_does_not_say_what_it_is_about() -> None:
    for language in LANGUAGES:
        assert not re.search(
            "trafficking|victim|ihmiskau|uhri|människoh|offer", page(language, []).partition("<script")[0]
        )
