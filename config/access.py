"""Who may ask for what: one line for every address of the house. `tests/whole/test_access.py` fails for one without.

Adding a route? Add its line to `ACCESS`: ("METHOD", "path as in the Route") -> who is let in. A socket's method is "SOCKET".
For everybody not named the address must answer as if nothing were there: 404, 401 or 403, or the way to the sign-in page.
Two kinds of people come with an address that has `{contact}` in its path: `OWNER`, the operator whose contact it is, and
`OPERATOR`, any other. Where an address looks at its body before it asks whose contact it is, or names something else that
has to exist, put what it needs into `SAMPLES` of the test.
"""

from enum import StrEnum
from typing import Final


class Who(StrEnum):
    """Kinds of people, as the matrix asks for each of them."""

    SIGNED_OUT = "signed_out"
    VISITOR = "visitor"
    """Somebody who is chatting: with a visitor's cookie, and without a session of staff."""
    ADMIN = "admin"
    ANALYST = "analyst"
    OPERATOR = "operator"
    OWNER = "owner"
    LEAD = "lead"


ANYBODY: Final = frozenset(Who)
STAFF: Final = frozenset({Who.ADMIN, Who.ANALYST, Who.OPERATOR, Who.OWNER, Who.LEAD})
ANSWERING: Final = frozenset({Who.OPERATOR, Who.OWNER, Who.LEAD})
COUNTING: Final = frozenset({Who.ANALYST, Who.LEAD})
LEADS: Final = frozenset({Who.LEAD})
OWNER: Final = frozenset({Who.OWNER})
OWNER_AND_LEADS: Final = OWNER | LEADS
VISITORS: Final = frozenset({Who.VISITOR})
#: Machines with a token of their own; nobody of ours.
TOKEN: Final = frozenset[Who]()

Access = dict[tuple[str, str], frozenset[Who]]

