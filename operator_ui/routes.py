"""All addresses of the staff's pages but the socket."""

from starlette.routing import BaseRoute, Route

from operator_ui.enrolment import EnrolmentPages
from operator_ui.notes import NotePages
from operator_ui.pages import DeskPages
from operator_ui.reception import Alias, Confirmations, Enrolments, NoteBook, Reception, SessionBook, SignIns
from operator_ui.rendering import Rendering
from operator_ui.sign_in import SignInPages
from storage.clock import Clock


def desk_routes(
    *,
    rendering: Rendering,
    reception: Reception,
    clock: Clock,
    zone: str,
    sign_ins: SignIns,
    sessions: SessionBook,
    enrolments: Enrolments,
    confirmations: Confirmations,
    door: NoteBook,
    alias: Alias,
) -> list[BaseRoute]:
    """Routes under /desk, and the files. `zone`: IANA name; every desk shows the helpline's own time, wherever it stands."""
    desk = DeskPages(
        reception=reception,
        sessions=sessions,
        confirmations=confirmations,
        rendering=rendering,
        clock=clock,
        zone=zone,
    )
    door_pages = SignInPages(sign_ins=sign_ins, sessions=sessions, reception=reception, rendering=rendering)
    enrolment = EnrolmentPages(enrolments=enrolments, rendering=rendering)
    notes = NotePages(notes=door, reception=reception, facts=rendering.facts, alias=alias)
    return [
        Route("/desk", desk.show, methods=["GET"]),
        Route("/desk/lock", desk.lock, methods=["POST"]),
        Route("/desk/unlock", desk.unlock, methods=["POST"]),
        Route("/desk/sign-in", door_pages.show, methods=["GET"]),
        Route("/desk/sign-in", door_pages.submit, methods=["POST"]),
        Route("/desk/sign-out", door_pages.sign_out, methods=["POST"]),
        Route("/desk/enrol", enrolment.show, methods=["GET"]),
        Route("/desk/enrol", enrolment.submit, methods=["POST"]),
        Route("/desk/contacts/{contact}/notes", notes.read, methods=["GET"]),
        Route("/desk/contacts/{contact}/notes", notes.write, methods=["POST"]),
        rendering.assets.route(),
    ]
