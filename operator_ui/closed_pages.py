"""Contacts that have ended: finding one, opening it (with a reason when it is a colleague's), erasing it on request."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from chat.closed_reading import ReadContact
from contacts.contact import Contact, Kind, Refusal, Refused, State
from contacts.erasure_asked import may_erase
from contacts.openings import OpeningReason, TooManyOpenings
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.spoken_lines import shown_line
from operator_ui.watching import Watching
from storage.ids import ContactId

PATH = "/desk/closed"
_LONGEST_TAG = 12


class ClosedPages:
    """GET /desk/closed, GET and POST /desk/closed/{contact} and /desk/closed/{contact}/erase."""

    def __init__(self, *, room: LeadRoom, watching: Watching) -> None:
        self._room = room
        self._watching = watching

    async def list(self, visit: Visit) -> Response:
        """Newest first. Nothing of what was said, and nothing of it is opened by looking here."""
        asked, watching = visit.query, self._watching
        tag = asked.one("tag").upper()[:_LONGEST_TAG]
        at, _, last = asked.one("below").partition("-")
        below = (int(at), last) if at.isascii() and at.isdigit() and len(at) < 12 else None
        found = await watching.ended.page(tag=tag, below=below)
        words = watching.words(self._room.rendering.wording, visit.language, await watching.everybody())
        final = found.contacts[-1] if found.contacts else None
        return self._room.page(
            visit,
            "closed_list.html",
            here="closed",
            contacts=[
                (self._about(words, one), f"{PATH}/{one.id}", one.operator == visit.session.staff_id)
                for one in found.contacts
            ],
            tag=tag,
            older=f"{final.ended_at}-{final.id}" if found.more and final is not None else "",
            first=below is None,
        )

    async def ask(self, visit: Visit) -> Response:
        """One contact from outside, and the question why it should be opened."""
        contact = await self._found(visit)
        return await self._asked(visit, contact)

    async def open(self, visit: Visit) -> Response:
        """Open it: on the audit record first."""
        contact = await self._found(visit)
        typed = visit.posted.one("reason")
        reason = OpeningReason(typed) if typed in set(OpeningReason) else None
        try:
            read = await self._watching.reading.read(visit.session, contact.id, reason)
        except TooManyOpenings:
            return await self._asked(visit, contact, "closed.too_many", 429)
        except Refused as refused:
            if refused.code is Refusal.NOT_YOURS:
                raise HTTPException(404) from None
            missing = reason is None and contact.operator != visit.session.staff_id
            return await self._asked(
                visit, contact, *(("closed.no_reason", 422) if missing else ("closed.no_key", 403))
            )
        words = self._watching.words(self._room.rendering.wording, visit.language, await self._watching.everybody())
        return self._room.page(
            visit,
            "closed_contact.html",
            here="closed",
            contact=self._about(words, contact),
            said=_said(words, read),
            notes=[shown_line(words, note) for note in read.notes],
            erase=f"{PATH}/{contact.id}/erase" if may_erase(visit.session, contact) else "",
        )

    async def ask_erasure(self, visit: Visit) -> Response:
        """What would be gone, and that it would be gone for good."""
        return await self._erasure(visit, await self._erasable(visit))

    async def erase(self, visit: Visit) -> Response:
        """End it if it is under way, and destroy everything."""
        contact = await self._erasable(visit)
        if visit.posted.one("sure") != "yes":
            return await self._erasure(visit, contact, "closed.not_sure", 422)
        try:
            if contact.state is not State.ENDED:
                await self._watching.end(visit.session, contact.id)
            await self._watching.asked.erase(visit.session, contact.id)
            await self._watching.erased(contact.id)
        except Refused:
            return await self._erasure(visit, contact, "closed.not_erased", 409)
        return self._room.rendering.redirect(f"{PATH}?told=erased")

    async def _found(self, visit: Visit) -> Contact:
        try:
            return await self._watching.reading.found(visit.session, _contact(visit))
        except Refused:
            raise HTTPException(404) from None

    async def _erasable(self, visit: Visit) -> Contact:
        try:
            return await self._watching.asked.asked(visit.session, _contact(visit))
        except Refused:
            raise HTTPException(404) from None

    async def _asked(self, visit: Visit, contact: Contact, problem: str = "", status: int = 200) -> Response:
        words = self._watching.words(self._room.rendering.wording, visit.language, await self._watching.everybody())
        return self._room.page(
            visit,
            "closed_ask.html",
            here="closed",
            status=status,
            contact=self._about(words, contact),
            problem=problem,
            mine=contact.operator == visit.session.staff_id,
            reasons=[
                (one.value, words.say(f"audit.detail_{one}")) for one in OpeningReason if one is not OpeningReason.HELP
            ],
            most=self._watching.most,
            erase=f"{PATH}/{contact.id}/erase" if may_erase(visit.session, contact) else "",
        )

    async def _erasure(self, visit: Visit, contact: Contact, problem: str = "", status: int = 200) -> Response:
        words = self._watching.words(self._room.rendering.wording, visit.language, await self._watching.everybody())
        return self._room.page(
            visit,
            "closed_erase.html",
            here="closed",
            status=status,
            contact=self._about(words, contact),
            problem=problem,
            under_way=contact.state is not State.ENDED,
            back=f"{PATH}/{contact.id}" if contact.state is State.ENDED else "/desk",
        )

    def _about(self, words: LeadWords, contact: Contact) -> dict[str, str]:
        ended = contact.ended_at or contact.opened_at
        return {
            "tag": contact.tag,
            "door": words.say(f"closed.door_{contact.door}"),
            "language": words.language_name(contact.language),
            "ended": words.instant(datetime.fromtimestamp(ended, UTC)),
            "operator": words.person(contact.operator) if contact.operator else words.say("closed.nobody"),
        }


def _contact(visit: Visit) -> ContactId:
    return ContactId(str(visit.request.path_params["contact"]))


def _said(words: LeadWords, read: ReadContact) -> list[dict[str, str]]:
    return [shown_line(words, one) for one in read.said if one.kind is not Kind.NOTE]
