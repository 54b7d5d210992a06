"""Filled-in forms for tests."""

import uuid
from typing import Any

from chat.contact_form import How, Message, Typed, Voice, message_of
from contacts.contact import Refusal, Refused
from contacts.statistics.fact import Codes
from contacts.words import Words
from duty.availability import Availability, State


def filled(text: str = "hei", **changed: Any) -> Typed:
    """A form with a message, from a fresh page."""
    values: dict[str, Any] = {"page": str(uuid.uuid4()), "language": "fi", "message": Words(text)}
    return Typed(**values | changed)


def message(text: str = "hei", **changed: Any) -> Message:
    """The same, ready to be sent."""
    return message_of(filled(text, **changed))


def with_answer(text: str = "hei", **changed: Any) -> Message:
    """A message whose writer can be called, on some days, without a voice message."""
    values = {"how": How.TELEPHONE, "address": Words("+358 40 123"), "times": Words("ma 10-12"), "voice": Voice.NO}
    return message(text, **values | changed)


def posted(**changed: str) -> dict[str, str]:
    """The fields as a browser posts them."""
    fields = {"page": str(uuid.uuid4()), "website": "", "message": "Hello", "address": "", "times": "", "voice": ""}
    return fields | {"language": "en"} | changed


class FakeFormDoor:
    """Keeps the contract of chat.form_door.FormStep."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refusal: Refusal | None = None
        self.fault: Exception | None = None

    async def admission(self, language: str) -> Availability:
        return Availability(State.closed, frozenset({language}))

    async def sent(self, message: Message) -> None:
        if self.fault is not None:
            raise self.fault
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.messages.append(message)


class FakeProposalDoor:
    """Keeps the contract of chat.proposal_door.ProposalStep; what comes lies with the other messages."""

    def __init__(self, forms: FakeFormDoor) -> None:
        self.forms = forms
        self.codes: list[Codes] = []

    async def sent(self, message: Message, codes: Codes) -> None:
        await self.forms.sent(message)
        self.codes.append(codes)
