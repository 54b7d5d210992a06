"""Consent between the visitor's page, the desk and the gate."""

from chat.cards import Cards
from contacts.committer import Committer
from contacts.log import Log
from storage.engine import Connection
from storage.ids import ContactId


class NoAsks:
    """Until the gate is built in: nothing is asked, nothing can be taken back."""

    async def answered(self, _conn: Connection, _contact: ContactId, *, ask: str, said: str) -> None:
        """Nothing is kept."""

    async def taken_back(self, contact: ContactId, *, ask: str) -> bool | None:
        """Nobody said yes."""
        return None


def cards(*, committer: Committer, log: Log) -> Cards:
    """The cards of the chat."""
    return Cards(committer=committer, log=log, asks=NoAsks())
