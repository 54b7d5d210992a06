"""Wordings of consent: which are in use, a new version, approval by a lead, history."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from chat.sentences import own_name
from contacts.organisations.checks import NotAccepted
from contacts.organisations.organisations import Moved
from contacts.organisations.purposes import LONGEST_TEXT, Purpose, values_of
from contacts.organisations.wordings import NotALead, SecondPersonNeeded, Wording
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.partnering import WORDINGS
from operator_ui.slips import Remark
from storage.engine import Connection
from storage.ids import StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One purpose in one language."""

    address: str
    language: str
    name: str
    current: Wording | None
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store says of one purpose in one language."""

    words: LeadWords
    purpose: Purpose
    language: str
    versions: list[Wording]
    leads: frozenset[StaffId]

    @property
    def current(self) -> Wording | None:
        return next((one for one in self.versions if one.approved), None)

    @property
    def draft(self) -> Wording | None:
        return next((one for one in self.versions if not one.approved), None)


class WordingPages:
    """GET /desk/lead/wordings, GET and POST /desk/lead/wordings/{purpose}/{language}."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show_all(self, visit: Visit) -> Response:
        """Every purpose, in every language of the service."""
        async with self._leading.store.read() as conn:
            words = await self._words(conn, visit)
            everything = await self._leading.partnering.wordings.everything(conn)
        purposes = [
            (purpose.value, [_line(words, purpose, code, everything) for code in self._leading.advertised])
            for purpose in Purpose
        ]
        return self._room.page(visit, "lead_wordings.html", here="wordings", purposes=purposes)

    async def show(self, visit: Visit) -> Response:
        """The one in use, the draft, the history."""
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
        return self._page(visit, known, _begun(known))

    async def submit(self, visit: Visit) -> Response:
        """Save the draft, approve it, throw it away."""
        wordings, by, sent = self._leading.partnering.wordings, visit.session.staff_id, visit.posted
        async with self._leading.store.read() as conn:
            known = await self._known(conn, visit)
        text = sent.one("text").replace("\r\n", "\n")
        revision = int(sent.one("revision")) if sent.one("revision").isdecimal() else None
        todo = sent.one("do")
        try:
            async with self._leading.store.write() as conn:
                if todo == "approve":
                    await wordings.approve(conn, known.purpose, known.language, revision=revision or 0, by=by)
                elif todo == "discard":
                    await wordings.discard(conn, known.purpose, known.language, revision=revision or 0)
                else:
                    await wordings.draft(conn, known.purpose, known.language, text, by=by, revision=revision)
        except NotAccepted as refused:
            wrong = [_remark(known.words, one.wrong, known.purpose) for one in refused.mistakes]
            return self._page(visit, known, text, wrong=wrong, status=422)
        except (SecondPersonNeeded, NotALead):
            return self._page(visit, known, text, refused="wordings.second_person", status=403)
        except Moved:
            return self._page(visit, known, text or _begun(known), refused="wordings.moved", status=409)
        done = {"approve": "approved", "discard": "discarded"}.get(todo, "saved")
        return self._room.rendering.redirect(f"{WORDINGS}/{known.purpose}/{known.language}?told=wording_{done}")

    async def _known(self, conn: Connection, visit: Visit) -> _Known:
        """Raises HTTPException 404 for a purpose or language there is not."""
        asked, language = (visit.request.path_params[name] for name in ("purpose", "wording"))
        if asked not in set(Purpose) or language not in self._leading.advertised:
            raise HTTPException(404)
        wordings = self._leading.partnering.wordings
        everything = await wordings.everything(conn)
        return _Known(
            words=await self._words(conn, visit),
            purpose=Purpose(asked),
            language=language,
            versions=[one for one in everything if (one.purpose, one.language) == (asked, language)],
            leads=await wordings.leads(conn),
        )

    async def _words(self, conn: Connection, visit: Visit) -> LeadWords:
        leading = self._leading
        return words_of(self._room.rendering.wording, visit.language, leading.zone, await leading.colleagues(conn))

    def _page(
        self,
        visit: Visit,
        known: _Known,
        text: str,
        *,
        wrong: list[Remark] | None = None,
        refused: str = "",
        status: int = 200,
    ) -> Response:
        words, draft = known.words, known.draft
        mine = draft is not None and draft.made_by == visit.session.staff_id
        return self._room.page(
            visit,
            "lead_wording.html",
            here="wordings",
            status=status,
            address=f"{WORDINGS}/{known.purpose}/{known.language}",
            purpose=known.purpose.value,
            spoken=own_name(known.language),
            wording_language=known.language,
            errors=wrong or [],
            wrong={one.field: one.text for one in wrong or ()},
            refused=refused,
            current=known.current,
            draft=draft,
            text=text,
            longest=LONGEST_TEXT,
            values=[(name, words.say(f"wordings.value_{name}")) for name in sorted(values_of(known.purpose))],
            sample=_sample(words, draft) if draft is not None else "",
            alone=mine and len(known.leads) == 1,
            waits=mine and len(known.leads) > 1,
            history=[_deed(words, one) for one in known.versions if one.approved],
        )


def _begun(known: _Known) -> str:
    """What the form begins with: the draft, or what is in use."""
    begun = known.draft or known.current
    return begun.text if begun is not None else ""


def _sample(words: LeadWords, draft: Wording) -> str:
    """As the person will read it."""
    values = {name: words.say(f"wordings.sample_{name}") for name in values_of(draft.purpose)}
    return draft.told(**values)


def _remark(words: LeadWords, wrong: str, purpose: Purpose) -> Remark:
    names = ", ".join(f"{{{name}}}" for name in sorted(values_of(purpose)))
    key = f"wordings.wrong_{wrong}" if wrong != "values" or names else "wordings.wrong_no_values"
    return Remark(
        words.say(key, **({"names": names} if key == "wordings.wrong_values" else {})), "text", "#text", refuse=True
    )


def _deed(words: LeadWords, one: Wording) -> tuple[int, str, str, str, str]:
    """A version in words: number, when, who wrote and who approved it, its text."""
    at = words.instant_of(one.approved_at or one.made_at)
    return one.version, at, words.person(one.made_by), words.person(one.approved_by), one.text


def _line(words: LeadWords, purpose: Purpose, language: str, everything: list[Wording]) -> _Line:
    mine = [one for one in everything if (one.purpose, one.language) == (purpose, language)]
    return _Line(
        address=f"{WORDINGS}/{purpose}/{language}",
        language=language,
        name=words.language_name(language),
        current=next((one for one in mine if one.approved), None),
        draft=any(not one.approved for one in mine),
    )
