"""What the pages about counting are given of the house."""

from zoneinfo import ZoneInfo

from config.house import House
from contacts.codes.parties import decisions
from contacts.statistics.proposal_desk import ProposalDesk
from operator_ui.counting_routes import Counted
from storage.engine import Connection
from storage.ids import StaffId


def counted(house: House) -> Counted:
    """Build it; nothing is read yet."""
    held, zone = house.resources, ZoneInfo(house.settings.zone)

    async def names(conn: Connection) -> dict[StaffId, str]:
        return {one.id: one.alias for one in (await house.office.people.everybody(conn)).values()}

    desk = ProposalDesk(
        store=held.store,
        clock=held.clock,
        zone=zone,
        openings=house.openings,
        proposals=house.counting.proposals,
        audit=house.office.audit,
        codes=house.recording.records.codes,
    )
    return Counted(
        store=held.store,
        clock=held.clock,
        zone=zone,
        proposals=desk,
        decisions=decisions(),
        keys=house.office.statistics,
        names=names,
        reviews=house.reviewing.reviews,
    )
