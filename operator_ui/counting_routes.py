"""All addresses about what is counted: proposals, the statistics key, reviews, the last 24 hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute, Route

from operator_ui.lead_room import ROSTERED, LeadRoom
from operator_ui.operations_page import PATH as OPERATIONS
from operator_ui.operations_page import OperationsPage
from operator_ui.proposal_pages import PATH as PROPOSALS
from operator_ui.proposal_pages import ProposalBook, ProposalPages
from operator_ui.review_pages import COUNTING, ReviewBook, ReviewPages
from operator_ui.review_pages import PATH as REVIEWS
from operator_ui.statistics_pages import PATH as STATISTICS
from operator_ui.statistics_pages import KeyBook, Names, StatisticsPages
from storage.clock import Clock
from storage.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Ports of these pages. `decisions`: code -> label by language; `names`: of staff."""

    store: Store
    clock: Clock
    zone: ZoneInfo
    proposals: ProposalBook
    decisions: Mapping[str, Mapping[str, str]]
    keys: KeyBook
    names: Names
    reviews: ReviewBook


def counting_routes(*, room: LeadRoom, counted: Counted) -> list[BaseRoute]:
    """Routes under /desk/proposals and /desk/lead/statistics."""
    proposals = ProposalPages(room=room, book=counted.proposals, zone=counted.zone, decisions=counted.decisions)
    statistics = StatisticsPages(
        room=room,
        keys=counted.keys,
        store=counted.store,
        clock=counted.clock,
        zone=counted.zone,
        colleagues=counted.names,
    )
    reviews = ReviewPages(
        room=room, book=counted.reviews, store=counted.store, zone=counted.zone, colleagues=counted.names
    )
    operations = OperationsPage(room=room, store=counted.store, clock=counted.clock)
    one, review = PROPOSALS + "/{proposal}", REVIEWS + "/{period}"
    return [
        Route(PROPOSALS, room.shows(proposals.show_all, ROSTERED), methods=["GET"]),
        Route(one, room.shows(proposals.show, ROSTERED), methods=["GET"]),
        Route(one, room.takes(proposals.submit, ROSTERED), methods=["POST"]),
        Route(STATISTICS, room.shows(statistics.show), methods=["GET"]),
        Route(STATISTICS, room.takes(statistics.submit), methods=["POST"]),
        Route(REVIEWS, room.shows(reviews.show_all, COUNTING), methods=["GET"]),
        Route(review, room.shows(reviews.show, COUNTING), methods=["GET"]),
        Route(review, room.takes(reviews.submit, COUNTING), methods=["POST"]),
        Route(review + "/files/{release}", room.shows(reviews.download, COUNTING), methods=["GET"]),
        Route(OPERATIONS, room.shows(operations.show), methods=["GET"]),
    ]
