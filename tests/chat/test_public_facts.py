import pytest

from chat.public_facts import origin_of
from tests.chat.visitor_site import facts


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Help.Example/fi?x=1", "https://help.example"),
        ("https://help.example:443", "https://help.example"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://help.example:80", "http://help.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://äpple.example", "https://xn--pple-koa.example"),
    ],
)
def test_an_origin_is_written_as_a_browser_writes_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["", "help.example", "ftp://help.example", "https://", "javascript:alert(1)"])
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        origin_of(url)


@pytest.mark.parametrize("fact", ["name", "phone_display", "phone_tel", "emergency", "languages"])
def test_a_page_without_its_facts_is_refused(fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        facts(**{fact: "" if fact != "languages" else ()})


def test_leave_may_not_lead_back_to_us() -> None:
    with pytest.raises(ValueError, match="neutral_url"):
        facts(neutral_url="https://help.example:8443/news")


def test_the_socket_has_the_origin_of_the_page() -> None:
    assert facts().socket_origin == "wss://help.example"
    assert facts(public_url="http://localhost:8000", secure=False).socket_origin == "ws://localhost:8000"


def test_a_form_may_be_redirected_to_the_neutral_site_with_and_without_www() -> None:
    assert facts().neutral_origins == ("https://www.weather.example", "https://weather.example")
    assert facts(neutral_url="https://weather.example/x").neutral_origins == (
        "https://weather.example",
        "https://www.weather.example",
    )
