"""What visitors read about an organisation: names, what it does, telephones, hours in words, languages. Pure."""

from collections.abc import Iterator
from typing import Final

import msgspec

MOST_TEXTS: Final = 12
MOST_PHONES: Final = 4
MOST_LANGUAGES: Final = 60


class Text(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One language's part. Empty: not said in this language."""

    name: str = ""
    description: str = ""
    hours: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is said at all."""
        return not (self.name or self.description or self.hours)


class Phone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`number`: as people read it, with its country code or a short one. `languages`: spoken there; none: all of them."""

    number: str
    languages: tuple[str, ...] = ()

    @property
    def dialled(self) -> str:
        """For a `tel:` link (RFC 3966)."""
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`texts`: by language code. `languages`: those in which people are served. `website`: https, or empty."""

    texts: dict[str, Text] = {}
    phones: tuple[Phone, ...] = ()
    languages: tuple[str, ...] = ()
    website: str = ""

    def said(self, language: str, part: str, prefer: tuple[str, ...] = ()) -> tuple[str, str]:
        """A part (`name`, `description`, `hours`) and the language it is in; the nearest there is, or ("", language)."""
        for code in (language, *prefer, *sorted(self.texts)):
            text: str = getattr(self.texts.get(code, Text()), part)
            if text:
                return text, code
        return "", language

    def parts(self) -> Iterator[tuple[str, str]]:
        """Every text, with its path."""
        for code, text in sorted(self.texts.items()):
            for part in ("name", "description", "hours"):
                yield f"texts.{code}.{part}", getattr(text, part)


def profile_text(profile: Profile) -> str:
    """As kept: JSON, the same for the same profile."""
    return msgspec.json.encode(profile, order="deterministic").decode()


def read_profile(kept: str) -> Profile:
    """The profile again. Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(kept, type=Profile)
