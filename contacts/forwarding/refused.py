"""The database's refusals, told apart from its failures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import Denial, Denied
from contacts.forwarding.gate_rules import RULES

#: A rule of ours (plpgsql's RAISE EXCEPTION), a check or not-null, a foreign key, a key that is taken.
_STATES: Final = frozenset({"P0001", "23514", "23502", "23503", "23505"})
_SAID: Final = frozenset(rule.says for rule in RULES)


@asynccontextmanager
async def heeding(conn: AsyncConnection) -> AsyncIterator[None]:
    """Run the block in a savepoint; what the database refuses in it is undone and raises `Denied` (not_allowed)."""
    try:
        async with conn.begin_nested():
            yield
    except DBAPIError as error:
        if was_refused(error):
            raise Denied(Denial.NOT_ALLOWED) from error
        raise


def was_refused(error: DBAPIError) -> bool:
    """Whether the database said no, as against "not now"."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _STATES if state is not None else type(error).__name__ == "IntegrityError"


def reason_of(error: DBAPIError) -> str | None:
    """Which rule refused it, in the rule's own words; None: a check, a foreign key, or no refusal. For tests and logs."""
    text = str(error.orig)
    return next((said for said in _SAID if said in text), None)
