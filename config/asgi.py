"""The web application: every door's addresses, and what stands before them."""

import structlog
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Scope

from chat.cookies import read_token
from chat.form_pages import form_routes
from chat.organisation_pages import organisation_routes
from chat.page_builder import VisitorPage
from chat.pages import visitor_not_found, visitor_routes
from chat.proposal_pages import proposal_routes
from chat.rate import DESK_RATE, VISITOR_RATE, Rate
from chat.socket import SocketDoor
from chat.visitor_socket import VisitorSocket
from config.calls import calls_at_desk
from config.consents import consent_desk, emergencies_of
from config.counted import counted
from config.demo_phone import demo_phone_routes
from config.edge import Anonymous, BodyLimits, Buckets, Endings
from config.erasures import hear_erased
from config.house import House
from config.leads import leading
from config.operations import operations_routes
from config.settings import Mode
from config.telephoning import telephone_pages
from config.watching import watching
from contacts.codes.parties import professional_parties
from contacts.session import Session
from hotline.webhooks import PATIENCE_SECONDS, hotline_routes
from operator_ui.assets import Assets
from operator_ui.consents import consent_routes
from operator_ui.counting_routes import counting_routes
from operator_ui.desk_socket import DeskSocket
from operator_ui.emergency_act import EmergencyActPages
from operator_ui.form_messages import form_message_routes
from operator_ui.forwardings import forwarding_routes
from operator_ui.keeping_routes import keeping_routes
from operator_ui.lead_room import LeadRoom
from operator_ui.lead_routes import lead_routes
from operator_ui.minor_pages import MinorPages
from operator_ui.reception import Reception
from operator_ui.records import record_routes
from operator_ui.rendering import Rendering
from operator_ui.routes import desk_routes
from operator_ui.wording import Wording


def create_app(
    house: House, *, visitor_rate: Rate = VISITOR_RATE, desk_rate: Rate = DESK_RATE, weighed: bool = True
) -> ASGIApp:
    """The application of one web process, on a house whose tasks the caller runs. Rates are of one socket.

    `weighed`: every document is made once before anybody is served, which takes a fifth of a second. Raises PageTooHeavy.
    """
    clock, facts = house.resources.clock, house.facts
    page = VisitorPage(facts=facts, translations=house.translations, sentences=house.sentences)
    if weighed:
        page.weigh()
    not_found = visitor_not_found(page=page, facts=facts)
    reception = Reception(sessions=house.office.sessions, facts=facts)
    rendering = Rendering(
        facts=facts,
        assets=Assets(),
        wording=Wording(),
        second_factor=house.settings.needs_second_factor,
        to_folder=house.leaving.to_folder,
    )
    room = LeadRoom(reception=reception, rendering=rendering)
    routes: list[BaseRoute] = [
        WebSocketRoute("/socket", _visitor_socket(house, visitor_rate)),
        WebSocketRoute("/desk/socket", _desk_socket(house, desk_rate)),
        *operations_routes(house),
        *desk_routes(
            rendering=rendering,
            reception=reception,
            clock=clock,
            zone=house.settings.zone,
            sign_ins=house.office.sign_in,
            sessions=house.office.sessions,
            enrolments=house.office.enrolment,
            confirmations=house.office.passphrase_check,
            door=house.desk_door,
            alias=house.aliases.of,
        ),
        *record_routes(
            records=house.recording.door,
            sessions=house.office.sessions,
            facts=facts,
            alias=house.aliases.of,
            country=house.settings.country,
        ),
        *_consent_routes(house, room),
        *lead_routes(room=room, leading=leading(house)),
        *telephone_routes(house),
        *telephone_pages(house, room),
        *calls_at_desk(house, room),
        *(demo_phone_routes(house) if house.settings.mode is Mode.DEMO else ()),
        *keeping_routes(room=room, watching=watching(house)),
        *counting_routes(room=room, counted=counted(house)),
        *form_message_routes(forms=house.forms.desk, sessions=house.office.sessions, facts=facts),
        *forwarding_routes(
            sending=house.leaving.sending,
            following=house.leaving.following,
            sessions=house.office.sessions,
            facts=facts,
        ),
        *form_routes(door=house.forms.door, page=page, facts=facts, translations=house.translations, clock=clock),
        *organisation_routes(listed=house.partners.listed, page=page, facts=facts),
        *proposal_routes(
            door=house.forms.proposing,
            page=page,
            facts=facts,
            translations=house.translations,
            parties=professional_parties(),
            clock=clock,
        ),
        *visitor_routes(door=house.visitor_door, page=page, facts=facts, sentences=house.sentences, clock=clock),
    ]

    async def nothing_here(request: Request, _error: Exception) -> Response:
        return await not_found(request)

    app = Starlette(routes=routes, exception_handlers={404: nothing_here, 405: nothing_here, 500: _fault})
    app.router.redirect_slashes = False  # it would send people to http:// and to whatever `Host` says
    return Anonymous(
        BodyLimits(Endings(app, stopping=house.stopping)),
        buckets=Buckets(clock=clock),
        trusted=house.settings.trusted_proxies,
    )


