"""What a wording is for, and what may be put into it. Pure."""

import string
from enum import StrEnum
from typing import Final

from contacts.organisations.checks import Mistake, Wrong
from contacts.organisations.organisation import Scope


class Purpose(StrEnum):
    """Where a wording is shown or read out."""

    REFERRAL = "referral"
    """The card in chat: may this be sent to this organisation?"""
    PROPOSAL = "proposal"
    """The card in chat: may we propose you to the assistance system?"""
    REFERRAL_SPOKEN = "referral_spoken"
    """The same, read out on the telephone."""
    PROPOSAL_SPOKEN = "proposal_spoken"
    PROPOSAL_FORM = "proposal_form"
    """What a professional declares on the proposal form: the person has agreed."""
    EMERGENCY = "emergency"
    """What people are told when somebody is in danger now, in writing."""
    EMERGENCY_SPOKEN = "emergency_spoken"


#: Put in when it is shown: the organisation's name, the last day it holds.
ORGANISATION: Final = "organisation"
UNTIL: Final = "until"
_ASKS = frozenset({Purpose.REFERRAL, Purpose.PROPOSAL, Purpose.REFERRAL_SPOKEN, Purpose.PROPOSAL_SPOKEN})
LONGEST_TEXT: Final = 1_200


def purpose_of(scope: Scope, *, spoken: bool) -> Purpose:
    """The wording that asks for this, on the card or on the telephone."""
    return Purpose(f"{scope}_spoken" if spoken else f"{scope}")


def values_of(purpose: Purpose) -> frozenset[str]:
    """What must stand in a wording of this purpose, in braces: whoever is asked is told to whom and until when."""
    return frozenset({ORGANISATION, UNTIL}) if purpose in _ASKS else frozenset()


def wording_mistakes(purpose: Purpose, text: str) -> list[Mistake]:
    """What is wrong with a text."""
    if not text.strip():
        return [Mistake("text", Wrong.MISSING)]
    if len(text) > LONGEST_TEXT:
        return [Mistake("text", Wrong.TOO_LONG)]
    if not all(sign.isprintable() or sign == "\n" for sign in text):
        return [Mistake("text", Wrong.UNPRINTABLE)]
    found = _values(text)
    return [] if found is not None and frozenset(found) == values_of(purpose) else [Mistake("text", Wrong.VALUES)]


def told(text: str, **values: str) -> str:
    """The text with its values put in. What a value says is never read as a place for another."""
    parts = string.Formatter().parse(text)
    return "".join(literal + (values[name] if name is not None else "") for literal, name, _, _ in parts)


def _values(text: str) -> list[str] | None:
    """The names in braces; None when the braces are not pairs around plain names."""
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    if any(form or conversion for _, _, form, conversion in parts):
        return None
    return [name for _, name, _, _ in parts if name is not None]
