"""The leads' pages about the telephone: who is rung, on which number, what callers hear, and what the provider is told."""

from datetime import UTC, datetime

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from contacts.words import Words
from duty.colleagues import Colleagues, Standing
from hotline.numbers import NumberNotUnderstood, TelephoneNumber
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Deed, words_of
from operator_ui.slips import Remark
from operator_ui.telephoning import Telephoning, heard_alone, heard_first
from storage.engine import Connection
from storage.ids import StaffId

PATH = "/desk/lead/telephone"
PROVIDER = PATH + "/provider"
_FIELD = "number"


class TelephonePages:
    """GET and POST of `PATH` and `PROVIDER`."""

    def __init__(self, *, room: LeadRoom, telephoning: Telephoning) -> None:
        self._room = room
        self._telephoning = telephoning

    def routes(self) -> list[BaseRoute]:
        """For leads."""
        return [
            Route(PATH, self._room.shows(self.show), methods=["GET"]),
            Route(PATH, self._room.takes(self.submit), methods=["POST"]),
            Route(PROVIDER, self._room.shows(self.show_provider), methods=["GET"]),
            Route(PROVIDER, self._room.takes(self.tried), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Who is on call, everybody's numbers, what is heard; with `?who=` the form for one person."""
        async with self._telephoning.store.read() as conn:
            return await self._page(conn, visit, StaffId(visit.query.one("who")))

    async def submit(self, visit: Visit) -> Response:
        """Enter, change or remove one number."""
        telephoning, who = self._telephoning, StaffId(visit.posted.one("who"))
        async with telephoning.store.write() as conn:
            if who not in _able(await telephoning.colleagues(conn)):
                return self._room.rendering.redirect(PATH)
            if visit.posted.one("do") == "remove":
                await telephoning.forget(conn, who, by=visit.session)
                return self._room.rendering.redirect(f"{PATH}?told=number_removed")
            try:
                number = TelephoneNumber.parse(visit.posted.one(_FIELD))
            except NumberNotUnderstood:
                return await self._page(conn, visit, who, "telephone.not_a_number")
            if number.e164 == telephoning.own_number:
                return await self._page(conn, visit, who, "telephone.own_number")
            await telephoning.keep(conn, who, Words(number.e164), by=visit.session)
        return self._room.rendering.redirect(f"{PATH}?told=number_entered")

    async def show_provider(self, visit: Visit) -> Response:
        """Addresses of this deployment, the fallback, and when it was last tried."""
        telephoning = self._telephoning
        async with telephoning.store.read() as conn:
            words = self._words(visit, await telephoning.colleagues(conn))
            last = await telephoning.last_tried(conn)
        tried = None
        if last is not None:
            at, actor = datetime.fromtimestamp(last.at, UTC), StaffId(last.actor) if last.actor else None
            key = "telephone.tried_worked" if last.detail == Deed.FALLBACK_WORKED else "telephone.tried_failed"
            tried = words.say(key, at=words.instant(at), person=words.person(actor))
        return self._room.page(
            visit,
            "lead_telephone_provider.html",
            here="telephone",
            provided=telephoning.provided,
            tried=tried,
            failed=last is not None and last.detail == Deed.FALLBACK_FAILED,
        )

    async def tried(self, visit: Visit) -> Response:
        """Somebody tells what came of trying the fallback."""
        result = visit.posted.one("do")
        if result not in {"worked", "failed"}:
            return self._room.rendering.redirect(PROVIDER)
        async with self._telephoning.store.write() as conn:
            await self._telephoning.tried(conn, worked=result == "worked", by=visit.session)
        return self._room.rendering.redirect(f"{PROVIDER}?told=fallback_tried")

    async def _page(self, conn: Connection, visit: Visit, who: StaffId, wrong: str | None = None) -> Response:
        telephoning = self._telephoning
        colleagues = await telephoning.colleagues(conn)
        able = _able(colleagues)
        words = self._words(visit, colleagues)
        endings = await telephoning.endings(conn)
        rungs = await telephoning.on_call(conn, endings)
        provided = telephoning.provided
        left = await telephoning.left_there(conn)
        errors = [] if wrong is None else [Remark(words.say(wrong), _FIELD, f"#{_FIELD}", refuse=True)]
        return self._room.page(
            visit,
            "lead_telephone.html",
            here="telephone",
            status=200 if wrong is None else 422,
            on_call=[
                (one, words.person(one.staff), words.languages(sorted(one.languages)), words.instant(one.until))
                for one in rungs
            ],
            people=sorted(((able[one], one, endings.get(one)) for one in able), key=lambda row: row[0].casefold()),
            chosen=(who, able[who], endings.get(who)) if who in able else None,
            typed=visit.posted.one(_FIELD),
            errors=errors,
            wrong={one.field: one.text for one in errors},
            first=heard_first(provided.prompts) if provided else [],
            alone=heard_alone(provided.prompts, voicemail=provided.voicemail) if provided else [],
            left=left,
            oldest="" if left.oldest is None else words.instant(datetime.fromtimestamp(left.oldest, UTC)),
            provided=provided,
        )

    def _words(self, visit: Visit, colleagues: Colleagues) -> LeadWords:
        return words_of(self._room.rendering.wording, visit.language, self._telephoning.zone, colleagues)


def _able(colleagues: Colleagues) -> dict[StaffId, str]:
    """Names of those who may be rung."""
    return {staff: one.name for staff, one in colleagues.items() if one.standing is Standing.works}
