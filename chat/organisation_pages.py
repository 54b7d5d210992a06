"""GET /{lang}/organisations: where else people can turn, also when the chat is closed. Needs and sets no cookie."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.answers import Guard, page_answer
from chat.page_builder import VisitorPage
from chat.public_facts import PublicFacts
from contacts.organisations.organisation import Entry

#: Those that visitors may see now.
Listed = Callable[[], Awaitable[Iterable[Entry]]]


def organisation_routes(*, listed: Listed, page: VisitorPage, facts: PublicFacts) -> list[Route]:
    """The list, in every language."""
    guard = Guard(page=page, facts=facts)

    async def show(request: Request, language: str) -> Response:
        return page_answer(request, page.organisations(language, await listed()))

    return [Route("/{lang}/organisations", guard.localised(show), methods=["GET"])]
