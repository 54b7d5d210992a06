"""Cookies of staff: the session, and the language of the pages.

`__Host-` (RFC 6265bis, section 4.1.3.2) needs https; over plain http, in development, Chromium accepts it only on
localhost, so the names are others there. The session has no Max-Age: the browser forgets it when it closes.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from chat.public_facts import PublicFacts

_YEAR_SECONDS = 365 * 24 * 3600


def session_cookie(facts: PublicFacts) -> str:
    """Name of the session's cookie in this deployment."""
    return _name("desk", facts)


def read_session_token(connection: HTTPConnection, facts: PublicFacts) -> str | None:
    """The token the browser sent, or None. It proves nothing yet."""
    return connection.cookies.get(session_cookie(facts)) or None


def hand_out_session(response: Response, token: str, facts: PublicFacts) -> None:
    """Set the session's cookie for the rest of this browser session."""
    _set(response, session_cookie(facts), token, facts)


def take_back_session(response: Response, facts: PublicFacts) -> None:
    """Delete the session's cookie in the browser."""
    _delete(response, session_cookie(facts), facts)


def read_language(connection: HTTPConnection, facts: PublicFacts) -> str | None:
    """The language chosen on this device, unchecked."""
    return connection.cookies.get(_name("desk-language", facts)) or None


def keep_language(response: Response, language: str, facts: PublicFacts) -> None:
    """Remember the chosen language on this device for a year."""
    _set(response, _name("desk-language", facts), language, facts, max_age=_YEAR_SECONDS)


def _name(plain: str, facts: PublicFacts) -> str:
    return f"__Host-{plain}" if facts.secure else plain


def _set(response: Response, name: str, value: str, facts: PublicFacts, *, max_age: int | None = None) -> None:
    response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=facts.secure, max_age=max_age)


def _delete(response: Response, name: str, facts: PublicFacts) -> None:
    response.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=facts.secure)
