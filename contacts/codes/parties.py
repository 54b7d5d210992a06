"""What can be chosen about proposals: who proposes (no private persons), and what was decided. Pure."""

from collections.abc import Mapping
from typing import Final

from contacts.codes.catalogue import LISTS, VERSION
from contacts.codes.shapes import NOT_ASKED, NOT_KNOWN

_NO_PROFESSIONALS: Final = frozenset({"self", "private_person", NOT_ASKED, NOT_KNOWN})
_NO_DECISIONS: Final = frozenset({"ended", NOT_ASKED, NOT_KNOWN})


def professional_parties() -> dict[str, Mapping[str, str]]:
    """Codes that are offered now -> labels by language, in the order of the list."""
    return _offered("party", _NO_PROFESSIONALS)


def decisions() -> dict[str, Mapping[str, str]]:
    """Codes of decisions -> labels by language. That a client relationship ended is a date of its own."""
    return _offered("decision", _NO_DECISIONS)


def _offered(name: str, but: frozenset[str]) -> dict[str, Mapping[str, str]]:
    codes = LISTS[name].codes
    return {code.name: code.labels for code in codes if code.is_offered(VERSION) and code.name not in but}
