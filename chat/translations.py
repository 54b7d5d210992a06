"""The sentences of the visitor's page, in every language: gettext catalogues read once at start.

Keys are symbolic and one key is one whole sentence. Values are put in by name (`{time}`).
"""

import gettext
import string
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).parent / "locales"


class BrokenCatalogue(Exception):
    """A catalogue lacks a sentence, or a sentence asks for other values than the English one."""


class Translations:
    """All catalogues. `texts` maps language -> compiled catalogue; `keys` are the English ones."""

    def __init__(self, *, texts: Mapping[str, gettext.GNUTranslations], keys: frozenset[str]) -> None:
        self._texts = dict(texts)
        self._keys = keys

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def text(self, language: str, key: str, **values: object) -> str:
        """The sentence as plain text. KeyError for an unknown key or language."""
        return self._found(language, key).format(**values)

    def counted(self, language: str, key: str, n: int, **values: object) -> str:
        """The sentence in the plural form that `n` takes in this language; `{n}` is put in."""
        if key not in self._keys:
            raise KeyError(key)
        return self._texts[language].ngettext(key, key, n).format(n=n, **values)

    def markup(self, language: str, key: str, **values: object) -> Markup:
        """The sentence as HTML: text and values escaped, except values that are Markup already."""
        return escape(self._found(language, key)).format(**values)

    def _found(self, language: str, key: str) -> str:
        if key not in self._keys:
            raise KeyError(key)
        return self._texts[language].gettext(key)


@cache  # several doors ask for the same sentences, and nobody changes them
def read_translations(languages: tuple[str, ...], folder: Path = LOCALES) -> Translations:
    """Read `<language>.po` for each language and English. Raises BrokenCatalogue, naming the first bad sentence."""
    source = _catalogue(folder, SOURCE_LANGUAGE)
    wanted = _placeholders(source)
    texts = {}
    for language in languages:
        catalogue = source if language == SOURCE_LANGUAGE else _catalogue(folder, language)
        _compare(language, _placeholders(catalogue), wanted)
        texts[language] = _compiled(catalogue)
    return Translations(texts=texts, keys=frozenset(wanted))


def _catalogue(folder: Path, language: str) -> Catalog:
    try:
        with (folder / f"{language}.po").open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except FileNotFoundError:
        raise BrokenCatalogue(f"there is no catalogue for the language {language!r}") from None


def _placeholders(catalogue: Catalog) -> dict[str, frozenset[str]]:
    """Key -> names of the values its sentence takes; a missing or fuzzy sentence is left out."""
    found = {}
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string or "",)
        if key and all(forms) and not message.fuzzy:
            found[key] = frozenset(name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name)
    return found


def _compare(language: str, found: Mapping[str, frozenset[str]], wanted: Mapping[str, frozenset[str]]) -> None:
    for key in sorted(wanted.keys() ^ found.keys()):
        raise BrokenCatalogue(
            f"{language}: {key!r} is {'missing' if key in wanted else 'not in the English catalogue'}"
        )
    for key, names in sorted(wanted.items()):
        if found[key] != names:
            raise BrokenCatalogue(f"{language}: {key!r} takes {sorted(found[key])} instead of {sorted(names)}")


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return gettext.GNUTranslations(file)
