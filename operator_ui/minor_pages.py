"""Questions of consent about somebody under 18: a lead, who is not the one who asks, looks at each and agrees, or does not."""

from starlette.responses import Response
from starlette.routing import BaseRoute

from contacts.forwarding.consent import Ask, AskId, Denied
from contacts.forwarding.consents import Consents
from contacts.log import Log
from contacts.organisations.organisations import Organisations
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.reception import Alias
from storage.engine import Store

PATH = "/desk/lead/minors"


class MinorPages:
    """GET and POST of `PATH`. The tag, and no word of a contact: the operator tells the lead what it is about."""

    def __init__(
        self,
        *,
        room: LeadRoom,
        store: Store,
        log: Log,
        consents: Consents,
        organisations: Organisations,
        alias: Alias,
    ) -> None:
        self._room = room
        self._store = store
        self._log = log
        self._consents = consents
        self._organisations = organisations
        self._alias = alias

    def routes(self) -> list[BaseRoute]:
        """For leads."""
        return self._room.both(PATH, show=self.show, submit=self.submit)

    async def show(self, visit: Visit) -> Response:
        """Those that wait, oldest first."""
        return await self._page(visit)

    async def submit(self, visit: Visit) -> Response:
        """A lead agrees to one of them."""
        try:
            async with self._store.write() as conn:
                await self._consents.agreed_by_lead(conn, AskId(visit.posted.one("ask")), by=visit.session)
        except Denied:
            return await self._page(visit, refused=True, status=409)
        return self._room.rendering.redirect(f"{PATH}?told=minor_agreed")

    async def _page(self, visit: Visit, *, refused: bool = False, status: int = 200) -> Response:
        async with self._store.read() as conn:
            waiting = await self._consents.waiting_for_lead(conn)
            named = [(ask, await self._organisations.find(conn, ask.question.organisation)) for ask in waiting]
        cases = [await self._case(ask, "" if to is None else to.name, visit) for ask, to in named]
        return self._room.page(visit, "lead_minors.html", here="minors", status=status, cases=cases, refused=refused)

    async def _case(self, ask: Ask, to: str, visit: Visit) -> dict[str, object]:
        contact = await self._log.contact(ask.question.contact)
        return {
            "id": ask.id,
            "tag": "" if contact is None else contact.tag,
            "by": await self._alias(ask.asked_by) or "",
            "to": to,
            "scope": ask.question.scope.value,
            "mine": ask.asked_by == visit.session.staff_id,
        }
