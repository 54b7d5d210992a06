"""The contact form's services, built."""

import contextlib
from dataclasses import dataclass
from functools import partial

from chat import form_rules
from chat.form_desk import FormDesk
from chat.form_door import TOPIC, FormDoor
from chat.form_list import Alias, FormList
from chat.proposal_door import ProposalDoor
from config.resources import Resources
from contacts.committer import Committer, Unit
from contacts.contact import Refused
from contacts.form_messages import FormMessages
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.openings import Openings
from contacts.statistics.proposals import Proposals
from duty.opening import Duty
from duty.presence import Presence
from storage.bus import Bus
from storage.ids import ContactId, StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """`door`: for those who write; `proposing`: for professionals who propose somebody; `desk`: for those who read; `waiting`: what nobody has dealt with."""

    door: FormDoor
    proposing: ProposalDoor
    desk: FormDesk
    waiting: FormList


def forms(
    res: Resources,
    *,
    committer: Committer,
    log: Log,
    keyring: Keyring,
    openings: Openings,
    presence: Presence,
    presence_topic: str,
    duty: Duty,
    alias: Alias,
    proposals: Proposals,
) -> Forms:
    """Build them on the house's other services."""
    messages = FormMessages(app_key=res.app_key, keyring=keyring)
    return Forms(
        door=FormDoor(store=res.store, clock=res.clock, messages=messages, duty=duty, bus=res.bus),
        proposing=ProposalDoor(store=res.store, clock=res.clock, messages=messages, proposals=proposals, bus=res.bus),
        desk=FormDesk(
            store=res.store,
            log=log,
            committer=committer,
            messages=messages,
            keyring=keyring,
            openings=openings,
            presence=presence,
            bus=res.bus,
        ),
        waiting=FormList(
            store=res.store,
            messages=messages,
            presence=presence,
            alias=alias,
            bus=res.bus,
            presence_topic=presence_topic,
        ),
    )


async def took_by_phone(committer: Committer, bus: Bus, contact: ContactId, staff: StaffId) -> None:
    """Somebody pressed 1 for an urgent message: it is theirs, unless a colleague had it before."""
    with contextlib.suppress(Refused):
        await committer.submit(Unit(contact, partial(form_rules.taken_by_phone, staff=staff)))
        await bus.publish(TOPIC, b"")
