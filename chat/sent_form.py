"""What every public form does when it is sent: read, give back to correct, hold back, keep. A shell without rules."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from chat.answers import data_answer, page_answer, redirect, wants_data
from chat.contact_form import LONGEST_MESSAGE, Unreadable
from chat.form_fields import BadForm, read_fields
from chat.headers import data_headers
from chat.page_builder import Document
from chat.rate import Rate, Rates
from chat.translations import Translations
from contacts.contact import Refused
from contacts.words import Words
from storage.clock import Clock

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 16
#: From one rate bucket (config/edge.py), which many people may share behind one address.
FORM_RATE = Rate(0.5, 30.0)


class HasMessage(Protocol):
    """What was typed into a form, as far as all have it."""

    @property
    def message(self) -> Words: ...


Form = TypeVar("Form", bound=HasMessage)


class SentForm(ABC, Generic[Form]):
    """GET and POST of one form."""

    def __init__(self, *, translations: Translations, clock: Clock, rates: Rates) -> None:
        self._translations = translations
        self._clock = clock
        self._rates = rates

    @abstractmethod
    def empty(self, language: str) -> Form:
        """Nothing typed, with a fresh id: what is sent twice from one page is kept once."""

    @abstractmethod
    def typed(self, fields: Mapping[str, str], language: str) -> Form:
        """What was typed. Raises `Unreadable`."""

    @abstractmethod
    def wrong(self, form: Form) -> Mapping[str, str]:
        """Field -> key of the sentence that says what to correct."""

    @abstractmethod
    async def keep(self, form: Form, language: str) -> None:
        """It is sealed and kept. Raises `Refused`."""

    @abstractmethod
    def document(self, form: Form, language: str, problems: Mapping[str, str], status: int = 200) -> Document:
        """The page with what was typed; `problems`: field -> sentence."""

    async def show(self, request: Request, language: str) -> Response:
        """An empty form."""
        return page_answer(request, self.document(self.empty(language), language, {}))

    async def send(self, request: Request, language: str) -> Response:
        """Sent, or the form again with everything that was typed: 422 to correct, 429 and 503 to send again later."""
        try:
            form = self.typed(await read_fields(request, largest=LARGEST_FORM, most=MOST_FIELDS), language)
        except (BadForm, Unreadable):
            return self._again(request, language, self.empty(language), {"": "form.unreadable"}, 400)
        if wrong := self.wrong(form):
            return self._again(request, language, form, wrong, 422)
        if not self._rates.take(_bucket(request), self._clock.monotonic()):
            return self._again(request, language, form, {"": "form.too_many"}, 429)
        try:
            await self.keep(form, language)
        except Refused:
            return self._again(request, language, form, {"": "form.unavailable"}, 503)
        if wants_data(request):
            return data_answer({"ok": True})
        return redirect(f"/{language}/received", data_headers())

    def _again(self, request: Request, language: str, form: Form, wrong: Mapping[str, str], status: int) -> Response:
        over = max(len(form.message) - LONGEST_MESSAGE, 0)
        texts = {
            field: self._translations.text(language, key, **({"n": over} if key.endswith(".too_long") else {}))
            for field, key in wrong.items()
        }
        if wants_data(request):
            told = [{"field": field, "text": text} for field, text in texts.items()]
            return data_answer({"ok": False, "problems": told}, status)
        return page_answer(request, self.document(form, language, texts, status))


def _bucket(request: Request) -> str:
    """The opaque name for where a request comes from, put there by the edge."""
    return str(getattr(request.state, "bucket", "everywhere"))
