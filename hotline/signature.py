"""Whether a report really comes from the provider.

Its signature covers the address and every field, so that an altered field, or a report of one route sent to another, does
not verify. The address is the configured public base with path and query as received: never `Host` or `X-Forwarded-*`,
which anybody may send. Two tokens are accepted while one replaces the other.
"""

from collections.abc import Sequence

from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

HEADER = "x-twilio-signature"


class Signature:
    """Checks signatures. `tokens`: the account's token, and during a rotation the other one."""

    def __init__(self, *, tokens: Sequence[str], base: str) -> None:
        if not tokens or not all(tokens):
            raise ValueError("a token is needed")
        self._validators = [RequestValidator(token) for token in tokens]
        self._base = base.rstrip("/")

    def proves(self, path_and_query: str, form: FormData, signature: str) -> bool:
        """Whether one of the tokens signed exactly this. `form` as it came: repeated and empty fields count."""
        address = self._base + path_and_query
        found = [validator.validate(address, form, signature) for validator in self._validators]
        return any(found)
