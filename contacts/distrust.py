"""What is refused because somebody wrote into the database around Quietline, and who is told."""

from collections.abc import Callable
from enum import StrEnum


class Fault(StrEnum):
    """Why an alarm was raised. Codes only: an alarm carries no content and no name."""

    FORGED = "forged"
    ROLLED_BACK = "rolled_back"
    MARK_MISSING = "mark_missing"
    AUDIT_UNWRITABLE = "audit_unwritable"
    SESSIONS_UNCHECKED = "sessions_unchecked"


Alarm = Callable[[Fault], None]
"""Told about each refusal; must not block or raise."""


class Distrusted(Exception):
    """Refused: nothing was sealed, opened or signed in."""

    fault = Fault.FORGED


class Forged(Distrusted):
    """A row does not carry the authenticity code we would have given it."""


class RolledBack(Distrusted):
    """The database is older than what this installation has already seen."""

    fault = Fault.ROLLED_BACK


class MarkMissing(Distrusted):
    """There is no high-water mark beside the app key."""

    fault = Fault.MARK_MISSING
