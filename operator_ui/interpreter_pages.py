"""Interpreters who can be asked to join a call: a list that leads keep. A number is entered once and never shown again."""

from babel import Locale
from starlette.responses import Response
from starlette.routing import BaseRoute

from contacts.interpreters import Interpreters
from contacts.words import Words
from hotline.numbers import NumberNotUnderstood, TelephoneNumber
from operator_ui.lead_room import LeadRoom, Visit
from storage.engine import Store

PATH = "/desk/lead/interpreters"
LONGEST_NAME = 80
#: Languages that are interpreted on the telephone (BCP 47).
_CODES = "am ar bg bn ckb de en es et fa fi fr hi hu it kmr lt lv ne pl prs ps pt ro ru so sq sv th ti tr uk ur vi zh"
LANGUAGES = tuple(_CODES.split())
_OWN_NAMES = {"kmr": "Kurmancî", "prs": "دری"}


class InterpreterPages:
    """GET and POST of `PATH`."""

    def __init__(self, *, room: LeadRoom, store: Store, interpreters: Interpreters) -> None:
        self._room = room
        self._store = store
        self._interpreters = interpreters

    def routes(self) -> list[BaseRoute]:
        """For leads."""
        return self._room.both(PATH, show=self.show, submit=self.submit)

    async def show(self, visit: Visit) -> Response:
        """Who is on the list."""
        return await self._page(visit)

    async def submit(self, visit: Visit) -> Response:
        """One more, or one less."""
        by = visit.session.staff_id
        if "remove" in visit.posted:
            async with self._store.write() as conn:
                await self._interpreters.removed(conn, visit.posted.one("remove"), by=by)
            return self._room.rendering.redirect(f"{PATH}?told=interpreter_removed")
        name, language = visit.posted.one("name"), visit.posted.one("language")
        if not name or len(name) > LONGEST_NAME or language not in LANGUAGES:
            return await self._page(visit, wrong="interpreters.name_missing", status=422)
        try:
            number = TelephoneNumber.parse(visit.posted.one("number"))
        except NumberNotUnderstood:
            return await self._page(visit, wrong="interpreters.not_a_number", status=422)
        async with self._store.write() as conn:
            await self._interpreters.added(conn, name=name, language=language, e164=Words(number.e164), by=by)
        return self._room.rendering.redirect(f"{PATH}?told=interpreter_added")

    async def _page(self, visit: Visit, *, wrong: str | None = None, status: int = 200) -> Response:
        async with self._store.read() as conn:
            found = await self._interpreters.everybody(conn)
        names = _names(visit.language)
        return self._room.page(
            visit,
            "lead_interpreters.html",
            here="interpreters",
            status=status,
            listed=[(one.id, one.name, names.get(one.language, one.language)) for one in found],
            spoken=sorted(names.items(), key=lambda item: item[1].casefold()),
            wrong=wrong,
            typed={name: visit.posted.one(name) for name in ("name", "language", "number")},
        )


def _names(language: str) -> dict[str, str]:
    known = Locale.parse(language).languages
    return {code: str(known.get(code) or _OWN_NAMES.get(code, code)) for code in LANGUAGES}