def _consent_routes(house: House, room: LeadRoom) -> list[BaseRoute]:
    desk = consent_desk(
        house.resources,
        facts=house.facts,
        gate=house.gate,
        following=house.leaving.following,
        cards=house.cards,
        committer=house.committer,
        log=house.log,
        record_door=house.recording.door,
        desk_door=house.desk_door,
        partners=house.partners,
    )
    emergency = EmergencyActPages(room=room, desk=desk)
    minors = MinorPages(
        room=room,
        store=house.resources.store,
        log=house.log,
        consents=house.gate.consents,
        organisations=house.partners.organisations,
        alias=house.aliases.of,
    )
    return [
        *consent_routes(consents=desk, sessions=house.office.sessions, facts=house.facts),
        *emergency.routes(),
        *minors.routes(),
    ]


def _visitor_socket(house: House, rate: Rate) -> VisitorSocket:
    def token(scope: Scope) -> str | None:
        return read_token(HTTPConnection(scope), house.facts)

    return VisitorSocket(
        sockets=SocketDoor(clock=house.resources.clock, pulse=house.pulse, origin=house.facts.origin, rate=rate),
        door=house.visitor_door,
        live=house.live,
        read_token=token,
    )


def _desk_socket(house: House, rate: Rate) -> DeskSocket:
    reception = Reception(sessions=house.office.sessions, facts=house.facts)

    async def session(scope: Scope) -> Session | None:
        return await reception.holder_of(HTTPConnection(scope))

    return DeskSocket(
        sockets=SocketDoor(clock=house.resources.clock, pulse=house.pulse, origin=house.facts.origin, rate=rate),
        door=house.desk_door,
        live=house.live,
        places=house.places,
        forms=house.forms.waiting,
        attendance=house.attendance,
        find_session=session,
        emergencies=emergencies_of(house.resources, house.gate),
        calls=house.hotline.listed if house.hotline is not None else None,
        erased=hear_erased(house.resources),
    )


def telephone_routes(house: House, *, patience: float = PATIENCE_SECONDS) -> list[Route]:
    """Where the telephone company reports; nothing without one. `patience`: what the database may take, in seconds."""
    line = house.hotline
    if line is None:
        return []
    return hotline_routes(
        signature=line.signature,
        switchboard=line.switchboard,
        apart=line.apart,
        spool=line.spool,
        prompts=line.prompts,
        patience=patience,
    )


async def _fault(_request: Request, error: Exception) -> Response:
    structlog.get_logger().error("request_failed", exc_info=error)
    return PlainTextResponse(
        "Something is wrong on our side. Please try again in a minute, or call us.\n",
        503,
        headers={"cache-control": "no-store"},
    )
