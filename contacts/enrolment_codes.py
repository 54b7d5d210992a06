"""One-time enrolment codes: told to a person by a lead (or at set-up), good for seven days and once."""

from dataclasses import dataclass

from contacts.app_key import AppKey
from contacts.framing import Deployment
from contacts.passphrase import new_code, normalised_code
from contacts.people import Person
from contacts.words import Words
from storage.clock import Clock, epoch_seconds

LIFE = 7 * 24 * 3600
"""Seconds an enrolment code is good for."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh code, what is stored of it, and when it ends (seconds since 1970 UTC)."""

    words: Words
    mac: bytes
    until: int


class EnrolmentCodes:
    """Issues codes and says whose a code is."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, clock: Clock) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock

    def issued(self) -> IssuedCode:
        """A fresh code."""
        words = new_code()
        return IssuedCode(words, self.mac(words), epoch_seconds(self._clock.now()) + LIFE)

    def mac(self, code: Words) -> bytes:
        """What is stored of a code: useless without the app key."""
        return self._app_key.mac("enrolment", self._deployment, normalised_code(code.reveal()))

    def good_for(self, person: Person, code: bytes) -> bool:
        """Whether this (`mac` of a) code enrols this person now."""
        return (
            person.enrolment == code
            and person.enrolment_until is not None
            and epoch_seconds(self._clock.now()) < person.enrolment_until
        )
