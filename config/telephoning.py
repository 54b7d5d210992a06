"""The leads' pages about the telephone: what they are given of the house."""

from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from config.house import House
from hotline.twiml import RETRY, ROOT
from hotline.verbs import Step
from operator_ui.lead_room import LeadRoom
from operator_ui.telephone_pages import TelephonePages
from operator_ui.telephoning import Provided, Telephoning


def telephone_pages(house: House, room: LeadRoom) -> list[BaseRoute]:
    """Also without a telephone company: numbers can be entered before the first call."""
    held, settings, line = house.resources, house.settings, house.hotline
    hooks = f"{settings.address.rstrip('/')}{ROOT}"
    telephoning = Telephoning(
        store=held.store,
        clock=held.clock,
        zone=ZoneInfo(settings.zone),
        colleagues=house.rosters.colleagues,
        numbers=house.office.numbers,
        roster=house.rosters.roster,
        loads=house.log.loads,
        audit=house.office.audit,
        own_number=settings.telephone.e164,
        provided=None
        if line is None
        else Provided(
            voice=f"{hooks}/{Step.VOICE}{RETRY}",
            status=f"{hooks}/{Step.STATUS}{RETRY}",
            prompts=line.prompts,
            voicemail=settings.voicemail,
        ),
    )
    return TelephonePages(room=room, telephoning=telephoning).routes()
