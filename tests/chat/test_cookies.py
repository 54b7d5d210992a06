from starlette.responses import Response

from chat.cookies import cookie_name, hand_out_token, take_back_token
from tests.chat.visitor_site import facts

PLAIN = facts(public_url="http://localhost:8000", secure=False)


def test_over_https_the_cookie_belongs_to_this_host_alone_and_ends_with_the_browser() -> None:
    response = Response()
    hand_out_token(response, "secret", facts())
    assert response.headers["set-cookie"] == "__Host-talk=secret; HttpOnly; Path=/; SameSite=strict; Secure"


def test_over_plain_http_in_development_it_has_another_name() -> None:
    response = Response()
    hand_out_token(response, "secret", PLAIN)
    assert cookie_name(PLAIN) == "talk"
    assert response.headers["set-cookie"] == "talk=secret; HttpOnly; Path=/; SameSite=strict"


def test_a_cookie_taken_back_is_expired_with_the_attributes_it_was_given() -> None:
    response = Response()
    take_back_token(response, facts())
    cookie = response.headers["set-cookie"]
    assert cookie.startswith('__Host-talk="";')
    for attribute in ("Max-Age=0", "Path=/", "Secure", "HttpOnly", "SameSite=strict"):
        assert attribute in cookie
