"""What people write, and what we keep of it.

`Words` is plaintext: it never shows itself by accident, because its repr and str tell only a length and it
refuses to be pickled. `Sealed` is ciphertext and may lie anywhere.
"""

from typing import NewType, NoReturn

Sealed = NewType("Sealed", bytes)
"""Ciphertext: a version byte first, see `contacts.sealing`."""


class Words:
    """A plaintext string. Only `reveal()` gives it out."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it as late as possible."""
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Words, self._text))

    def __repr__(self) -> str:
        return f"Words({len(self._text)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("words are not written down unsealed")
