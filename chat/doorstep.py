"""What the pages need of the visitor's door: the part of `VisitorDoor` that works without a socket."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from chat.shown import Item
from chat.talk import Talk
from contacts.contact import Receipt
from contacts.words import Words
from duty.availability import Availability


class Doorstep(Protocol):
    """See chat/visitor_door.py for each contract. `started` raises NotAdmitted, `said` raises Refused."""

    async def admission(self, language: str) -> Availability: ...

    async def started(self, language: str) -> str: ...

    async def known(self, token: str) -> bool: ...

    async def resumed(self, token: str) -> Talk | None: ...

    async def said(self, talk: Talk, client_id: str, words: Words) -> Receipt: ...

    async def answered(self, talk: Talk, question: str, *, yes: bool) -> None: ...

    async def ended(self, talk: Talk) -> None: ...

    async def left(self, token: str) -> None: ...

    def follow(self, talk: Talk, after: int) -> AsyncIterator[Item] | AsyncGenerator[Item, None]: ...
