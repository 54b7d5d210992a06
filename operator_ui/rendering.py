"""Turns templates into pages: sentences in the reader's language, addresses of files, headers."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chat.public_facts import PublicFacts
from operator_ui.assets import Assets
from operator_ui.cookies import keep_language, read_language
from operator_ui.headers import page_headers
from operator_ui.wording import LANGUAGES, Wording, best_language

TEMPLATES = Path(__file__).parent / "templates"


class Rendering:
    """Renders pages of staff. `second_factor`: whether signing in asks for a code; `to_folder`: nothing is really mailed."""

    def __init__(
        self, *, facts: PublicFacts, assets: Assets, wording: Wording, second_factor: bool, to_folder: bool = False
    ) -> None:
        self.facts = facts
        self.assets = assets
        self.wording = wording
        self._headers = page_headers(facts)
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._environment.globals.update(
            facts=facts,
            asset=assets.address,
            modules=assets.modules,
            languages=LANGUAGES,
            second_factor=second_factor,
            to_folder=to_folder,
        )

    def language_of(self, request: Request, spoken: tuple[str, ...] = ()) -> str:
        """The language this reader gets; `spoken`: the languages of the account, if somebody is signed in."""
        return best_language(
            chosen=read_language(request, self.facts),
            accepted=request.headers.get("accept-language", ""),
            spoken=spoken,
        )

    def page(self, template: str, *, language: str, status: int = 200, **values: object) -> Response:
        """A whole page."""

        def say(key: str, **put_in: object) -> str:
            return self.wording.text(language, key, **put_in)

        text = self._environment.get_template(template).render(language=language, say=say, **values)
        return HTMLResponse(text, status_code=status, headers=self._headers)

    def language_choice(self, request: Request) -> Response | None:
        """The answer to `?lang=`: keeps the choice and shows the same page without it. None when there is no choice."""
        chosen = request.query_params.get("lang")
        if chosen is None:
            return None
        response = self.redirect(request.url.path)
        if chosen in LANGUAGES:
            keep_language(response, chosen, self.facts)
        return response

    def redirect(self, address: str) -> Response:
        """See other (303), so that a reload posts nothing twice. `address`: a path of ours."""
        return RedirectResponse(address, status_code=303, headers=self._headers)
