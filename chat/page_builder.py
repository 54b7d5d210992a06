"""The visitor's documents: built once at start, weighed, and rendered per request.

One document per answer, style and script inlined and named in the policy by hash. A document over the budget, a
missing sentence or a template that asks for an unknown value stops the program before it serves.
"""

import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chat import bundle
from chat.contact_form import FORM_FIELDS, MOST_TYPED, Typed
from chat.headers import frame_headers, page_headers
from chat.organisation_list import shown
from chat.proposal_form import PROPOSAL_FIELDS, TypedProposal
from chat.public_facts import PublicFacts
from chat.sentences import Sentences, direction, own_name
from chat.translations import Translations
from contacts.organisations.organisation import Entry
from duty.availability import Availability, State

#: Largest document in bytes after gzip (visitor.md).
BUDGET = 15_000

#: Sentences the script says; each `sentence("key")` in chat/page/js is here (a test compares).
LEAVE_WORDS = ("leave.title", "leave.two_more", "leave.one_more", "talk.several")
TALK_WORDS = (
    "talk.you", "talk.worker", "talk.connecting", "composer.left", "composer.too_long",
    "message.sending", "message.received", "message.shown", "message.failed",
    "line.worker_joined", "line.lead_joined", "line.worker_lost", "line.worker_back", "line.ended",
    "line.worker_gone", "line.handed_over", "line.hand_over_refused", "line.read_allowed", "line.read_refused",
    "line.consent_yes", "line.consent_no", "line.consent_change", "line.consent_withdrawn", "line.consent_withdrawn_sent", "line.card_taken_back", "line.not_heard",
    "card.heading", "line.closing_15", "line.closing_5", "line.extended", "line.still_there", "unserved.text",
    "net.lost", "net.back", "net.start_failed", "net.replaced", "gone.heading",
)  # fmt: skip
FORM_WORDS = ("composer.left", "message.sending", "form.not_connected")


class PageTooHeavy(Exception):
    """A document is over the budget."""


class View(StrEnum):
    """Which part of the visitor's page is shown first; the script may show another later."""

    START = "start"
    CONTINUE = "continue"
    TALK = "talk"
    ENDED = "ended"
    GONE = "gone"


class Statement(StrEnum):
    """Pages of text; the value is their address under the language."""

    CONFIDENTIALITY = "confidentiality"
    ACCESSIBILITY = "accessibility"


