"""The list of organisations as one visitor reads it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from contacts.organisations.organisation import Entry

#: Names of languages in themselves, those of the page first.
NamesOf = Callable[[frozenset[str]], Markup]


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneShown:
    """`dialled`: for a `tel:` link. `languages`: names, or nothing when they are those of the organisation."""

    number: str
    dialled: str
    languages: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationShown:
    """One card of the list. `host`: what is shown of the website's address."""

    name: Said
    description: Said
    hours: Said
    phones: tuple[PhoneShown, ...]
    languages: Markup
    website: str
    host: str


def shown(
    entries: Iterable[Entry], language: str, *, prefer: tuple[str, ...], names: NamesOf
) -> list[OrganisationShown]:
    """Those who serve this language first, then by name. `prefer`: where a text is missing in this language."""
    cards = [(language not in one.profile.languages, _shown(one, language, prefer, names)) for one in entries]
    return [card for _, card in sorted(cards, key=lambda pair: (pair[0], pair[1].name.text.casefold()))]


def _shown(entry: Entry, language: str, prefer: tuple[str, ...], names: NamesOf) -> OrganisationShown:
    profile = entry.profile

    def said(part: str) -> Said:
        return Said(*profile.said(language, part, prefer))

    own = profile.texts.get(language)
    return OrganisationShown(
        name=Said(own.name, language) if own is not None and own.name else Said(entry.name, language),
        description=said("description"),
        hours=said("hours"),
        phones=tuple(
            PhoneShown(number=one.number, dialled=one.dialled, languages=names(frozenset(one.languages)))
            for one in profile.phones
        ),
        languages=names(frozenset(profile.languages)),
        website=profile.website,
        host=urlsplit(profile.website).netloc.removeprefix("www."),
    )
