"""What a message may be, whoever writes it."""

from chat.frames import LONGEST_TEXT
from contacts.contact import Refusal, Refused


def check_text(text: str) -> None:
    """Raises `Refused`: blank, too_long."""
    if not text.strip():
        raise Refused(Refusal.BLANK)
    if len(text) > LONGEST_TEXT:
        raise Refused(Refusal.TOO_LONG)
