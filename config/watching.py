"""What the pages about keeping and watching are given of the house."""

from zoneinfo import ZoneInfo

from chat.live_reading import LiveReading
from config.erasures import tell_erased
from config.house import House
from contacts.forwarding.stuck import Stuck, stuck
from operator_ui.watching import Watching
from storage.clock import epoch_seconds
from storage.engine import Connection
from storage.ids import OrganisationId


def watching(house: House) -> Watching:
    """Build it; nothing is read yet."""
    kept = house.keeping

    async def standing(conn: Connection) -> tuple[list[Stuck], dict[OrganisationId, str]]:
        found = await stuck(conn, now=epoch_seconds(house.resources.clock.now()))
        ours, _ = await house.partners.organisations.believed(conn)
        return found, {one.id: one.name for one in ours}

    return Watching(
        store=house.resources.store,
        clock=house.resources.clock,
        zone=ZoneInfo(house.settings.zone),
        colleagues=house.rosters.colleagues,
        months=house.office.audit_months,
        retention=kept.retention,
        holds=kept.holds,
        ended=kept.ended,
        reading=kept.reading,
        live=LiveReading(log=house.log, committer=house.committer, closed=kept.reading),
        asked=kept.asked,
        end=house.desk_door.ended,
        erased=tell_erased(house.resources),
        most=house.settings.openings_per_hour,
        stuck=standing,
    )
