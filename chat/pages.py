"""The visitor's addresses (docs/protocol.md, "Addresses"), all but the socket. A shell without rules of its own."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.answers import Endpoint, Guard, InLanguage, data_answer, page_answer, redirect, wants_data
from chat.cookies import hand_out_token, read_token, take_back_token
from chat.doorstep import Doorstep
from chat.headers import CLEAR_DEVICE, comes_from_our_page, data_headers
from chat.page_builder import Statement, View, VisitorPage
from chat.plain_pages import PlainPages
from chat.plain_stream import Pace
from chat.public_facts import PublicFacts
from chat.sentences import Sentences
from chat.status_board import BoardPace, StatusBoard
from chat.visitor_door import NotAdmitted
from storage.clock import Clock, epoch_seconds


def visitor_routes(
    *,
    door: Doorstep,
    page: VisitorPage,
    facts: PublicFacts,
    sentences: Sentences,
    clock: Clock,
    pace: Pace | None = None,
    board_pace: BoardPace | None = None,
) -> list[Route]:
    """Routes for the whole visitor's door. They come last: `/{lang}` matches any first word."""
    guard = Guard(page=page, facts=facts)
    pages = VisitorPages(door=door, page=page, facts=facts, sentences=sentences, clock=clock, guard=guard)
    plain = PlainPages(door=door, page=page, facts=facts, sentences=sentences, clock=clock, pace=pace or Pace())

    def route(path: str, endpoint: InLanguage, method: str) -> Route:
        return Route("/{lang}" + path, guard.localised(endpoint), methods=[method])

    return [
        Route("/", guard.plain(pages.home), methods=["GET"]),
        Route("/status.json", guard.plain(pages.status), methods=["GET"]),
        Route("/x", pages.leave, methods=["POST"]),
        route("", pages.first, "GET"),
        route("/status", StatusBoard(look=pages.status_now, pace=board_pace).endpoint, "GET"),
        route("/start", pages.start, "POST"),
        route("/continue", pages.continued, "POST"),
        route("/end", pages.end, "POST"),
        route("/composer", plain.composer, "GET"),
        route("/say", plain.say, "POST"),
        route("/answer", plain.answer, "POST"),
        route("/consent", plain.consent, "POST"),
        route("/stream", plain.stream, "GET"),
        route("/new", plain.new, "GET"),
        *(route(f"/{statement}", pages.statement(statement), "GET") for statement in Statement),
    ]


def visitor_not_found(*, page: VisitorPage, facts: PublicFacts) -> Endpoint:
    """The answer for addresses that match no route at all."""
    return Guard(page=page, facts=facts).not_found


class VisitorPages:
    """The page in each of its views, and what changes them."""

    def __init__(
        self,
        *,
        door: Doorstep,
        page: VisitorPage,
        facts: PublicFacts,
        sentences: Sentences,
        clock: Clock,
        guard: Guard,
    ) -> None:
        self._door = door
        self._page = page
        self._facts = facts
        self._sentences = sentences
        self._clock = clock
        self._guard = guard

    async def home(self, request: Request) -> Response:
        """To the page in the browser's language."""
        headers = {**data_headers(), "vary": "Accept-Language"}
        return redirect(f"/{self._guard.language_of(request)}", headers)

    async def first(self, request: Request, language: str) -> Response:
        """Before Start; "Continue?" when a living cookie is sent. Nothing is opened."""
        token = read_token(request, self._facts)
        if token is None:
            return await self._view(request, language, View.START)
        if await self._door.known(token):
            return await self._view(request, language, View.CONTINUE)
        return self._without_cookie(await self._view(request, language, View.START))

    async def start(self, request: Request, language: str) -> Response:
        """Begin, or find again, the conversation of this browser."""
        token = read_token(request, self._facts)
        if token is None or not await self._door.known(token):
            try:
                token = await self._door.started(language)
            except NotAdmitted as refusal:
                return await self._not_admitted(request, language, refusal)
        if wants_data(request):
            response = data_answer({"ok": True})
        else:
            response = await self._view(request, language, View.TALK)
        hand_out_token(response, token, self._facts)
        return response

    async def continued(self, request: Request, language: str) -> Response:
        """The page in conversation again, for a press on Yes without JavaScript."""
        token = read_token(request, self._facts)
        if token is not None and await self._door.known(token):
            return await self._view(request, language, View.TALK)
        return self._without_cookie(await self._view(request, language, View.GONE, 410))

    async def end(self, request: Request, language: str) -> Response:
        """The visitor ends the conversation; also called when it is over, to be rid of the cookie."""
        token = read_token(request, self._facts)
        talk = await self._door.resumed(token) if token is not None else None
        if talk is not None:
            await self._door.ended(talk)
        if wants_data(request):
            return self._without_cookie(data_answer({"ok": True}))
        return self._without_cookie(await self._view(request, language, View.ENDED))

    async def leave(self, request: Request) -> Response:
        """Away, whatever happens here: a beacon gets 204, a form the neutral address.

        Somebody who presses Leave must never see an excuse of ours. So another Origin, which can only be a stranger's
        page or a broken browser, is sent away like everybody; only nothing is revoked for it.
        """
        from_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        headers = {**data_headers(), "clear-site-data": CLEAR_DEVICE}
        response = redirect(self._facts.neutral_url, headers) if from_form else Response(None, 204, headers)
        if not comes_from_our_page(request, self._facts):
            del response.headers["clear-site-data"]
            return response

        async def revoke(request: Request) -> Response:
            token = read_token(request, self._facts)
            if token is not None:
                await self._door.left(token)
            return response

        await self._guard.faultless(request, revoke)
        return self._without_cookie(response)

    async def status(self, request: Request) -> Response:
        """Whether the chat is open, for scripts and monitors; needs no cookie. `?lang=` chooses the sentence."""
        language = request.query_params.get("lang")
        if language not in self._facts.languages:
            language = self._guard.language_of(request)
        return data_answer(await self.status_now(language))

    async def status_now(self, language: str) -> dict[str, object]:
        """What `/status.json` says in this language."""
        availability = await self._door.admission(language)
        change = availability.next_change
        return {
            "state": availability.state.value,
            "text": self._sentences.availability(language, availability, self._clock.now()),
            "phone": self._facts.phone_display,
            "languages": sorted(availability.languages),
            "next_change": epoch_seconds(change) if change is not None else None,
        }

    def statement(self, statement: Statement) -> InLanguage:
        """Confidentiality, accessibility."""

        async def endpoint(request: Request, language: str) -> Response:
            return page_answer(request, self._page.statement(language, statement))

        return endpoint

    async def _not_admitted(self, request: Request, language: str, refusal: NotAdmitted) -> Response:
        availability = refusal.availability
        now = self._clock.now()
        if wants_data(request):
            text = self._sentences.availability(language, availability, now)
            return data_answer({"ok": False, "state": availability.state.value, "text": text}, 409)
        return page_answer(request, self._page.visitor(language, View.START, availability, now), 409)

    async def _view(self, request: Request, language: str, view: View, status: int = 200) -> Response:
        availability = await self._door.admission(language)
        return page_answer(request, self._page.visitor(language, view, availability, self._clock.now()), status)

    def _without_cookie(self, response: Response) -> Response:
        take_back_token(response, self._facts)
        return response
