"""The seam to whoever carries our calls.

Two versions: Twilio (`hotline.twilio_rest`), and behind the same interface the telephone network of `hotline.simulator`.
"""

from typing import Protocol

from hotline.verbs import Link


class Unreached(Exception):
    """The provider did not answer, or asked us to wait: try again."""


class RefusedByProvider(Exception):
    """The provider will not do this, now or later: a number that does not exist, a call it does not know."""


class Provider(Protocol):
    """What we ask of the provider, never while it waits for an answer of ours."""

    async def prepare(self) -> None:
        """Load what is slow to load; once, before the first call."""

    async def ring(self, *, number: str, contact: str, leg: str, seconds: int) -> str:
        """Ring a member of staff; what is heard is asked of `Step.SCREEN`. The provider's name of the leg.

        Raises `Unreached`, `RefusedByProvider`.
        """

    async def end(self, provider_call: str) -> None:
        """Hang up, whatever it is doing; a leg that is over already is fine. Raises `Unreached`."""

    async def send(self, provider_call: str, *, contact: str, link: Link) -> None:
        """Send a leg that is up to one of our addresses, away from whatever it is doing.

        Raises `Unreached`, `RefusedByProvider`: it is over.
        """

    async def is_over(self, provider_call: str) -> bool:
        """Whether a call has ended, or is not known any more. Raises `Unreached`."""

    async def recordings(self, provider_call: str) -> list[str]:
        """Names of what was recorded in a call. Raises `Unreached`, `RefusedByProvider`."""

    async def recording(self, name: str) -> bytes | None:
        """The sound (MP3, RFC 3003); None: it is not there, or not yet. Raises `Unreached`, `RefusedByProvider`."""

    async def forget_recording(self, name: str) -> None:
        """Delete it there; what is not there is as good. Raises `Unreached`, `RefusedByProvider`."""

    async def forget(self, provider_call: str) -> bool:
        """Delete what the provider keeps of a finished call, with its recordings and the legs it dialled itself.

        Whether nothing is left. Raises `Unreached`.
        """

    async def close(self) -> None:
        """Give connections back."""
