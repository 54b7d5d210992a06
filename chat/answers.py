"""From a document or a value to the answer a browser gets."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chat.headers import comes_from_our_page, data_headers
from chat.page_builder import Document, Notice, VisitorPage, compressed
from chat.preferred_language import preferred_language
from chat.public_facts import PublicFacts

Endpoint = Callable[[Request], Awaitable[Response]]
InLanguage = Callable[[Request, str], Awaitable[Response]]


def wants_data(request: Request) -> bool:
    """Whether the script asks, and not the browser itself."""
    return "application/json" in request.headers.get("accept", "")


def page_answer(request: Request, document: Document, status: int | None = None) -> Response:
    """The document, compressed where the browser takes it.

    A page holds no secret beside text of the visitor's choosing, so that compression tells nothing (BREACH).
    """
    headers = {**document.headers, "content-type": "text/html; charset=utf-8", "vary": "Accept-Encoding"}
    status = status or document.status
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed(document.html), status, headers | {"content-encoding": "gzip"})
    return Response(document.html, status, headers)


def data_answer(value: object, status: int = 200) -> Response:
    """JSON."""
    return JSONResponse(value, status, data_headers())


class Guard:
    """What every endpoint has in common: the language of its address, the Origin of a post, and no fault told."""

    def __init__(self, *, page: VisitorPage, facts: PublicFacts) -> None:
        self._page = page
        self._facts = facts

    def language_of(self, request: Request) -> str:
        """The language to excuse ourselves in, when the address names none of ours."""
        return preferred_language(request.headers.get("accept-language", ""), self._facts.languages)

    def localised(self, endpoint: InLanguage) -> Endpoint:
        """For addresses that begin with a language: 404 and the list of languages for any other."""

        async def answer(request: Request) -> Response:
            language = request.path_params["lang"]
            if language not in self._facts.languages:
                return await self.not_found(request)
            return await endpoint(request, language)

        return self.plain(answer)

    def plain(self, endpoint: Endpoint) -> Endpoint:
        """For every address: a post must come from our own page; a fault is ours and says nothing else."""

        async def answer(request: Request) -> Response:
            if request.method == "POST" and not comes_from_our_page(request, self._facts):
                return self._notice(request, Notice.FORBIDDEN, 403)
            return await self.faultless(request, endpoint)

        return answer

    async def faultless(self, request: Request, endpoint: Endpoint) -> Response:
        """The endpoint's answer, or a plain page with the telephone number when it fails."""
        try:
            return await endpoint(request)
        except Exception as fault:  # noqa: BLE001 - whatever it is, a visitor gets a page, never its text
            structlog.get_logger().error("visitor_page_failed", fault=type(fault).__name__)
            return self._notice(request, Notice.FAULT, 503)

    async def not_found(self, request: Request) -> Response:
        """There is no such page."""
        return self._notice(request, Notice.NOT_FOUND, 404)

    def _notice(self, request: Request, notice: Notice, status: int) -> Response:
        if wants_data(request):
            return data_answer({"ok": False, "why": notice.value}, status)
        language = request.path_params.get("lang")
        if language not in self._facts.languages:
            language = self.language_of(request)
        return page_answer(request, self._page.notice(language, notice, status))


def redirect(address: str, headers: Mapping[str, str]) -> Response:
    """To another address with GET (303)."""
    return Response(status_code=303, headers={**headers, "location": address})
