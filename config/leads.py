"""What the leads' pages are given of the house."""

from zoneinfo import ZoneInfo

from config.house import House
from contacts.forwarding.emergencies import Emergencies
from operator_ui.attendance import TOPIC as PRESENCE_TOPIC
from operator_ui.leading import Leading
from operator_ui.partnering import Partnering


def leading(house: House) -> Leading:
    """Build it; nothing is read yet."""
    held = house.resources
    kept = house.rosters

    async def moved() -> None:
        house.duty.forget()
        await held.bus.publish(PRESENCE_TOPIC, b"")

    return Leading(
        store=held.store,
        clock=held.clock,
        schedule=house.schedule,
        drafts=house.drafts,
        holidays=house.holidays,
        roster=kept.roster,
        days=kept.days,
        swaps=kept.swaps,
        roster_history=kept.history,
        colleagues=kept.colleagues,
        audit=house.office.audit,
        sentences=house.sentences,
        advertised=house.facts.languages,
        zone=ZoneInfo(house.settings.zone),
        country=house.settings.country,
        moved=moved,
        partnering=Partnering(
            organisations=house.partners.organisations,
            wordings=house.partners.wordings,
            emergencies=Emergencies(clock=held.clock, audit=house.office.audit),
        ),
    )