class Notice(StrEnum):
    """Pages that say why there is nothing else."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Document:
    """An answer's body and headers; `status` is HTTP's."""

    html: str
    headers: Mapping[str, str]
    status: int = 200


class VisitorPage:
    """All documents of one deployment, in every language of `facts`.

    Raises chat.bundle.BrokenBundle when built.
    """

    def __init__(self, *, facts: PublicFacts, translations: Translations, sentences: Sentences) -> None:
        self._facts = facts
        self._translations = translations
        self._sentences = sentences
        self._style, self._script = bundle.style(), bundle.script()
        self._form_script = bundle.script(entry="form.js")
        self._text_script = bundle.script(entry="text.js")
        style = (bundle.policy_hash(self._style),)
        scripts = tuple(bundle.policy_hash(one) for one in (self._script, self._form_script, self._text_script))
        self._page_headers = page_headers(facts, scripts=scripts, styles=style)
        self._frame_headers = frame_headers(styles=style)
        self._templates = _templates()

    def visitor(self, language: str, view: View, availability: Availability, now: datetime) -> Document:
        """The page itself."""
        return self._page(
            "visitor.html",
            language,
            view=view,
            words=LEAVE_WORDS + TALK_WORDS,
            zone=availability.zone.key,
            state=availability.state,
            admitted=availability.admits,
            availability=self._sentences.availability(language, availability, now),
            present=self._names(availability.languages) if availability.admits else "",
        )

    def statement(self, language: str, statement: Statement) -> Document:
        """Confidentiality, accessibility."""
        return self._page(f"{statement}.html", language, same_page=f"/{statement}")

    def notice(self, language: str, notice: Notice, status: int) -> Document:
        """Why there is nothing else here, and the way back."""
        page = self._page("notice.html", language, heading=f"notice.{notice}", text=f"notice.{notice}_text")
        return Document(page.html, page.headers, status)

    def form(self, form: Typed, language: str, wrong: Mapping[str, str], status: int = 200) -> Document:
        """The contact form as it was filled in. `wrong`: field -> sentence; under "" what is wrong with all of it."""
        page = self._page(
            "form.html",
            language,
            same_page="/write",
            view="form",
            words=LEAVE_WORDS + FORM_WORDS,
            script=Markup(self._form_script),  # noqa: S704 - our own file, checked when bundled
            form=form,
            fields=FORM_FIELDS,
            most=MOST_TYPED,
            problems=wrong,
        )
        return Document(page.html, page.headers, status)

    def proposal(
        self,
        form: TypedProposal,
        language: str,
        parties: Mapping[str, str],
        wrong: Mapping[str, str],
        status: int = 200,
    ) -> Document:
        """The form for professionals as it was filled in. `parties`: code -> name; `wrong` as in `form`."""
        page = self._page(
            "professionals.html",
            language,
            same_page="/professionals",
            view="form",
            words=LEAVE_WORDS + FORM_WORDS,
            script=Markup(self._form_script),  # noqa: S704 - our own file, checked when bundled
            form=form,
            fields=PROPOSAL_FIELDS,
            parties=parties,
            most=MOST_TYPED,
            problems=wrong,
        )
        return Document(page.html, page.headers, status)

    def received(self, language: str, availability: Availability, now: datetime) -> Document:
        """The message has arrived, and when somebody reads it."""
        when = self._sentences.when_read(language, availability, now)
        return self._page("form_received.html", language, same_page="/received", when=when)

    def organisations(self, language: str, entries: Iterable[Entry]) -> Document:
        """Where else people can turn."""
        return self._page(
            "organisations.html",
            language,
            same_page="/organisations",
            script=Markup(self._text_script),  # noqa: S704 - our own file, checked when bundled
            organisations=shown(entries, language, prefer=self._facts.languages, names=self._names),
        )

    def composer(
        self, language: str, message_id: str, *, text: str = "", note: str = "", status: int = 200
    ) -> Document:
        """The writing frame. `note`: key of a sentence, or nothing."""
        return self._frame("composer.html", language, status, message_id=message_id, text=text, note=note)

    def stream_head(self, language: str) -> Document:
        """The beginning of the endless document."""
        return self._frame("stream.html", language, 200)

    def frame_over(self, language: str, unserved: str = "", told: str = "") -> Document:
        """Both frames when the conversation is over. `unserved`: nobody could answer, and when we open again.

        `told`: the name of a sentence that is said beside it.
        """
        return self._frame("over.html", language, 410, unserved=unserved, told=told, phone_link=self._phone_link())

    def _page(self, template: str, language: str, **values: object) -> Document:
        facts = self._facts
        defaults = {
            "view": "text",
            "same_page": "",
            "zone": "UTC",
            "words": LEAVE_WORDS,
            "style": Markup(self._style),  # noqa: S704 - our own file, checked when bundled
            "script": Markup(self._script),  # noqa: S704 - the same
            "languages": facts.languages,
            "admits": " ".join(state for state in State if Availability(state).admits),
            "phone": Markup('<bdi dir="ltr">{0}</bdi>').format(facts.phone_display),
            "phone_link": self._phone_link(),
            "emergency_link": _link(f"tel:{facts.emergency}", facts.emergency),
            "feedback": self._feedback(),
            "authority": _link("https://www.webaccessibility.fi/", "webaccessibility.fi"),
        }
        html = self._render(template, language, defaults | values)
        return Document(html, self._page_headers)

    def _frame(self, template: str, language: str, status: int, **values: object) -> Document:
        style = Markup(self._style)  # noqa: S704 - our own file, checked when bundled
        html = self._render(template, language, {"style": style} | values)
        return Document(html, self._frame_headers, status)

    def _render(self, template: str, language: str, values: Mapping[str, object]) -> str:
        translations = self._translations

        def text(key: str, **inserted: object) -> str:
            return translations.text(language, key, **inserted)

        def markup(key: str, **inserted: object) -> Markup:
            return translations.markup(language, key, **inserted)

        def sentence(key: str) -> str:
            return translations.text(language, key, n="{n}")

        functions: dict[str, Callable[..., str]] = {
            "t": text, "m": markup, "sentence": sentence, "direction": direction, "own_name": own_name,
        }  # fmt: skip
        return self._templates.get_template(template).render(
            {**functions, **values}, language=language, facts=self._facts
        )

    def _names(self, languages: frozenset[str]) -> Markup:
        """Names of languages in themselves, those of the page first."""
        known = [language for language in self._facts.languages if language in languages]
        others = sorted(languages - set(known))
        return Markup(", ").join(
            Markup('<bdi lang="{0}">{1}</bdi>').format(language, own_name(language)) for language in known + others
        )

    def _phone_link(self) -> Markup:
        return _link(f"tel:{self._facts.phone_tel}", self._facts.phone_display)

    def _feedback(self) -> Markup:
        facts = self._facts
        if "@" in facts.feedback:
            return _link(f"mailto:{facts.feedback}", facts.feedback)
        return _link(f"tel:{facts.phone_tel}", facts.phone_display)

    def weigh(self) -> None:
        """Render everything once, before anybody is served. Raises PageTooHeavy, jinja2.UndefinedError."""
        now = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
        everyone = frozenset(self._facts.languages)
        for language in self._facts.languages:
            documents = {
                f"{view}": self.visitor(language, view, Availability(State.open, everyone), now) for view in View
            }
            for state in State:
                later = Availability(state, everyone, datetime(2026, 11, 26, 11, 0, tzinfo=UTC), ZoneInfo("UTC"))
                documents[state] = self.visitor(language, View.START, later, now)
            documents |= {f"{statement}": self.statement(language, statement) for statement in Statement}
            everything = dict.fromkeys(FORM_FIELDS, self._translations.text(language, "form.filled_by_program"))
            documents |= {"form.html": self.form(Typed(page="", language=language), language, everything)}
            proposed, whose = TypedProposal(page="", language=language), {"other_authority": "-" * 40}
            documents |= {"professionals.html": self.proposal(proposed, language, whose, everything)}
            documents |= {f"{notice}": self.notice(language, notice, 404) for notice in Notice}
            documents |= {"organisations.html": self.organisations(language, ())}
            documents |= {"composer.html": self.composer(language, ""), "stream.html": self.stream_head(language)}
            documents |= {"over.html": self.frame_over(language)}
            for name, document in documents.items():
                size = len(compressed(document.html))
                if size > BUDGET:
                    raise PageTooHeavy(f"{name} in {language!r} weighs {size} bytes; {BUDGET} are allowed")


@cache  # compiled once: nothing of a deployment is in them
def _templates() -> Environment:
    pages = FileSystemLoader(bundle.PAGE)
    return Environment(loader=pages, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def compressed(html: str) -> bytes:
    """The document as it travels to a browser that accepts gzip."""
    return gzip.compress(html.encode(), compresslevel=9, mtime=0)


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{0}"><bdi dir="ltr">{1}</bdi></a>').format(address, text)
