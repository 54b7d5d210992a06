"""What a map to another standard declares: where each of our codes goes, and what is lost on the way. Pure.

Nothing is left to silence: a code is kept, or named as lost; a test asks each.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contacts.codes.catalogue import LISTS
from contacts.codes.shapes import NOT_ASKED, NOT_KNOWN

#: (list, code)
Name = tuple[str, str]
_NEITHER: Final = (NOT_ASKED, NOT_KNOWN)


class Kept(Struct, frozen=True):
    """A code there. `loses`: what it does not say any more; empty when it says the same."""

    field: str
    value: str
    loses: str = ""


class Lost(Struct, frozen=True):
    """No code there, and why. The field is left empty."""

    why: str


EMPTY: Final = Lost("left empty there, like every value that is missing")


class Map(Struct, frozen=True, kw_only=True):
    """One standard. `whole`: lists whose codes stand there under the same name; the field they go to (`value` is not used).

    `lost_whole`: lists nothing of which is kept.
    """

    name: str
    kept: Mapping[Name, Kept]
    lost: Mapping[Name, Lost]
    whole: Mapping[str, Kept]
    lost_whole: Mapping[str, Lost]

    def of(self, list_name: str, code: str) -> Kept | Lost:
        """Where a code goes. KeyError for one that nobody declared."""
        name = (list_name, code)
        if name in self.kept:
            return self.kept[name]
        if name in self.lost:
            return self.lost[name]
        if list_name in self.lost_whole:
            return self.lost_whole[list_name]
        if code in _NEITHER:
            return EMPTY
        if list_name in self.whole:
            return replace(self.whole[list_name], value=code)
        raise KeyError(name)

    def declared(self) -> dict[str, dict[str, dict[str, str]]]:
        """The whole map, for the CLI and the documents: list -> code -> field, value, loses (or lost)."""
        return {
            one.name: {code.name: _told(self.of(one.name, code.name)) for code in one.codes} for one in LISTS.values()
        }


def _told(found: Kept | Lost) -> dict[str, str]:
    if isinstance(found, Lost):
        return {"lost": found.why}
    told = {"field": found.field, "value": found.value}
    return told | {"loses": found.loses} if found.loses else told
