"""What was done without consent because somebody was in danger: a lead looks at each case within 24 hours."""

from dataclasses import dataclass

from starlette.responses import Response

from contacts.forwarding.consent import Denied, EmergencyId, Verdict
from contacts.forwarding.emergencies import Emergency
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.partnering import EMERGENCIES
from storage.clock import epoch_seconds
from storage.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One case in words. `mine`: whoever acted cannot also confirm."""

    id: str
    at: str
    person: str
    reason: str
    basis: str
    authority: str
    confirm_by: str
    late: bool
    mine: bool


class EmergencyPages:
    """GET and POST /desk/lead/emergencies."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """Those that wait, oldest first."""
        return await self._page(visit)

    async def submit(self, visit: Visit) -> Response:
        """A lead's verdict on one of them."""
        emergencies, sent = self._leading.partnering.emergencies, visit.posted
        if sent.one("verdict") not in set(Verdict):
            return await self._page(visit, refused="emergencies.choose", status=422)
        try:
            async with self._leading.store.write() as conn:
                verdict = Verdict(sent.one("verdict"))
                await emergencies.confirm(conn, EmergencyId(sent.one("id")), verdict, by=visit.session)
        except Denied:
            return await self._page(visit, refused="emergencies.refused", status=409)
        return self._room.rendering.redirect(f"{EMERGENCIES}?told=emergency_confirmed")

    async def _page(self, visit: Visit, *, refused: str = "", status: int = 200) -> Response:
        leading, now = self._leading, epoch_seconds(self._leading.clock.now())
        async with leading.store.read() as conn:
            words = await self._words(conn, visit)
            waiting = await leading.partnering.emergencies.unconfirmed(conn)
        cases = [_case(words, one, visit, now) for one in waiting]
        return self._room.page(
            visit,
            "lead_emergencies.html",
            here="emergencies",
            status=status,
            cases=cases,
            late=sum(one.late for one in cases),
            verdicts=[verdict.value for verdict in Verdict],
            refused=refused,
        )

    async def _words(self, conn: Connection, visit: Visit) -> LeadWords:
        leading = self._leading
        return words_of(self._room.rendering.wording, visit.language, leading.zone, await leading.colleagues(conn))


def _case(words: LeadWords, one: Emergency, visit: Visit, now: int) -> _Case:
    act = one.act
    return _Case(
        id=one.id,
        at=words.instant_of(one.acted_at),
        person=words.person(one.acted_by),
        reason=words.say(f"emergencies.reason_{act.reason}"),
        basis=words.say(f"emergencies.basis_{act.basis}"),
        authority=words.say(f"emergencies.authority_{act.authority}"),
        confirm_by=words.instant_of(one.confirm_by),
        late=now >= one.confirm_by,
        mine=one.acted_by == visit.session.staff_id,
    )
