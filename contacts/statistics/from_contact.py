"""What is counted about a contact that has ended: pure functions of the contact."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from contacts.contact import Contact
from contacts.record import suggested
from contacts.statistics.fact import Codes, Fact, Unit, plain
from contacts.statistics.periods import month_of

#: How a duration is told: less than so many minutes.
DURATIONS: Final = ((5, "under_5"), (15, "5_to_15"), (30, "15_to_30"), (60, "30_to_60"))
_LONGEST: Final = "over_60"
_WAIT_STEP: Final = 5


def service_fact(contact: Contact, zone: ZoneInfo) -> Fact:
    """The fact about us. `outcome`: how it ended; `answered`: whether anybody had come by then."""
    began = datetime.fromtimestamp(contact.opened_at, UTC).astimezone(zone)
    ended_by = contact.ended_by
    codes: dict[str, tuple[str, ...]] = {
        "channel": (contact.door.value,),
        "language": (contact.language,),
        "weekday": (str(began.isoweekday()),),
        "band": (_band(began.hour),),
        "answered": ("no" if contact.accepted_at is None else "yes",),
        "outcome": ("unsaid" if ended_by is None else ended_by.value,),
    }
    if contact.accepted_at is not None and contact.ended_at is not None:
        codes["duration"] = (_duration(contact.ended_at - contact.accepted_at),)
    wait = None if contact.waited is None else max(contact.waited, 0) // _WAIT_STEP * _WAIT_STEP
    return Fact(unit=Unit.SERVICE, month=month_of(began, zone), codes=codes, wait=wait)


def person_fact(contact: Contact, zone: ZoneInfo, codes: Codes | None, handle: str) -> Fact:
    """The fact about the person: what the record says, with the channel and the language of the contact.

    `codes` None: there is no record; what the house knows by itself stands for it.
    """
    began = datetime.fromtimestamp(contact.opened_at, UTC)
    known = {"channel": (contact.door.value,), "language": (contact.language,)}
    said = plain(suggested(contact) if codes is None else codes)
    return Fact(unit=Unit.CONTACT, month=month_of(began, zone), codes=known | said, handle=handle)


def _band(hour: int) -> str:
    start = hour // 4 * 4
    return f"{start:02}_to_{start + 4:02}"


def _duration(seconds: int) -> str:
    return next((name for minutes, name in DURATIONS if seconds < minutes * 60), _LONGEST)
