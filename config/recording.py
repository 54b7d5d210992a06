"""The services of coded records, built."""

from dataclasses import dataclass

from config.office import Office
from config.resources import Resources
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.openings import Openings
from contacts.record_door import Given, RecordDoor
from contacts.record_facts import Facts
from contacts.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`records`: for whoever shows an opening; `door`: for the operator whose contact it is."""

    records: Records
    door: RecordDoor


def recording(
    held: Resources, people: Office, *, log: Log, keyring: Keyring, openings: Openings, facts: Facts, given: Given
) -> Recording:
    """Build them on the house's other services. `facts`: who is told of each save; `given`: what came with a contact."""
    records = Records(store=held.store, clock=held.clock, keyring=keyring, audit=people.audit, facts=facts)
    return Recording(
        records=records, door=RecordDoor(store=held.store, log=log, openings=openings, records=records, given=given)
    )
