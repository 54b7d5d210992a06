"""Telephone numbers: parsed once, kept as E.164, shown and linked the same way everywhere. Pure."""

import re
from dataclasses import dataclass, field

#: ITU-T E.164 (11/2010), 6.2.1: at most 15 digits with the country code. Fewer than 7 is never a subscriber.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_WRITTEN = re.compile(r"[+0-9 ()./\u00a0-]+\Z")
_SEPARATORS = re.compile(r"[ ()./\u00a0-]+")


class NumberNotUnderstood(ValueError):
    """Not a telephone number that can be called from abroad; the message is a plain sentence without the number."""


@dataclass(frozen=True, slots=True, repr=False)
class TelephoneNumber:
    """A number that can be dialled from anywhere. `e164`: `+358...`. `display`: grouped for people.

    Two spellings of one number are equal. Prints only its last two digits: staff numbers are private.
    """

    e164: str
    display: str = field(compare=False)

    @classmethod
    def parse(cls, written: str, *, country_code: str = "358") -> "TelephoneNumber":
        """From what a person wrote: `+358 9 ...`, `00358 9 ...`, or national `09 ...` of `country_code`.

        Raises `NumberNotUnderstood`.
        """
        text = written.strip()
        if not _WRITTEN.match(text) or "+" in text[1:]:
            raise NumberNotUnderstood("A telephone number has digits, spaces and perhaps a leading +.")
        groups = [group for group in _SEPARATORS.split(_international(text, country_code)) if group]
        e164 = "".join(groups)
        if not _E164.match(e164):
            raise NumberNotUnderstood(
                "A telephone number needs 7 to 15 digits with its country code, such as +358 9 and the rest."
            )
        return cls(e164=e164, display=" ".join(groups) if len(groups) > 1 else _grouped(e164))

    @property
    def tel(self) -> str:
        """The address of a link that calls it (RFC 3966)."""
        return f"tel:{self.e164}"

    def __repr__(self) -> str:
        return f"TelephoneNumber(...{self.e164[-2:]})"

    __str__ = __repr__


def _international(text: str, country_code: str) -> str:
    """The text with `+` and country code in front. `(0)` after a country code is a trunk zero nobody dials."""
    text = text.replace("(0)", " ") if text.startswith(("+", "00")) else text
    if text.startswith("+"):
        return text
    if text.startswith("00"):
        return "+" + text[2:].lstrip()
    if text.lstrip("(").startswith("0"):
        return f"+{country_code} " + text.lstrip("(")[1:]
    raise NumberNotUnderstood("A telephone number starts with + and a country code, or with 0.")


def _grouped(e164: str) -> str:
    """Threes from the right, so that a number written without spaces can be read aloud."""
    digits = e164[1:]
    head = len(digits) % 3 or 3
    return "+" + " ".join([digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))])
