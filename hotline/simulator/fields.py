"""What the provider sends with every report: the real set of fields, filled with made-up values, and signed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.simulator.legs import Leg

_PLACES = ("City", "Country", "State", "Zip")


def fields_of(leg: "Leg", account: str) -> dict[str, str]:
    """About thirty fields; most are what we must never keep."""
    fields = {
        "AccountSid": account,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": leg.status,
        "CallToken": "%7B%22parentCallInfoToken%22%3A%22" + leg.sid + "%22%7D",
        "Called": leg.to,
        "Caller": leg.origin,
        "Direction": leg.direction,
        "From": leg.origin,
        "StirVerstat": "TN-Validation-Passed-A",
        "To": leg.to,
    }
    for who in ("Called", "Caller", "From", "To"):
        fields |= {
            f"{who}{place}": {"Country": "FI", "City": "KEMI", "Zip": "94100"}.get(place, "") for place in _PLACES
        }
    if leg.direction == "inbound":
        fields |= {
            "CallerName": "A NAME THE CARRIER KNOWS",
            "ForwardedFrom": leg.origin,
            "SipHeader_X-Trace": leg.origin,
        }
    if leg.parent is not None:
        fields["ParentCallSid"] = leg.parent.sid
    return fields


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """As documented: the address, then every field by name and value, names sorted bytewise."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
