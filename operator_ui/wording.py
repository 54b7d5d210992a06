"""The staff pages' sentences and the choice of language. Catalogues are read as the visitor's page reads its own."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from chat.preferred_language import preferred_language
from chat.translations import SOURCE_LANGUAGE, Translations, read_translations

LANGUAGES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
"""Languages of the staff pages, each by its own name, in the order shown."""

LOCALES = Path(__file__).parent / "locales"
#: Sentences of pages that the server draws alone: they never travel to the desk's modules.
LEADS = LOCALES / "leads"
_DOORS_ONLY = ("door.", "enrol.")
#: Names of values that only the browser knows; it puts them in.
_PUT_IN_LATER = {
    name: f"{{{name}}}" for name in ("n", "spoken", "tag", "text", "at", "by", "day", "reference", "used", "wanted")
}


class Wording:
    """Sentences by key. Raises `chat.translations.BrokenCatalogue` when a catalogue does not fit the English one."""

    def __init__(self) -> None:
        self._desk: Translations = read_translations(tuple(LANGUAGES), LOCALES)
        self._leads: Translations = read_translations(tuple(LANGUAGES), LEADS)
        self._desk_keys, self._lead_keys = _keys(LOCALES), frozenset(_keys(LEADS))
        self.keys = (*self._desk_keys, *self._lead_keys)

    def text(self, language: str, key: str, **values: object) -> str:
        """One sentence. KeyError for an unknown key."""
        translations = self._leads if key in self._lead_keys else self._desk
        return translations.text(language, key, **values)

    def for_browser(self, language: str) -> dict[str, str]:
        """Every sentence the desk's modules may need, with the places of their values still open."""
        wanted = (key for key in self._desk_keys if not key.startswith(_DOORS_ONLY))
        return {key: self._desk.text(language, key, **_PUT_IN_LATER) for key in wanted}


@cache
def _keys(folder: Path) -> tuple[str, ...]:
    with (folder / f"{SOURCE_LANGUAGE}.po").open("rb") as file:
        return tuple(message.id for message in read_po(file) if isinstance(message.id, str) and message.id)


def best_language(*, chosen: str | None, accepted: str, spoken: Iterable[str] = ()) -> str:
    """The language of a page.

    `chosen`: on this device; `accepted`: the Accept-Language header; `spoken`: those of the account, which limit what the
    header may pick when any of them is one of ours.
    """
    if chosen in LANGUAGES:
        return chosen
    ours = tuple(language for language in spoken if language in LANGUAGES)
    return preferred_language(accepted, ours or (SOURCE_LANGUAGE, *LANGUAGES))
