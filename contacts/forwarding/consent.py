"""What a consent, a forwarding and an emergency are, as plain values and rules. Pure.

The database refuses on its own what no consent allows (`contacts.forwarding.gate`); what is said here is said earlier, and in
the same words.
"""

from enum import StrEnum
from typing import Final, NewType

from msgspec import Struct

from contacts.forwarding.payload import Scope
from storage.ids import ContactId, OrganisationId, StaffId, WordingId

AskId = NewType("AskId", str)
ConsentId = NewType("ConsentId", str)
ForwardingId = NewType("ForwardingId", str)
EmergencyId = NewType("EmergencyId", str)

DAY: Final = 86_400
DEFAULT_DAYS: Final = 14
LONGEST_DAYS: Final = 90
#: Within this many seconds a lead confirms an emergency, and something may leave because of it.
CONFIRM_WITHIN: Final = DAY


class How(StrEnum):
    """How somebody was asked."""

    CARD = "card"
    SPOKEN = "spoken"
    FORM = "form"


class Reply(StrEnum):
    """What they said."""

    YES = "yes"
    NO = "no"
    CHANGE = "change"


class Minor(StrEnum):
    """Whether it is about somebody under 18. `YES`: a lead is asked as well."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Giver(StrEnum):
    """Who consents."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    PROFESSIONAL = "professional"
    """Somebody who has the person's agreement."""


class Representative(StrEnum):
    """Who consents for somebody else."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    CHILD_WELFARE = "child_welfare"
    RELATIVE = "relative"
    TRUSTEE = "trustee"
    OTHER = "other"


class Suspected(StrEnum):
    """Whether a representative may be the exploiter, or protect them. Only `NO` can consent for another."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class ChildHeard(StrEnum):
    """Whether the child was heard when somebody else consents. Not having asked is no answer."""

    HEARD = "heard"
    TOO_YOUNG = "too_young"
    NO_CHILD = "no_child"
    """It is about an adult who has a representative."""


class Withdrawer(StrEnum):
    """Who took a consent back."""

    VISITOR = "visitor"
    OPERATOR = "operator"
    ERASURE = "erasure"


class Moved(StrEnum):
    """Where a forwarding stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """Why it stands there, where that needs saying."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_LAPSED = "consent_lapsed"
    """Its time was up before it was handed to transmission."""
    TAKEN_BACK = "taken_back"
    """The operator took it back before it was handed over."""
    NOT_DELIVERED = "not_delivered"
    """It did not arrive, as somebody found out."""
    UNCONFIRMED = "unconfirmed"
    """The connection ended while it was handed over, and a person gave up waiting."""
    UNREACHABLE = "unreachable"
    """From here to `DESTINATION_CHANGED`: it is certain that nothing was handed over (`contacts.forwarding.post.Reason`)."""
    NOT_SECURE = "not_secure"
    NOT_ADMITTED = "not_admitted"
    REFUSED = "refused"
    LATER = "later"
    NOT_SET_UP = "not_set_up"
    DESTINATION_CHANGED = "destination_changed"
    """Address or key of the organisation are not those any more for which this was sealed."""
    UNREADABLE = "unreadable"
    CANNOT_HELP = "cannot_help"
    NOT_RESPONSIBLE = "not_responsible"
    NO_CAPACITY = "no_capacity"
    PERSON_UNREACHABLE = "person_unreachable"
    PERSON_DECLINED = "person_declined"
    IN_SERVICE = "in_service"


class Authority(StrEnum):
    """Who was told in an emergency."""

    EMERGENCY_SERVICES = "emergency_services"
    POLICE = "police"
    CHILD_PROTECTION = "child_protection"
    SOCIAL_EMERGENCY = "social_emergency"
    OTHER = "other"


class Danger(StrEnum):
    """Why somebody acted without consent."""

    DANGER_TO_LIFE = "danger_to_life"
    DANGER_TO_HEALTH = "danger_to_health"
    CHILD_AT_RISK = "child_at_risk"
    OTHERS_AT_RISK = "others_at_risk"


class Basis(StrEnum):
    """The law it rests on (Finland; the names of the acts are in docs/decisions/consent-gate.md)."""

    VITAL_INTERESTS = "vital_interests"
    CHILD_WELFARE_DUTY = "child_welfare_duty"
    SERIOUS_OFFENCE_DUTY = "serious_offence_duty"
    RESCUE_DUTY = "rescue_duty"


