import re
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from chat import bundle
from chat.page_builder import BUDGET, LEAVE_WORDS, TALK_WORDS, Notice, PageTooHeavy, Statement, View, compressed
from chat.sentences import LINE_KEYS
from duty.availability import Availability, State
from tests.chat.visitor_site import NOW, PAGE, SENTENCES, facts, visitor_page

OPEN = Availability(State.open, frozenset({"fi", "en"}), NOW + timedelta(hours=2), ZoneInfo("Europe/Helsinki"))
LANGUAGES = ("fi", "sv", "en")


def html(view: View = View.START, language: str = "en", availability: Availability = OPEN) -> str:
    return PAGE.visitor(language, view, availability, NOW).html


class Reader(HTMLParser):
    """Collects visible text and the elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._silent = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._silent = self._silent and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else data


def hidden(text: str) -> dict[str, bool]:
    """View -> whether its part of the document is hidden."""
    return {str(at["data-view"]): "hidden" in at for _, at in Reader(text).elements if "data-view" in at}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", View)
def test_every_document_is_within_the_budget(language: str, view: View) -> None:
    assert len(compressed(html(view, language))) <= BUDGET


def test_every_page_is_made_before_anybody_is_served() -> None:
    PAGE.weigh()


def test_a_page_over_the_budget_is_not_served() -> None:
    with pytest.raises(PageTooHeavy, match=r"start in 'fi' weighs \d+ bytes"):
        visitor_page(facts(name="".join(chr(0x4E00 + (n * n) % 20000) for n in range(9000)))).weigh()


def test_the_script_is_the_same_in_all_languages_and_named_in_the_policy() -> None:
    documents = [PAGE.visitor(language, View.START, OPEN, NOW) for language in LANGUAGES]
    scripts = {re.findall(r"<script>(.*?)</script>", document.html, re.DOTALL)[0] for document in documents}
    assert scripts == {bundle.script()}
    for document in documents:
        assert bundle.policy_hash(bundle.script()) in document.headers["content-security-policy"]
        assert bundle.policy_hash(bundle.style()) in document.headers["content-security-policy"]


@pytest.mark.parametrize("view", View)
def test_one_document_needs_no_second_request(view: View) -> None:
    for tag, attributes in Reader(html(view)).elements:
        if tag == "iframe":
            continue  # the frames without JavaScript, which the script removes
        assert "src" not in attributes
        if tag == "link":
            assert str(attributes["href"]).startswith("data:")


@pytest.mark.parametrize("view", View)
def test_exactly_the_asked_view_is_shown(view: View) -> None:
    shown = [name for name, is_hidden in hidden(html(view)).items() if not is_hidden]
    assert shown == [view.value]


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("language", LANGUAGES)
def test_telephone_emergency_language_and_leave_stand_in_every_view_in_the_same_order(
    view: View, language: str
) -> None:
    text = html(view, language)
    marks = ['class="langs"', 'id="leave"', 'href="tel:+358800123456"', 'href="tel:112"', "<h1>"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_leave_is_the_second_stop_of_the_keyboard() -> None:
    stops = [(tag, at) for tag, at in Reader(html()).elements if tag in {"a", "button", "summary", "input"}]
    assert stops[0] == ("a", {"class": "skip", "href": "#main"})
    assert stops[1] == ("button", {"class": "skip", "form": "leave"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_does_not_say_what_it_is_about_to_somebody_looking(language: str) -> None:
    text = Reader(html(View.START, language)).text.lower()
    for word in ("victim", "traffick", "uhri", "ihmiskaup", "människohandel", "brottsoffer"):
        assert word not in text
    assert "<title>Saarnilinja</title>" in html(View.START, language)


def test_the_card_before_start_has_at_most_sixty_words() -> None:
    card = html().split("<h2>Before you start</h2>")[1].split("</div>")[0]
    assert len(re.sub(r"<[^>]+>", " ", card).split()) + 3 <= 60


@pytest.mark.parametrize("state", State)
def test_start_is_offered_exactly_when_somebody_can_be_admitted(state: State) -> None:
    availability = Availability(state, frozenset({"fi"}))
    form = next(at for tag, at in Reader(html(availability=availability)).elements if at.get("id") == "start")
    call = next(at for tag, at in Reader(html(availability=availability)).elements if at.get("id") == "call")
    assert ("hidden" not in form) is availability.admits
    assert ("hidden" not in call) is not availability.admits
    assert SENTENCES.availability("en", availability, NOW) in html(availability=availability)


def test_the_languages_of_those_present_are_named_in_themselves() -> None:
    assert '<bdi lang="fi">Suomi</bdi>, <bdi lang="en">English</bdi>' in html()
    assert "Languages in the chat now" not in html(availability=Availability(State.closed))


def test_the_script_finds_every_sentence_it_says() -> None:
    said = set(re.findall(r'sentence\("([a-z._]+)"', bundle.script()))
    states = {f"message.{state}" for state in ("sending", "received", "shown", "failed")}
    lines = set(LINE_KEYS.values())
    choices = set(re.findall(r'"((?:leave|line|gone|unserved)\.[a-z_]+)"', bundle.script()))
    wanted = {key for key in said | choices if not key.endswith(".")} | states | lines
    assert wanted == set(LEAVE_WORDS + TALK_WORDS)
    for key in wanted:
        assert f'data-key="{key}"' in html()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("statement", Statement)
def test_statements_have_leave_and_lead_back(language: str, statement: Statement) -> None:
    text = PAGE.statement(language, statement).html
    assert 'id="leave"' in text
    assert f'href="/{language}"' in text
    assert f'href="/fi/{statement}"' in text


def test_the_confidentiality_page_says_the_exception_and_how_long_things_are_kept() -> None:
    text = visitor_page(facts(transcript_days=45, record_months=6)).statement("en", Statement.CONFIDENTIALITY).html
    for said in ("without permission in an emergency", "45 days", "6 months", "not end-to-end encrypted"):
        assert said in text


def test_obstacles_are_reported_to_an_address_or_by_telephone() -> None:
    with_address = visitor_page(facts(feedback="access@help.example"))
    assert "mailto:access@help.example" in with_address.statement("en", Statement.ACCESSIBILITY).html
    assert "tel:" in PAGE.statement("en", Statement.ACCESSIBILITY).html.split("14 days")[0]


def test_a_fact_with_markup_in_it_stays_text() -> None:
    text = visitor_page(facts(name="<script>x</script>")).visitor("en", View.START, OPEN, NOW).html
    assert "<script>x" not in text


def test_a_notice_lists_the_languages() -> None:
    notice = PAGE.notice("en", Notice.NOT_FOUND, 404)
    assert notice.status == 404
    for language in LANGUAGES:
        assert f'href="/{language}"' in notice.html


def test_kept_text_comes_back_into_the_writing_frame_as_text() -> None:
    frame = PAGE.composer("en", "an-id", text="</textarea><b>", note="composer.too_long", status=409)
    assert "&lt;/textarea&gt;&lt;b&gt;" in frame.html
    assert frame.status == 409
    assert "2,000 characters" in frame.html
