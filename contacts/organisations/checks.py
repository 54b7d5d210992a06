"""What is wrong with an entry, each mistake with its path. Pure, but for the age library, which is imported when needed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from contacts.organisations.organisation import Channel, Entry
from contacts.organisations.profile import MOST_LANGUAGES, MOST_PHONES, MOST_TEXTS, Phone, Profile

LONGEST = {"name": 120, "description": 600, "hours": 300}
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
LONGEST_WEBSITE = 300

_LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z"
)  # RFC 5322 dot-atom
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]\Z"
)
_WRITTEN_NUMBER = re.compile(r"\+?[0-9](?:[ ()/-]*[0-9])*\Z", re.ASCII)
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}\Z", re.ASCII)  # ITU-T E.164
_SHORT = re.compile(r"[1-9][0-9]{2,5}\Z", re.ASCII)  # 116 006 and the like
_CODE = re.compile(r"[a-z]{2,3}\Z")


class Wrong(StrEnum):
    """What may be wrong."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNPRINTABLE = "unprintable"
    NOT_EMAIL = "not_email"
    NOT_KEY = "not_key"
    NOT_NUMBER = "not_number"
    NOT_ADDRESS = "not_address"
    NOT_LANGUAGE = "not_language"
    TWICE = "twice"
    UNVERIFIED = "unverified"
    """Secure e-mail needs an address and a key whose fingerprint was read aloud."""
    NOTHING_SAID = "nothing_said"
    """Listed for visitors, but with no way to reach it and nothing about it."""
    PRIVATE_KEY = "private_key"
    """A secret key was put in: it must never be here."""
    VALUES = "values"
    """A wording lacks a value in braces, or has one that it cannot take."""
    WRONG_SHAPE = "wrong_shape"
    """Not of the type or format that this place takes (import)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """`path`: which field, such as `phones[1].number`."""

    path: str
    wrong: Wrong

    def below(self, path: str) -> "Mistake":
        """The same, seen from further up."""
        return Mistake(f"{path}.{self.path}" if self.path else path, self.wrong)


class NotAccepted(Exception):
    """Nothing was changed. `mistakes`: all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(", ".join(f"{one.path}: {one.wrong}" for one in mistakes))
        self.mistakes = tuple(mistakes)


def mistakes(entry: Entry) -> list[Mistake]:
    """Everything wrong with it, in the order of the form. Whether a key is verified is not known here."""
    return list(_mistakes(entry))


def _mistakes(entry: Entry) -> Iterator[Mistake]:
    if not entry.name.strip():
        yield Mistake("name", Wrong.MISSING)
    yield from _text("name", entry.name, LONGEST["name"])
    yield from _profile(entry.profile)
    if entry.listed and not (entry.profile.phones or entry.profile.website):
        yield Mistake("listed", Wrong.NOTHING_SAID)
    if entry.email and not is_email(entry.email):
        yield Mistake("email", Wrong.NOT_EMAIL)
    if entry.recipient.upper().startswith("AGE-SECRET-KEY"):
        yield Mistake("recipient", Wrong.PRIVATE_KEY)
    elif entry.recipient and not is_recipient(entry.recipient):
        yield Mistake("recipient", Wrong.NOT_KEY)
    if Channel.EMAIL in entry.channels:
        for path in ("email", "recipient"):
            if not getattr(entry, path):
                yield Mistake(path, Wrong.MISSING)


def _profile(profile: Profile) -> Iterator[Mistake]:
    if len(profile.texts) > MOST_TEXTS:
        yield Mistake("texts", Wrong.TOO_MANY)
    for code in sorted(profile.texts):
        if not is_language(code):
            yield Mistake(f"texts.{code}", Wrong.NOT_LANGUAGE)
    for path, text in profile.parts():
        yield from _text(path, text, LONGEST[path.rpartition(".")[2]])
    if len(profile.phones) > MOST_PHONES:
        yield Mistake("phones", Wrong.TOO_MANY)
    for place, phone in enumerate(profile.phones):
        yield from (one.below(f"phones[{place}]") for one in _phone(phone))
    yield from _languages("languages", profile.languages)
    if profile.website and not is_website(profile.website):
        yield Mistake("website", Wrong.NOT_ADDRESS)


def _phone(phone: Phone) -> Iterator[Mistake]:
    if not is_number(phone.number):
        yield Mistake("number", Wrong.NOT_NUMBER)
    yield from _languages("languages", phone.languages)


def _languages(path: str, codes: tuple[str, ...]) -> Iterator[Mistake]:
    if len(codes) > MOST_LANGUAGES:
        yield Mistake(path, Wrong.TOO_MANY)
    if len(set(codes)) != len(codes):
        yield Mistake(path, Wrong.TWICE)
    for place, code in enumerate(codes):
        if not is_language(code):
            yield Mistake(f"{path}[{place}]", Wrong.NOT_LANGUAGE)


def _text(path: str, text: str, longest: int) -> Iterator[Mistake]:
    if len(text) > longest:
        yield Mistake(path, Wrong.TOO_LONG)
    if not all(sign.isprintable() or (sign == "\n" and not path.endswith("name")) for sign in text):
        yield Mistake(path, Wrong.UNPRINTABLE)


def is_email(text: str) -> bool:
    """An address that needs no quoting and no extension of SMTP: it can stand in an envelope as it is."""
    local, at, host = text.rpartition("@")
    return bool(
        at and len(text) <= LONGEST_ADDRESS and len(local) <= 64 and _LOCAL_PART.match(local) and _HOST.match(host)
    )


def is_number(text: str) -> bool:
    """With a country code, or a short number that works in the whole country."""
    if not _WRITTEN_NUMBER.match(text) or len(text) > 32:
        return False
    digits = re.sub(r"[ ()/-]", "", text)
    return bool(_INTERNATIONAL.match(digits) or _SHORT.match(digits))


def is_website(text: str) -> bool:
    """An https address of a named host, without a user or a port."""
    if (
        len(text) > LONGEST_WEBSITE
        or not text.isascii()
        or not text.isprintable()
        or re.search(r"[\s\"<>\\^`{|}]", text)
    ):
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme == "https"
            and parts.netloc.lower() == (parts.hostname or "")
            and bool(_HOST.match(parts.netloc))
        )
    except ValueError:
        return False


@cache
def is_language(code: str) -> bool:
    """A language code (ISO 639) we have a name for."""
    if not _CODE.match(code):
        return False
    try:
        return bool(Locale.parse(code).english_name)
    except (UnknownLocaleError, ValueError):
        return False


def is_recipient(text: str) -> bool:
    """An age X25519 public key, in the spelling that has one only."""
    from pyrage import RecipientError, x25519  # noqa: PLC0415 - loads a library of its own

    try:
        return str(x25519.Recipient.from_str(text)) == text
    except RecipientError:
        return False