ACCESS: Final[Access] = {
    # The visitor's door: open to everybody, also to staff. What is behind a cookie of a chat says so.
    ("SOCKET", "/socket"): VISITORS,
    ("GET", "/"): ANYBODY,
    ("GET", "/status.json"): ANYBODY,
    ("POST", "/x"): ANYBODY,
    ("GET", "/{lang}"): ANYBODY,
    ("GET", "/{lang}/status"): ANYBODY,
    ("POST", "/{lang}/start"): ANYBODY,
    ("POST", "/{lang}/continue"): ANYBODY,
    ("POST", "/{lang}/end"): ANYBODY,
    ("GET", "/{lang}/composer"): ANYBODY,
    ("POST", "/{lang}/say"): ANYBODY,
    ("POST", "/{lang}/answer"): ANYBODY,
    ("POST", "/{lang}/consent"): ANYBODY,
    ("GET", "/{lang}/stream"): ANYBODY,
    ("GET", "/{lang}/new"): ANYBODY,
    ("GET", "/{lang}/write"): ANYBODY,
    ("POST", "/{lang}/write"): ANYBODY,
    ("GET", "/{lang}/received"): ANYBODY,
    ("GET", "/{lang}/organisations"): ANYBODY,
    ("GET", "/{lang}/professionals"): ANYBODY,
    ("POST", "/{lang}/professionals"): ANYBODY,
    ("GET", "/{lang}/confidentiality"): ANYBODY,
    ("GET", "/{lang}/accessibility"): ANYBODY,
    # Machines
    ("GET", "/health"): ANYBODY,
    ("GET", "/audit/head"): TOKEN,
    # Coming and going
    ("GET", "/desk/static/{version}/{name:path}"): ANYBODY,
    ("GET", "/desk/sign-in"): ANYBODY,
    ("POST", "/desk/sign-in"): ANYBODY,
    ("POST", "/desk/sign-out"): ANYBODY,
    ("GET", "/desk/enrol"): ANYBODY,
    ("POST", "/desk/enrol"): ANYBODY,
    # The desk
    ("SOCKET", "/desk/socket"): STAFF,
    ("GET", "/desk"): ANSWERING,
    ("POST", "/desk/lock"): STAFF,
    ("POST", "/desk/unlock"): STAFF,
    ("GET", "/desk/here"): ANSWERING,
    # One contact: its operator
    ("GET", "/desk/contacts/{contact}/notes"): OWNER,
    ("POST", "/desk/contacts/{contact}/notes"): OWNER,
    ("GET", "/desk/contacts/{contact}/record"): OWNER,
    ("POST", "/desk/contacts/{contact}/record"): OWNER,
    ("GET", "/desk/contacts/{contact}/consents"): OWNER,
    ("POST", "/desk/contacts/{contact}/wish"): OWNER,
    ("POST", "/desk/contacts/{contact}/asks/draft"): OWNER,
    ("POST", "/desk/contacts/{contact}/asks"): OWNER,
    ("POST", "/desk/contacts/{contact}/asks/{ask}/answer"): OWNER,
    ("POST", "/desk/contacts/{contact}/asks/{ask}/cancel"): OWNER,
    ("POST", "/desk/contacts/{contact}/asks/{ask}/consent"): OWNER,
    ("POST", "/desk/contacts/{contact}/consents/{consent}/withdraw"): OWNER,
    ("GET", "/desk/contacts/{contact}/emergency"): OWNER,
    ("POST", "/desk/contacts/{contact}/emergency"): OWNER,
    ("GET", "/desk/contacts/{contact}/forwardings"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/spoken"): OWNER,
    ("GET", "/desk/contacts/{contact}/forwardings/preview/{permission}"): OWNER,
    ("GET", "/desk/contacts/{contact}/forwardings/preview/{permission}/pdf"): OWNER,
    ("GET", "/desk/contacts/{contact}/forwardings/to-tell/{permission}"): OWNER,
    ("GET", "/desk/contacts/{contact}/forwardings/{forwarding}/told-to"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/download"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/take-back"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/again"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/did-not-arrive"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/reported"): OWNER,
    ("POST", "/desk/contacts/{contact}/forwardings/{forwarding}/notice-told"): OWNER,
    ("GET", "/desk/records"): ANSWERING,
    ("GET", "/desk/codes/{language}"): ANSWERING,
    ("GET", "/desk/forms/{contact}"): OWNER,
    ("POST", "/desk/forms/{contact}/take"): ANSWERING,
    ("POST", "/desk/forms/{contact}/put-back"): OWNER,
    ("POST", "/desk/forms/{contact}/dealt-with"): OWNER,
    # Calls: whoever answers may answer, and take one that nobody answered; the rest is its operator's
    ("GET", "/desk/call-parties"): ANSWERING,
    ("POST", "/desk/calls/{contact}/answer"): ANSWERING,
    ("POST", "/desk/calls/{contact}/take"): ANSWERING,
    ("GET", "/desk/calls/{contact}/number"): OWNER,
    ("GET", "/desk/calls/{contact}/message"): OWNER,
    ("POST", "/desk/calls/{contact}/add"): OWNER,
    ("POST", "/desk/calls/{contact}/end"): OWNER,
    ("POST", "/desk/calls/{contact}/put-back"): OWNER,
    ("POST", "/desk/calls/{contact}/dealt-with"): OWNER,
    ("POST", "/desk/calls/{contact}/call-back"): OWNER,
    # Roster
    ("GET", "/desk/roster"): ANSWERING,
    ("POST", "/desk/roster"): ANSWERING,
    # Leads
    ("GET", "/desk/lead"): LEADS,
    ("GET", "/desk/lead/hours"): LEADS,
    ("POST", "/desk/lead/hours"): LEADS,
    ("GET", "/desk/lead/exceptions"): LEADS,
    ("POST", "/desk/lead/exceptions"): LEADS,
    ("GET", "/desk/lead/preview"): LEADS,
    ("POST", "/desk/lead/preview"): LEADS,
    ("GET", "/desk/lead/shift"): LEADS,
    ("POST", "/desk/lead/shift"): LEADS,
    ("GET", "/desk/lead/absence"): LEADS,
    ("POST", "/desk/lead/absence"): LEADS,
    ("GET", "/desk/lead/coverage"): LEADS,
    ("GET", "/desk/lead/organisations"): LEADS,
    ("GET", "/desk/lead/organisations/organisations.json"): LEADS,
    ("GET", "/desk/lead/organisations/import"): LEADS,
    ("POST", "/desk/lead/organisations/import"): LEADS,
    ("GET", "/desk/lead/organisations/{organisation}"): LEADS,
    ("POST", "/desk/lead/organisations/{organisation}"): LEADS,
    ("GET", "/desk/lead/wordings"): LEADS,
    ("GET", "/desk/lead/wordings/{purpose}/{wording}"): LEADS,
    ("POST", "/desk/lead/wordings/{purpose}/{wording}"): LEADS,
    ("GET", "/desk/lead/telephone"): LEADS,
    ("POST", "/desk/lead/telephone"): LEADS,
    ("GET", "/desk/lead/telephone/provider"): LEADS,
    ("POST", "/desk/lead/telephone/provider"): LEADS,
    ("GET", "/desk/lead/interpreters"): LEADS,
    ("POST", "/desk/lead/interpreters"): LEADS,
    ("GET", "/desk/lead/minors"): LEADS,
    ("POST", "/desk/lead/minors"): LEADS,
    ("GET", "/desk/lead/emergencies"): LEADS,
    ("POST", "/desk/lead/emergencies"): LEADS,
    ("GET", "/desk/lead/audit"): LEADS,
    ("GET", "/desk/lead/live"): LEADS,
    ("GET", "/desk/lead/live/{contact}"): LEADS,
    ("POST", "/desk/lead/live/{contact}"): LEADS,
    ("GET", "/desk/lead/retention"): LEADS,
    ("POST", "/desk/lead/retention"): LEADS,
    ("GET", "/desk/proposals"): ANSWERING,
    ("GET", "/desk/proposals/{proposal}"): ANSWERING,
    ("POST", "/desk/proposals/{proposal}"): ANSWERING,
    ("GET", "/desk/lead/statistics"): LEADS,
    ("POST", "/desk/lead/statistics"): LEADS,
    ("GET", "/desk/reviews"): COUNTING,
    ("GET", "/desk/reviews/{period}"): COUNTING,
    ("POST", "/desk/reviews/{period}"): COUNTING,
    ("GET", "/desk/reviews/{period}/files/{release}"): COUNTING,
    ("GET", "/desk/lead/operations"): LEADS,
    ("GET", "/desk/closed"): ANSWERING,
    ("GET", "/desk/closed/{contact}"): ANSWERING,
    ("POST", "/desk/closed/{contact}"): ANSWERING,
    ("GET", "/desk/closed/{contact}/erase"): OWNER_AND_LEADS,
    ("POST", "/desk/closed/{contact}/erase"): OWNER_AND_LEADS,
}
