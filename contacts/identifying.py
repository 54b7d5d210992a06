"""Finding what could identify somebody in a note: telephone numbers, addresses, e-mail, Finnish identity codes. Pure.

A warning, never a refusal: it may be wrong both ways. operator_ui/static/js/identifying.js follows the same rules, and both
are asked the same questions (tests/fixtures/identifying.json).
"""

import re
from enum import StrEnum
from typing import Final


class Identifying(StrEnum):
    """What was found."""

    TELEPHONE = "telephone"
    ADDRESS = "address"
    EMAIL = "email"
    IDENTITY_CODE = "identity_code"


_L: Final = "A-Za-z\u00c0-\u024f"
#: Where digits begin in scripts people write numbers in: Arabic, Persian and Urdu, Devanagari, Bengali, full width.
_ZEROS: Final = (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10)
_DIGITS: Final = {zero + digit: 48 + digit for zero in _ZEROS for digit in range(10)}

_EMAIL: Final = re.compile(rf"[^\s@<>]+ ?@ ?[^\s@<>]+\.[{_L}]{{2,}}")
# DDMMYY, the sign of the century (also those in use since 2023), individual number, check character.
_IDENTITY_CODE: Final = re.compile(
    rf"(?<![0-9{_L}])[0-3][0-9][01][0-9]{{3}} ?[-+ABCDEFUVWXYabcdefuvwxy] ?[0-9]{{3}}[0-9A-Ya-y](?![0-9{_L}])"
)
_DATE: Final = re.compile(
    r"(?<![0-9.])[0-9]{1,2}\. ?[0-9]{1,2}\.(?: ?[0-9]{4}|[0-9]{2})?(?![0-9])|(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
)
_NUMBER: Final = re.compile(r"(?<![0-9])[+0-9](?:[ ()./\u00a0\u2010-\u2015-]{0,2}[0-9]){6,16}(?![0-9])")
_STREETS: Final = (
    "katu|kadu|tie|kuja|polku|polu|kaari|rinne|rintee|aukio|tori|bulevardi|väylä|raitti|raiti|esplanadi"
    "|gata|gatan|väg|vägen|gränd|gränden|stig|stigen|torg|torget|allé|allén|esplanaden"
)
_STREET: Final = re.compile(
    rf"(?<![{_L}])[{_L}'’-]*(?:{_STREETS})[{_L}]{{0,4}} [0-9]{{1,4}}(?![0-9:.,/%])", re.IGNORECASE
)
_STREET_AFTER: Final = re.compile(
    rf"(?<![0-9])[0-9]{{1,4}}[a-z]? (?:[{_L}'’-]+ ){{1,3}}(?:street|st|road|rd|avenue|ave|lane|drive|square)(?![{_L}])",
    re.IGNORECASE,
)
_POSTAL: Final = re.compile(rf"(?<![0-9{_L}])(?:FI-|SE-)?[0-9]{{3}} ?[0-9]{{2}} [A-ZÅÄÖ][{_L}]{{2,}}")


def identifying(text: str) -> list[Identifying]:
    """What was found, each kind once, in the order of the enumeration."""
    plain = text.translate(_DIGITS)
    rest = _DATE.sub(" ", _IDENTITY_CODE.sub(" ", plain))
    found = {
        Identifying.TELEPHONE: any(_is_telephone(match.group()) for match in _NUMBER.finditer(rest)),
        Identifying.ADDRESS: any(rule.search(plain) for rule in (_STREET, _STREET_AFTER, _POSTAL)),
        Identifying.EMAIL: _EMAIL.search(plain) is not None,
        Identifying.IDENTITY_CODE: _IDENTITY_CODE.search(plain) is not None,
    }
    return [kind for kind, there in found.items() if there]


def _is_telephone(written: str) -> bool:
    """From seven digits on with a 0 or a + before them; without, from nine: sums and years are shorter."""
    digits = re.sub("[^0-9]", "", written)
    return len(digits) >= (7 if written.startswith(("+", "0")) else 9)
