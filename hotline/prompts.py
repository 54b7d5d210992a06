"""What is said on the telephone: texts for the provider's voices, each replaceable by recorded audio.

`hotline/prompts/<language>.txt` has one `name: sentence` a line; a recording `<folder>/<language>/<name>.mp3` takes its
place. `{key}` is the digit to press.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from hotline.verbs import Prompt

TEXTS = Path(__file__).with_name("prompts")
#: Locale and voice in which a language is spoken by the provider; a language without an entry cannot be spoken.
VOICES: Mapping[str, tuple[str, str]] = {
    "fi": ("fi-FI", "Polly.Suvi-Neural"),
    "sv": ("sv-SE", "Polly.Elin-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
}


class BrokenPrompts(Exception):
    """A language cannot be spoken. The message says which, and which sentence is missing or unknown."""


class Spoken(Struct, frozen=True):
    """A sentence as it is spoken, or the address (from our root) of its recording."""

    locale: str
    voice: str
    text: str
    recording: str | None = None


class Prompts:
    """All sentences of all languages of the telephone, in the order of its menu."""

    def __init__(
        self, *, texts: Mapping[str, Mapping[Prompt, str]], recordings: Path | None = None, languages: Sequence[str]
    ) -> None:
        self.languages = tuple(languages)
        self._texts = texts
        self._recordings = recordings
        self._recorded = frozenset(_recorded(recordings)) if recordings is not None else frozenset()

    def spoken(self, prompt: Prompt, language: str, *, key: str = "1") -> Spoken:
        """The sentence; of an unknown language, in the first one."""
        known = language if language in self._texts else self.languages[0]
        locale, voice = VOICES[known]
        recording = f"{known}/{prompt}.mp3"
        address = f"/hotline/audio/{recording}" if recording in self._recorded else None
        return Spoken(locale, voice, self._texts[known][prompt].format(key=key), address)

    def recording(self, path: str) -> Path | None:
        """The file of a recording; None for anything that is not one."""
        return self._recordings / path if self._recordings is not None and path in self._recorded else None


def read_prompts(languages: Sequence[str], recordings: Path | None = None, folder: Path = TEXTS) -> Prompts:
    """Those of `languages` that have texts and a voice, in that order. Raises `BrokenPrompts` when none or not whole."""
    spoken = [language for language in languages if language in VOICES and (folder / f"{language}.txt").is_file()]
    if not spoken:
        raise BrokenPrompts("none of the languages can be spoken on the telephone")
    texts = {language: _read(language, folder / f"{language}.txt") for language in spoken}
    return Prompts(texts=texts, recordings=recordings, languages=spoken)


def _read(language: str, path: Path) -> Mapping[Prompt, str]:
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, sentence = line.partition(":")
        if sentence.strip():
            found[name.strip()] = sentence.strip()
    for name in sorted(found.keys() ^ set(Prompt)):
        raise BrokenPrompts(f"{language}: {name!r} is {'missing' if name in set(Prompt) else 'no sentence of ours'}")
    return {Prompt(name): sentence for name, sentence in found.items()}


def _recorded(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.glob("*/*.mp3")
        if path.stem in set(Prompt) and path.parent.name in VOICES
    ]
