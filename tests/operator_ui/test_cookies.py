"""Cookies of staff."""

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import Response

from chat.public_facts import PublicFacts
from operator_ui.cookies import (
    hand_out_session,
    keep_language,
    read_language,
    read_session_token,
    session_cookie,
)
from tests.operator_ui.desk_site import facts

PLAIN = facts(public_url="http://localhost:8000", secure=False)


def asking(cookie: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def set_by(what: Callable[[Response], None]) -> list[str]:
    response = Response()
    what(response)
    return response.headers.getlist("set-cookie")


def test_the_name_carries_the_host_prefix_only_over_https() -> None:
    assert (session_cookie(facts()), session_cookie(PLAIN)) == ("__Host-desk", "desk")
    assert read_session_token(asking("desk=stolen"), facts()) is None
    assert read_session_token(asking("__Host-desk=abc"), facts()) == "abc"
    assert read_session_token(asking("__Host-desk="), facts()) is None


def test_over_plain_http_the_cookie_is_not_marked_secure() -> None:
    assert not any("Secure" in cookie for cookie in set_by(lambda answer: hand_out_session(answer, "t", PLAIN)))


def test_only_the_language_outlives_the_browser() -> None:
    def language(known: PublicFacts) -> list[str]:
        return set_by(lambda answer: keep_language(answer, "fi", known))

    assert "Max-Age=31536000" in language(facts())[0]
    assert read_language(asking("__Host-desk-language=fi"), facts()) == "fi"
    assert read_language(asking(""), facts()) is None
