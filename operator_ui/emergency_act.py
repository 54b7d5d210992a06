"""Acting without consent when somebody is in immediate danger: a page of its own, in two steps, for one person alone.

Nothing on the consent tab's ordinary path leads here but a plain sentence with a link. The first step asks why, on what
ground, whom and what; the second shows it all once more. What is recorded counts, and a lead confirms it within 24 hours.
"""

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from contacts.contact import Refused
from contacts.forwarding.consent import CONFIRM_WITHIN, Authority, Basis, Danger, Denied
from contacts.forwarding.emergencies import Act
from contacts.forwarding.offered import SUMMARY, Offered
from operator_ui.consent_desk import ConsentDesk
from operator_ui.lead_room import ROSTERED, LeadRoom, Visit
from operator_ui.posted import Posted
from storage.ids import ContactId, is_id

PATH = "/desk/contacts/{contact}/emergency"
_LISTS = {"reason": Danger, "basis": Basis, "authority": Authority}


class EmergencyActPages:
    """GET and POST of `PATH`."""

    def __init__(self, *, room: LeadRoom, desk: ConsentDesk) -> None:
        self._room = room
        self._desk = desk

    def routes(self) -> list[BaseRoute]:
        """For operators and leads; whose contact it is, is asked inside."""
        return self._room.both(PATH, show=self.show, submit=self.submit, roles=ROSTERED)

    async def show(self, visit: Visit) -> Response:
        """The first step."""
        return await self._page(visit, step="done" if visit.query.one("told") else "choose")

    async def submit(self, visit: Visit) -> Response:
        """The second step, or what it decided."""
        sent = visit.posted
        fields = await self._fields(visit)
        wrong = _wrong(sent, {*(one.name for one in fields), SUMMARY})
        if wrong or sent.one("step") == "back":
            return await self._page(visit, step="choose", wrong=wrong, status=422 if wrong else 200)
        if sent.one("step") != "act":
            return await self._page(visit, step="check")
        act = Act(
            contact=_contact(visit),
            authority=Authority(sent.one("authority")),
            reason=Danger(sent.one("reason")),
            basis=Basis(sent.one("basis")),
            fields=tuple(dict.fromkeys(sent.all("told"))),
        )
        try:
            await self._desk.acted(visit.session, act)
        except (Refused, Denied):
            return await self._page(visit, step="choose", wrong=["act.refused"], status=409)
        return self._room.rendering.redirect(f"{visit.request.url.path}?told=acted")

    async def _fields(self, visit: Visit) -> list[Offered]:
        """What could be told. For everybody else's contact there is nothing here."""
        try:
            _, fields = await self._desk.tellable(visit.session, _contact(visit), visit.language)
        except Refused:
            raise HTTPException(404) from None
        return fields

    async def _page(self, visit: Visit, *, step: str, wrong: list[str] | None = None, status: int = 200) -> Response:
        try:
            contact, fields = await self._desk.tellable(visit.session, _contact(visit), visit.language)
        except Refused:
            raise HTTPException(404) from None
        sent = visit.posted
        return self._room.page(
            visit,
            "emergency_act.html",
            here="emergency",
            status=status,
            step=step,
            tag=contact.tag,
            action=visit.request.url.path,
            lists={name: [value.value for value in kind] for name, kind in _LISTS.items()},
            chosen={name: sent.one(name) for name in _LISTS},
            fields=fields,
            ticked=sent.all("told"),
            wrong=wrong or [],
            hours=timedelta(seconds=CONFIRM_WITHIN) // timedelta(hours=1),
        )


def _contact(visit: Visit) -> ContactId:
    found = str(visit.request.path_params["contact"])
    if not is_id(found):
        raise HTTPException(404)
    return ContactId(found)


def _wrong(sent: Posted, names: set[str]) -> list[str]:
    """Keys of sentences: what has to be chosen still."""
    found = [f"act.choose_{name}" for name, kind in _LISTS.items() if sent.one(name) not in set(kind)]
    told = sent.all("told")
    if not told or not set(told) <= names:
        found.append("act.choose_told")
    return found
