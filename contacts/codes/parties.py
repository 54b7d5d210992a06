"""Who can propose a person to the assistance system: the list "party" without those who are no professionals. Pure."""

from collections.abc import Mapping
from typing import Final

from contacts.codes.catalogue import VERSION, list_of
from contacts.codes.shapes import NOT_ASKED, NOT_KNOWN

_NO_PROFESSIONALS: Final = frozenset({"self", "private_person", NOT_ASKED, NOT_KNOWN})


def professional_parties() -> dict[str, Mapping[str, str]]:
    """Codes that are offered now -> labels by language, in the order of the list."""
    codes = (code for code in list_of("party").codes if code.is_offered(VERSION))
    return {code.name: code.labels for code in codes if code.name not in _NO_PROFESSIONALS}
