"""What is counted: the services of facts, built."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.office import Office
from config.resources import Resources, alarm
from contacts.keyring import Keyring
from contacts.statistics.fact_book import FactBook
from contacts.statistics.facts import Facts
from contacts.statistics.handles import Handles
from contacts.statistics.mover import Mover
from contacts.statistics.pending import PendingFacts
from contacts.statistics.proposals import Proposals
from contacts.statistics.recorded import RecordedFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """`facts`: told of endings; `recorded`: of records; `proposals`: of proposals; `book`: opened by analysts."""

    facts: Facts
    recorded: RecordedFacts
    proposals: Proposals
    mover: Mover
    book: FactBook


def counting(res: Resources, people: Office, *, keyring: Keyring) -> Counting:
    """Build them; nothing is read or written yet."""
    zone = ZoneInfo(res.settings.zone)
    pending, handles = PendingFacts(app_key=res.app_key, deployment=res.deployment), Handles(keyring=keyring)
    facts = Facts(clock=res.clock, zone=zone, keys=people.statistics, pending=pending, handles=handles)
    proposals = Proposals(clock=res.clock, zone=zone, facts=facts, keyring=keyring)
    return Counting(
        facts=facts,
        recorded=RecordedFacts(facts=facts, proposals=proposals),
        proposals=proposals,
        mover=Mover(store=res.store, clock=res.clock, zone=zone, facts=facts, pending=pending, handles=handles),
        book=FactBook(
            store=res.store, audit=people.audit, alarm=alarm, deployment=res.deployment, keys=people.statistics
        ),
    )
