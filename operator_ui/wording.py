"""The staff pages' sentences and the choice of language. Catalogues are read as the visitor's page reads its own."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

from chat.preferred_language import preferred_language
from chat.translations import SOURCE_LANGUAGE, Translations, read_translations

LANGUAGES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
"""Languages of the staff pages, each by its own name, in the order shown."""

LOCALES = Path(__file__).parent / "locales"
_DOORS_ONLY = ("door.", "enrol.")
#: Names of values that only the browser knows; it puts them in.
_PUT_IN_LATER = {name: f"{{{name}}}" for name in ("n", "spoken", "tag", "text")}


class Wording:
    """Sentences by key. Raises `chat.translations.BrokenCatalogue` when a catalogue does not fit the English one."""

    def __init__(self) -> None:
        self._translations: Translations = read_translations(tuple(LANGUAGES), LOCALES)
        with (LOCALES / f"{SOURCE_LANGUAGE}.po").open("rb") as file:
            self.keys = tuple(message.id for message in read_po(file) if isinstance(message.id, str) and message.id)

    def text(self, language: str, key: str, **values: object) -> str:
        """One sentence. KeyError for an unknown key."""
        return self._translations.text(language, key, **values)

    def for_browser(self, language: str) -> dict[str, str]:
        """Every sentence the desk's modules may need, with the places of their values still open."""
        wanted = (key for key in self.keys if not key.startswith(_DOORS_ONLY))
        return {key: self._translations.text(language, key, **_PUT_IN_LATER) for key in wanted}


def best_language(*, chosen: str | None, accepted: str, spoken: Iterable[str] = ()) -> str:
    """The language of a page.

    `chosen`: on this device; `accepted`: the Accept-Language header; `spoken`: those of the account, which limit what the
    header may pick when any of them is one of ours.
    """
    if chosen in LANGUAGES:
        return chosen
    ours = tuple(language for language in spoken if language in LANGUAGES)
    return preferred_language(accepted, ours or (SOURCE_LANGUAGE, *LANGUAGES))
