"""All addresses of the pages about keeping and watching."""

from starlette.routing import BaseRoute, Route

from contacts.people import KEY_HOLDERS
from operator_ui.audit_pages import PATH as AUDIT
from operator_ui.audit_pages import AuditPages
from operator_ui.closed_pages import PATH as CLOSED
from operator_ui.closed_pages import ClosedPages
from operator_ui.lead_room import LeadRoom
from operator_ui.live_pages import PATH as LIVE
from operator_ui.live_pages import LivePages
from operator_ui.retention_pages import PATH as RETENTION
from operator_ui.retention_pages import RetentionPages
from operator_ui.watching import Watching


def keeping_routes(*, room: LeadRoom, watching: Watching) -> list[BaseRoute]:
    """Routes under /desk/lead and /desk/closed. Files are served by `desk_routes`."""
    audit = AuditPages(room=room, watching=watching)
    retention = RetentionPages(room=room, watching=watching)
    closed = ClosedPages(room=room, watching=watching)
    live = LivePages(room=room, watching=watching)
    one = CLOSED + "/{contact}"
    return [
        Route(AUDIT, room.shows(audit.show), methods=["GET"]),
        Route(LIVE, room.shows(live.list), methods=["GET"]),
        Route(LIVE + "/{contact}", room.shows(live.show), methods=["GET"]),
        Route(LIVE + "/{contact}", room.takes(live.submit), methods=["POST"]),
        Route(RETENTION, room.shows(retention.show), methods=["GET"]),
        Route(RETENTION, room.takes(retention.submit), methods=["POST"]),
        Route(CLOSED, room.shows(closed.list, KEY_HOLDERS), methods=["GET"]),
        Route(one, room.shows(closed.ask, KEY_HOLDERS), methods=["GET"]),
        Route(one, room.takes(closed.open, KEY_HOLDERS), methods=["POST"]),
        Route(one + "/erase", room.shows(closed.ask_erasure, KEY_HOLDERS), methods=["GET"]),
        Route(one + "/erase", room.takes(closed.erase, KEY_HOLDERS), methods=["POST"]),
    ]
