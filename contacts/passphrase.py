"""Words people copy by hand: passphrases and recovery words, from the English BIP39 list (2,048 words). Pure.

A passphrase of six words has 66 bits, chosen by us, never by the person. Recovery words are 24: 256 bits and a checksum
of 8, so that a slip of the pen is noticed.
"""

import secrets
import unicodedata

from mnemonic import Mnemonic

from contacts.chance import KEY_SIZE
from contacts.words import Words

PASSPHRASE_WORDS = 6
RECOVERY_WORDS = 24
LONGEST_TYPED = 400
"""Characters of a typed passphrase that are looked at; more is refused before any hashing."""

_CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # 31 letters and digits that nobody confuses on paper
_CODE_GROUPS = 4
_CODE_GROUP = 5


class NotRecoveryWords(ValueError):
    """Not 24 words of the list, or the checksum is wrong: something was copied wrongly."""


class WordList:
    """The list; reading it from disk takes a few milliseconds, so assembly makes one."""

    def __init__(self) -> None:
        self._mnemonic = Mnemonic("english")

    def passphrase(self) -> Words:
        """Six random words with single spaces, lower case."""
        return Words(" ".join(secrets.choice(self._mnemonic.wordlist) for _ in range(PASSPHRASE_WORDS)))

    def recovery_words(self, seed: bytes) -> Words:
        """The 24 words of a seed of 32 bytes."""
        if len(seed) != KEY_SIZE:
            raise ValueError("a recovery seed has 32 bytes")
        return Words(self._mnemonic.to_mnemonic(seed))

    def recovery_seed(self, words: Words) -> bytes:
        """The seed again. Raises `NotRecoveryWords`."""
        typed = normalised(words.reveal())
        if len(typed.split(" ")) != RECOVERY_WORDS:
            raise NotRecoveryWords
        try:
            return bytes(self._mnemonic.to_entropy(typed))
        except (ValueError, LookupError):
            raise NotRecoveryWords from None


def normalised(typed: str) -> str:
    """What somebody typed, as we would have written it: lower case, single spaces, hyphens count as spaces."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).casefold().replace("-", " ")
    return " ".join(plain.split())


def new_code() -> Words:
    """A one-time enrolment code: four groups of five, 99 bits."""
    groups = ("".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP)) for _ in range(_CODE_GROUPS))
    return Words("-".join(groups))


def normalised_code(typed: str) -> str:
    """A typed enrolment code without the spaces, hyphens and capitals people add."""
    return normalised(typed).replace(" ", "")
