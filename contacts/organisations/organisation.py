"""An organisation people can be referred to, as we keep it. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from contacts.organisations.fingerprint import fingerprint
from contacts.organisations.profile import Profile
from storage.ids import OrganisationId, StaffId


class Channel(StrEnum):
    """How something may reach an organisation."""

    SPOKEN = "spoken"
    EMAIL = "email"
    """An encrypted file by e-mail, to a verified key."""
    DOWNLOAD = "download"
    """An encrypted file that the operator downloads and hands over."""


class Scope(StrEnum):
    """What an organisation may be sent."""

    REFERRAL = "referral"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a lead decides about an organisation.

    `name`: its official one, shown to the person who consents and to staff. `recipient`: age public key, or empty.
    """

    name: str
    profile: Profile = field(default_factory=Profile)
    listed: bool = False
    takes: frozenset[Scope] = frozenset()
    channels: frozenset[Channel] = frozenset()
    email: str = ""
    recipient: str = ""

    @property
    def destination(self) -> tuple[str, str]:
        """Where something is sealed and sent to: a change of it undoes the verification."""
        return self.email, self.recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An entry as kept, verified against its code. Times are seconds since 1970 UTC."""

    id: OrganisationId
    entry: Entry
    active: bool
    revision: int
    changed_by: StaffId | None
    changed_at: int
    verified_by: StaffId | None = None
    verified_at: int | None = None

    @property
    def name(self) -> str:
        """The official name."""
        return self.entry.name

    @property
    def verified(self) -> bool:
        """Whether somebody read this key's fingerprint aloud with the organisation."""
        return self.verified_at is not None

    @property
    def trusted_recipient(self) -> str | None:
        """The age key to seal to; None while nobody has verified one."""
        return self.entry.recipient if self.verified else None

    @property
    def fingerprint(self) -> str:
        """Of the key, to be read aloud; empty without a key."""
        return fingerprint(self.entry.recipient) if self.entry.recipient else ""

    def takes(self, scope: Scope) -> bool:
        """Whether this may be sent there now."""
        return self.active and scope in self.entry.takes

    def reached_by(self, channel: Channel) -> bool:
        """Whether this channel may be used now."""
        usable = channel is not Channel.EMAIL or (self.verified and bool(self.entry.email))
        return self.active and channel in self.entry.channels and usable
