"""Calls at the desk, and the leads' list of interpreters: what their pages are given of the house."""

from starlette.routing import BaseRoute

from config.assembly import House
from contacts.people import KEY_HOLDERS, Role, Standing
from contacts.session import Session
from operator_ui.assets import Assets
from operator_ui.calls import Asked, call_routes
from operator_ui.interpreter_pages import InterpreterPages
from operator_ui.lead_room import LeadRoom
from operator_ui.reception import Reception
from operator_ui.rendering import Rendering
from operator_ui.wording import Wording


def calls_at_desk(house: House) -> list[BaseRoute]:
    """Nothing without a telephone company."""
    line = house.hotline
    if line is None:
        return []
    store, people = house.resources.store, house.office.people

    async def whom(session: Session) -> list[Asked]:
        """Interpreters, then leads and colleagues whose telephone is known; of colleagues only who may hear a caller."""
        if session.role not in KEY_HOLDERS:
            return []
        async with store.read() as conn:
            interpreters = await line.interpreters.everybody(conn)
            numbers = await house.office.numbers.everybody(conn)
            everybody = await people.everybody(conn)
        asked = [
            one
            for one in everybody.values()
            if one.id in numbers
            and one.id != session.staff_id
            and one.role in KEY_HOLDERS
            and one.state is not Standing.LEFT
        ]
        asked.sort(key=lambda one: (one.role is not Role.LEAD, one.alias))
        return [
            *(Asked("interpreter", one.id, one.name, one.language) for one in interpreters),
            *(Asked("lead", one.id, one.alias) for one in asked),
        ]

    rendering = Rendering(
        facts=house.facts, assets=Assets(), wording=Wording(), second_factor=house.settings.needs_second_factor
    )
    room = LeadRoom(reception=Reception(sessions=house.office.sessions, facts=house.facts), rendering=rendering)
    pages = InterpreterPages(room=room, store=store, interpreters=line.interpreters)
    return [
        *pages.routes(),
        *call_routes(calls=line.desk, whom=whom, sessions=house.office.sessions, facts=house.facts),
    ]
