"""Conversations that are under way: a lead joins one, visibly, and reads along (promise P13)."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from contacts.contact import Contact, Refusal, Refused
from contacts.openings import OpeningReason, TooManyOpenings
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.spoken_lines import shown_line
from operator_ui.watching import Watching
from storage.ids import ContactId

PATH = "/desk/lead/live"


class LivePages:
    """GET /desk/lead/live, GET and POST /desk/lead/live/{contact}."""

    def __init__(self, *, room: LeadRoom, watching: Watching) -> None:
        self._room = room
        self._watching = watching

    async def list(self, visit: Visit) -> Response:
        """Who talks with whom. Nothing of what is said, and nothing is opened by looking here."""
        words, found = await self._words(visit), await self._watching.live.under_way(visit.session)
        return self._room.page(
            visit,
            "live_list.html",
            here="live",
            contacts=[(_about(words, one), f"{PATH}/{one.id}", one.helper == visit.session.staff_id) for one in found],
        )

    async def show(self, visit: Visit) -> Response:
        """The question why; or, to whom both can see there, what was said until now."""
        contact = await self._found(visit)
        if contact.helper == visit.session.staff_id:
            return await self._read(visit, contact)
        return await self._asked(visit, contact)

    async def submit(self, visit: Visit) -> Response:
        """Join, or leave."""
        contact, live = await self._found(visit), self._watching.live
        if visit.posted.one("step") == "leave":
            await live.leave(visit.session, contact.id)
            return self._room.rendering.redirect(f"{PATH}?told=left_live")
        typed = visit.posted.one("reason")
        if typed not in set(OpeningReason):
            return await self._asked(visit, contact, "closed.no_reason", 422)
        try:
            await live.join(visit.session, contact.id, OpeningReason(typed))
        except TooManyOpenings:
            return await self._asked(visit, contact, "closed.too_many", 429)
        except Refused as refused:
            if refused.code is Refusal.NOT_YOURS:
                raise HTTPException(404) from None
            taken = refused.code is Refusal.ALREADY_TAKEN
            return await self._asked(visit, contact, *(("live.taken", 409) if taken else ("closed.no_key", 403)))
        return self._room.rendering.redirect(f"{PATH}/{contact.id}")

    async def _read(self, visit: Visit, contact: Contact) -> Response:
        try:
            read = await self._watching.live.read(visit.session, contact.id)
        except Refused:
            raise HTTPException(404) from None
        words = await self._words(visit)
        return self._room.page(
            visit,
            "live_contact.html",
            here="live",
            contact=_about(words, read.contact),
            said=[shown_line(words, one) for one in read.said],
            notes=[shown_line(words, one) for one in read.notes],
            again=f"{PATH}/{contact.id}",
        )

    async def _asked(self, visit: Visit, contact: Contact, problem: str = "", status: int = 200) -> Response:
        words = await self._words(visit)
        return self._room.page(
            visit,
            "live_ask.html",
            here="live",
            status=status,
            contact=_about(words, contact),
            problem=problem,
            reasons=[(one.value, words.say(f"audit.detail_{one}")) for one in OpeningReason],
            most=self._watching.most,
        )

    async def _found(self, visit: Visit) -> Contact:
        try:
            return await self._watching.live.found(visit.session, ContactId(str(visit.request.path_params["contact"])))
        except Refused:
            raise HTTPException(404) from None

    async def _words(self, visit: Visit) -> LeadWords:
        watching = self._watching
        return watching.words(self._room.rendering.wording, visit.language, await watching.everybody())


def _about(words: LeadWords, contact: Contact) -> dict[str, str]:
    return {
        "tag": contact.tag,
        "language": words.language_name(contact.language),
        "since": words.instant(datetime.fromtimestamp(contact.accepted_at or contact.opened_at, UTC)),
        "operator": words.person(contact.operator) if contact.operator else "",
        "helper": words.person(contact.helper) if contact.helper else words.say("live.nobody"),
        "danger": words.say("live.danger") if contact.danger else "",
    }
