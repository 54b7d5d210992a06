"""Calls at the desk, and the leads' list of interpreters: what their pages are given of the house."""

from starlette.routing import BaseRoute

from config.house import House
from contacts.app_key import SettingSecrets
from contacts.contact import Refusal, Refused
from contacts.interpreters import Interpreters
from contacts.people import KEY_HOLDERS, Role, Standing
from contacts.session import Session
from hotline.call_desk import Number
from operator_ui.calls import Asked, CallBook, call_routes
from operator_ui.interpreter_pages import InterpreterPages
from operator_ui.lead_room import LeadRoom
from storage.ids import ContactId


class NoCalls:
    """There are none."""

    async def _none(self, *_asked: object) -> None:
        raise Refused(Refusal.NOT_YOURS)

    answer = add = end = take = put_back = dealt_with = call_back = _none

    async def message(self, _session: Session, _contact: ContactId) -> bytes:
        """In no call."""
        raise Refused(Refusal.NOT_YOURS)

    async def number(self, _session: Session, _contact: ContactId) -> Number:
        """Of no call."""
        raise Refused(Refusal.NOT_YOURS)


def calls_at_desk(house: House, room: LeadRoom) -> list[BaseRoute]:
    """Without a telephone company there are no calls, and the addresses say so."""
    line, held = house.hotline, house.resources
    calls: CallBook = NoCalls() if line is None else line.desk
    secrets = SettingSecrets(app_key=held.app_key, deployment=held.deployment)
    listed = Interpreters(secrets=secrets, audit=house.office.audit)
    store, people = house.resources.store, house.office.people

    async def whom(session: Session) -> list[Asked]:
        """Interpreters, then leads and colleagues whose telephone is known; of colleagues only who may hear a caller."""
        if session.role not in KEY_HOLDERS:
            raise Refused(Refusal.NOT_YOURS)
        async with store.read() as conn:
            interpreters = await listed.everybody(conn)
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

    pages = InterpreterPages(room=room, store=store, interpreters=listed)
    return [
        *pages.routes(),
        *call_routes(calls=calls, whom=whom, sessions=house.office.sessions, facts=house.facts),
    ]
