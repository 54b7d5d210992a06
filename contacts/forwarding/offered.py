"""What of a contact can be offered for forwarding, in words: fields of the coded record, and a few the operator fills in.

Pure. The receiver's document is in one language and the person's card maybe in another: each field can be said in both.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from babel import Locale, UnknownLocaleError
from msgspec import Struct

from contacts.codes.catalogue import FIELDS, VERSION, label, list_of
from contacts.codes.shapes import LANGUAGES, NOT_ASKED, NOT_KNOWN
from contacts.forwarding.payload import Item

#: Fields of the record that tell about our own work, not about the person.
OURS: Final = frozenset({"outcome", "repeat_contact", "interpreter", "danger", "who", "party", "topic"})
#: Longest text the operator writes into one field, in characters.
LONGEST: Final = 400
LONGEST_SUMMARY: Final = 1_500
#: The name of the summary among the fields of a consent.
SUMMARY: Final = "summary"

#: Written by the operator for this forwarding alone, kept nowhere else: (fi, sv, en).
WRITTEN: Final[dict[str, tuple[str, str, str]]] = {
    "called": ("Nimi, jota käytetään", "Namn som används", "Name to use"),
    "reached": (
        "Miten henkilön tavoittaa turvallisesti",
        "Hur man når personen tryggt",
        "How to reach the person safely",
    ),
    "language": ("Kieli", "Språk", "Language"),
}


class Offered(Struct, frozen=True, kw_only=True):
    """One field that may be ticked. `shown`: what would be sent; empty as long as nobody has written it."""

    name: str
    label: str
    shown: str
    codes: tuple[str, ...] = ()
    written: bool = False


def offered(codes: Mapping[str, tuple[str, ...]], spoken: str, language: str, *, country: str) -> list[Offered]:
    """Everything that may be chosen, in the order of the document.

    `codes`: of the record; what was not asked or is not known is left out. `spoken`: the person's language; `language`:
    of the labels (another than fi, sv, en: English); `country`: ISO code of the deployment's own.
    """
    tongue = _tongue(language)
    free = [
        Offered(
            name=name,
            label=labels[LANGUAGES.index(tongue)],
            shown=language_name(spoken, tongue) if name == "language" else "",
            written=True,
        )
        for name, labels in WRITTEN.items()
    ]
    coded = []
    for name, field in FIELDS.items():
        told = tuple(code for code in codes.get(name, ()) if code not in (NOT_ASKED, NOT_KNOWN))
        if name in OURS or not told:
            continue
        coded.append(
            Offered(name=name, label=field.labels[tongue], shown=_said(name, told, tongue, country), codes=told)
        )
    return [*free, *coded]


def items_of(choices: Sequence[Offered], written: Mapping[str, str]) -> tuple[Item, ...]:
    """The payload's items. `written`: name -> what the operator wrote into a field of `WRITTEN`."""
    return tuple(
        Item(
            field=one.name,
            label=one.label,
            shown=written.get(one.name, one.shown).strip() if one.written else one.shown,
            codes=one.codes,
            list_version=str(VERSION),
        )
        for one in choices
    )


def language_name(code: str, language: str) -> str:
    """What a language is called."""
    try:
        found = Locale.parse(code, sep="-").get_display_name(language)
    except (ValueError, UnknownLocaleError):
        found = None
    return found[:1].upper() + found[1:] if found else code


def _said(field: str, codes: Sequence[str], language: str, country: str) -> str:
    known = [found for name in codes if (found := list_of(field).code(name)) is not None]
    return ", ".join(label(code, language, country=country) for code in known)


def _tongue(language: str) -> str:
    return language if language in LANGUAGES else "en"
