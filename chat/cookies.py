"""The one cookie of a conversation: from Start to its end, never before and never after.

`__Host-` (RFC 6265bis, section 4.1.3.2) needs https; over plain http, in development, Chromium accepts it only on
localhost, so the name is another one there. No Max-Age: the browser forgets it when it closes.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from chat.public_facts import PublicFacts


def cookie_name(facts: PublicFacts) -> str:
    """The name in this deployment."""
    return "__Host-talk" if facts.secure else "talk"


def read_token(connection: HTTPConnection, facts: PublicFacts) -> str | None:
    """The token the browser sent, or None. It proves nothing yet."""
    return connection.cookies.get(cookie_name(facts)) or None


def hand_out_token(response: Response, token: str, facts: PublicFacts) -> None:
    """Set the cookie for the rest of this browser session."""
    response.set_cookie(
        cookie_name(facts), token, path="/", httponly=True, samesite="strict", secure=facts.secure, max_age=None
    )


def take_back_token(response: Response, facts: PublicFacts) -> None:
    """Delete the cookie in the browser. Attributes must equal those it was set with."""
    response.delete_cookie(cookie_name(facts), path="/", httponly=True, samesite="strict", secure=facts.secure)
