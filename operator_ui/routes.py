"""All addresses of the staff's pages but the socket."""

from starlette.routing import BaseRoute, Route

from chat.public_facts import PublicFacts
from operator_ui.assets import Assets
from operator_ui.enrolment import EnrolmentPages
from operator_ui.notes import NotePages
from operator_ui.pages import DeskPages
from operator_ui.reception import Alias, Confirmations, Enrolments, NoteBook, Reception, SessionBook, SignIns
from operator_ui.rendering import Rendering
from operator_ui.sign_in import SignInPages
from operator_ui.wording import Wording
from storage.clock import Clock


def desk_routes(
    *,
    facts: PublicFacts,
    second_factor: bool,
    to_folder: bool = False,
    clock: Clock,
    zone: str,
    sign_ins: SignIns,
    sessions: SessionBook,
    enrolments: Enrolments,
    confirmations: Confirmations,
    door: NoteBook,
    alias: Alias,
) -> list[BaseRoute]:
    """Routes under /desk. Reads templates, catalogues and files once; raises when one of them is broken.

    `to_folder`: nothing is really mailed (the demo), and the pages say so. `zone`: IANA name; every desk shows the helpline's own time, wherever it stands.
    """
    assets = Assets()
    rendering = Rendering(
        facts=facts, assets=assets, wording=Wording(), second_factor=second_factor, to_folder=to_folder
    )
    reception = Reception(sessions=sessions, facts=facts)
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
    notes = NotePages(notes=door, reception=reception, facts=facts, alias=alias)
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
        assets.route(),
    ]