class Verdict(StrEnum):
    """What a lead says of an emergency afterwards."""

    AGREED = "agreed"
    DISAGREED = "disagreed"


class Denial(StrEnum):
    """Why something about consent was not done."""

    NOT_THERE = "not_there"
    NOT_ASKED_SO = "not_asked_so"
    NOT_ANSWERED_YES = "not_answered_yes"
    ALREADY = "already"
    LEAD_NEEDED = "lead_needed"
    NOT_A_LEAD = "not_a_lead"
    SAME_PERSON = "same_person"
    SUSPECTED = "suspected"
    CHILD_NOT_HEARD = "child_not_heard"
    REPRESENTATIVE_UNCLEAR = "representative_unclear"
    TOO_LONG = "too_long"
    NOT_LIVE = "not_live"
    NOT_ALLOWED = "not_allowed"
    """The database refused."""


class Denied(Exception):
    """Not done; nothing was stored. The code is all it says."""

    def __init__(self, code: Denial) -> None:
        super().__init__(code.value)
        self.code = code


class Question(Struct, frozen=True, kw_only=True):
    """What somebody is asked to agree to. Times are seconds since 1970 UTC.

    `fields`: names of the payload's items (and `summary`, when there is one); `digest`: `payload.digest` of its bytes;
    `payload`: the number it is kept under (`payloads.Payloads`); `until`: the last moment at which it may be sent.
    """

    contact: ContactId
    organisation: OrganisationId
    scope: Scope
    fields: tuple[str, ...]
    digest: bytes
    payload: int
    wording: WordingId
    wording_version: int
    language: str
    how: How
    minor: Minor
    until: int


class Ask(Struct, frozen=True, kw_only=True):
    """A question that was put to somebody, and what became of it. `entry`: the card's number in the transcript."""

    id: AskId
    question: Question
    asked_by: StaffId
    asked_at: int
    entry: int | None = None
    answer: Reply | None = None
    answered_at: int | None = None
    lead: StaffId | None = None
    cancelled: bool = False


class Given(Struct, frozen=True, kw_only=True):
    """Who said yes, as the operator knows it."""

    giver: Giver = Giver.SELF
    interpreter: bool = False
    representative: Representative | None = None
    suspected: Suspected | None = None
    child_heard: ChildHeard | None = None


class Consent(Struct, frozen=True, kw_only=True):
    """A yes, recorded by an operator."""

    id: ConsentId
    ask: AskId
    question: Question
    given: Given
    recorded_by: StaffId
    given_at: int
    lead: StaffId | None = None
    withdrawn_at: int | None = None
    withdrawn_by: Withdrawer | None = None

    def live(self, now: int) -> bool:
        """Whether something may be sent because of it at `now`."""
        return self.withdrawn_at is None and self.given_at <= now < self.question.until


def listed_fields(fields: tuple[str, ...]) -> str:
    """The names as they are stored: sorted, with commas. Raises `Denied` when there are none, or one has a comma."""
    if not fields or len(set(fields)) < len(fields) or any(not name or "," in name for name in fields):
        raise Denied(Denial.NOT_ASKED_SO)
    return ",".join(sorted(fields))


def check_term(now: int, until: int) -> None:
    """At most 90 days, and not over yet. Raises `Denied`."""
    if not now < until <= now + LONGEST_DAYS * DAY:
        raise Denied(Denial.TOO_LONG)


def check_given(given: Given, minor: Minor) -> None:
    """Who may say yes for whom. Raises `Denied`: suspected, child_not_heard, representative_unclear.

    A parent or guardian may be the exploiter: unless it is recorded that they are *not* suspected, they consent for nobody.
    """
    if given.giver is not Giver.REPRESENTATIVE:
        if given.representative is not None or given.suspected is not None or given.child_heard is not None:
            raise Denied(Denial.REPRESENTATIVE_UNCLEAR)
        return
    if given.representative is None:
        raise Denied(Denial.REPRESENTATIVE_UNCLEAR)
    if given.suspected is not Suspected.NO:
        raise Denied(Denial.SUSPECTED)
    if given.child_heard is None or (minor is Minor.YES and given.child_heard is ChildHeard.NO_CHILD):
        raise Denied(Denial.CHILD_NOT_HEARD)
