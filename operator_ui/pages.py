"""The desk's shell, and its lock."""

import json

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from chat.headers import comes_from_our_page
from chat.strict_json import BadFrame, FrameReader
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Session
from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from contacts.words import Words
from operator_ui.desk_requests import answer, error, read_json
from operator_ui.reception import Confirmations, Reception, SessionBook, bucket_of
from operator_ui.rendering import Rendering
from operator_ui.wording import LANGUAGES
from storage.clock import Clock, epoch_seconds


class Typed(Struct, frozen=True, forbid_unknown_fields=True):
    """What unlocks."""

    passphrase: str


_typed = FrameReader(msgspec.json.Decoder(Typed))


class DeskPages:
    """GET /desk, POST /desk/lock, POST /desk/unlock."""

    def __init__(
        self,
        *,
        reception: Reception,
        sessions: SessionBook,
        confirmations: Confirmations,
        rendering: Rendering,
        clock: Clock,
        zone: str,
    ) -> None:
        self._sessions = sessions
        self._reception = reception
        self._confirmations = confirmations
        self._rendering = rendering
        self._clock = clock
        self._zone = zone

    async def show(self, request: Request) -> Response:
        """The shell; without a session, the way to sign-in."""
        choice = self._rendering.language_choice(request)
        if choice is not None:
            return choice
        session = await self._reception.holder_of(request)
        if session is None:
            return self._rendering.redirect("/desk/sign-in")
        language = self._rendering.language_of(request, session.languages)
        if session.role not in KEY_HOLDERS:
            analyst = session.role is Role.ANALYST
            return self._rendering.page("no_desk.html", language=language, status=403, analyst=analyst)
        facts = self._browser_facts(session, language)
        return self._rendering.page("desk.html", language=language, browser_facts=json.dumps(facts))

    async def lock(self, request: Request) -> Response:
        """Nothing is shown or done for this session, until the passphrase is given."""
        if not comes_from_our_page(request, self._rendering.facts):
            return error("foreign", 403)
        session = await self._reception.holder_of(request, active=False)
        if session is None:
            return error("no_session", 401)
        await self._sessions.lock(session)
        return answer({"ok": True})

    async def unlock(self, request: Request) -> Response:
        """Take the lock away, if this is the passphrase of the person who is signed in."""
        if not comes_from_our_page(request, self._rendering.facts):
            return error("foreign", 403)
        session = await self._reception.holder_of(request, active=False)
        if session is None:
            return error("no_session", 401)
        try:
            typed: Typed = _typed.read(await read_json(request))
            right = await self._confirmations.confirms(session, Words(typed.passphrase), bucket=bucket_of(request))
        except BadFrame:
            return error("bad_request", 400)
        except TooMany:
            return error("too_many", 429)
        except Overloaded:
            return error("unavailable", 503)
        if not right:
            return error("wrong", 403)
        await self._sessions.unlock(session)
        return answer({"ok": True})

    def _links(self, session: Session, language: str) -> list[dict[str, str]]:
        """Pages beside the desk; they open beside it, so that no conversation is left."""
        address, key = ("/desk/lead/hours", "leads") if session.role is Role.LEAD else ("/desk/roster", "roster")
        return [{"address": address, "label": self._rendering.wording.text(language, f"bar.{key}")}]

    def _browser_facts(self, session: Session, language: str) -> dict[str, object]:
        return {
            "name": self._rendering.facts.name,
            "locale": language,
            "words": self._rendering.wording.for_browser(language),
            "since": session.made_at,
            "now": epoch_seconds(self._clock.now()),
            "zone": self._zone,
            "locked": session.locked,
            "links": self._links(session, language),
            "languages": [{"code": code, "label": name} for code, name in LANGUAGES.items() if code != language],
        }
