"""Consent and what leaves by it: the services of the gate, the cards of the chat, the tab of the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chat.cards import Cards
from chat.desk_door import DeskDoor
from chat.public_facts import PublicFacts
from config.office import Office
from config.partners import Partners
from config.resources import Resources
from contacts.committer import Committer
from contacts.forwarding.consents import Consents
from contacts.forwarding.emergencies import Emergencies
from contacts.forwarding.following import Following
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.payload import Sender
from contacts.forwarding.payloads import Payloads
from contacts.forwarding.proposing import Proposing
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.record_door import RecordDoor
from operator_ui.consent_composing import Composing
from operator_ui.consent_desk import ConsentDesk
from operator_ui.emergencies_line import Count, Listen

#: On the bus: somebody acted without consent; the desks of leads look.
ACTED_TOPIC = "acted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the database guards (contacts.forwarding)."""

    consents: Consents
    forwardings: Forwardings
    emergencies: Emergencies
    payloads: Payloads


def gate(held: Resources, people: Office, *, keyring: Keyring, proposing: Proposing | None = None) -> Gate:
    """Build its services."""
    clock, audit = held.clock, people.audit
    return Gate(
        consents=Consents(store=held.store, clock=clock, audit=audit, proposing=proposing),
        forwardings=Forwardings(clock=clock, audit=audit, proposing=proposing),
        emergencies=Emergencies(clock=clock, audit=audit),
        payloads=Payloads(keyring=keyring, clock=clock),
    )


def sender(facts: PublicFacts) -> Sender:
    """Who we are to those who receive something."""
    return Sender(name=facts.name, telephone=facts.phone_display)


def consent_desk(
    held: Resources,
    *,
    facts: PublicFacts,
    gate: Gate,
    following: Following,
    cards: Cards,
    committer: Committer,
    log: Log,
    record_door: RecordDoor,
    desk_door: DeskDoor,
    partners: Partners,
) -> ConsentDesk:
    """The operator's side."""
    settings = held.settings

    async def announce() -> None:
        await held.bus.publish(ACTED_TOPIC, b"")

    return ConsentDesk(
        store=held.store,
        clock=held.clock,
        zone=ZoneInfo(settings.zone),
        composing=Composing(
            store=held.store,
            clock=held.clock,
            zone=ZoneInfo(settings.zone),
            country=settings.country,
            document=settings.default_language,
            sender=sender(facts),
            organisations=partners.organisations,
            wordings=partners.wordings,
        ),
        log=log,
        record_door=record_door,
        organisations=partners.organisations,
        consents=gate.consents,
        following=following,
        emergencies=gate.emergencies,
        committer=committer,
        payloads=gate.payloads,
        cards=cards,
        desk_door=desk_door,
        announce=announce,
    )


def emergencies_of(held: Resources, guarded: Gate) -> tuple[Count, Listen]:
    """How many emergencies no lead has looked at, and how to hear that somebody acted."""
    listeners: list[Callable[[], None]] = []

    async def count() -> int:
        async with held.store.read() as conn:
            return len(await guarded.emergencies.unconfirmed(conn))

    def listen(handler: Callable[[], None]) -> Callable[[], None]:
        listeners.append(handler)
        return lambda: listeners.remove(handler)

    def heard(_: bytes) -> None:
        for handler in tuple(listeners):
            handler()

    held.bus.subscribe(ACTED_TOPIC, heard)
    return count, listen
