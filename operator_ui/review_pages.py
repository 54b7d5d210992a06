"""Reviews: what may be released, a preview, the request with its purpose, approval, download, the ledger. No JavaScript.

Making one takes a while: the answer to the form is a page that grows line by line, so that whoever waits sees how far it
is. Whoever closes it early stops the work; nothing is left half done, and asking again begins again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from contacts.codes.shapes import LANGUAGES
from contacts.distrust import Distrusted
from contacts.openings import OpeningDenied
from contacts.release.catalogue import SPECS, Section
from contacts.rendering.labels import period_label, table_title
from contacts.rendering.words_review import SECTIONS
from contacts.reviews.asked import MOST_K, OUTSIDE_K, Asked, CannotBeMade, Group, Preview, Progress, Step
from contacts.reviews.ledger import Act, Audience, NotApproved, Release, SamePerson
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.statistics.fact_book import KeysMissing
from contacts.statistics.keys import HOLDERS
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.posted import Posted
from storage.engine import OUTAGES, Connection, Store
from storage.ids import StaffId

PATH: Final = "/desk/reviews"
COUNTING: Final = HOLDERS
_HERE: Final = "<!-- steps -->"
_TITLES: Final = {
    spec.id: (spec.unit, [*(["month"] if spec.months else []), *(way.name for way in spec.dimensions)])
    for spec in SPECS
}
_LONGEST_WORDS: Final = 2_000
_AWAY: Final[tuple[type[Exception], ...]] = (Distrusted, *OUTAGES)

Names = Callable[[Connection], Awaitable[dict[StaffId, str]]]


class ReviewBook(Protocol):
    """What is needed of `contacts.reviews.reviews.Reviews`."""

    async def periods(self) -> list[str]: ...

    async def listed(self, session: Session) -> list[Release]: ...

    async def preview(self, session: Session, asked: Asked, progress: Progress) -> Preview: ...

    async def request(self, session: Session, asked: Asked, progress: Progress) -> Release: ...

    async def approve(self, session: Session, release: str) -> Release: ...

    async def stored(self, session: Session, release: str) -> tuple[Release, bytes]: ...


class ReviewPages:
    """GET /desk/reviews, GET and POST /desk/reviews/{period}, GET /desk/reviews/{period}/files/{release}."""

    def __init__(self, *, room: LeadRoom, book: ReviewBook, store: Store, zone: ZoneInfo, colleagues: Names) -> None:
        self._room = room
        self._book = book
        self._store = store
        self._zone = zone
        self._colleagues = colleagues

    async def show_all(self, visit: Visit) -> Response:
        """Periods that can be released, and the ledger."""
        periods = [(each, period_label(each, visit.language)) for each in await self._book.periods()]
        rows = await self._book.listed(visit.session)
        async with self._store.read() as conn:
            names = await self._colleagues(conn)
        words = self._words(visit)
        approved = {one.release for one in rows if one.act is Act.APPROVED}
        lines = [
            {
                "day": words.day(datetime.fromtimestamp(one.at, UTC).astimezone(self._zone).date()),
                "period": period_label(one.period, visit.language),
                "href": f"{PATH}/{one.period}",
                "what": words.say(f"reviews.{one.act}_{one.audience}"),
                "who": names.get(one.approver or one.requester, ""),
                "purpose": one.purpose if one.act is Act.RELEASED else "",
                "shown": one.published,
                "hidden": one.hidden,
                "k": one.k,
                "waits": one.audience is Audience.OUTSIDE and one.release not in approved,
            }
            for one in rows
        ]
        return self._room.page(visit, "reviews.html", here="reviews", periods=periods, lines=lines)

    async def show(self, visit: Visit) -> Response:
        """One period: what was made, and what can be asked for."""
        return await self._page(visit)

    async def submit(self, visit: Visit) -> Response:
        """A preview, a release, or an approval."""
        period, sent = await self._period(visit), visit.posted
        match sent.one("do"):
            case "preview":
                return self._working(visit, _asked(period, sent), self._previewed)
            case "make":
                if not sent.one("purpose"):
                    return await self._page(visit, wrong="reviews.purpose_missing", status=422)
                return self._working(visit, _asked(period, sent), self._made)
            case "approve":
                try:
                    await self._book.approve(visit.session, sent.one("release"))
                except LookupError:
                    raise HTTPException(404) from None
                except SamePerson:
                    return await self._page(visit, wrong="reviews.same_person", status=409)
                return self._room.rendering.redirect(f"{PATH}/{period}?told=review_approved")
            case _:
                raise HTTPException(400)

    async def download(self, visit: Visit) -> Response:
        """The ZIP, as it was made."""
        try:
            release, stored = await self._book.stored(visit.session, visit.request.path_params["release"])
        except (LookupError, NotApproved):
            raise HTTPException(404) from None
        if release.period != visit.request.path_params["period"]:
            raise HTTPException(404)
        name = f"review-{release.period}-{release.audience}.zip"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(stored, media_type="application/zip", headers=headers | {"x-content-type-options": "nosniff"})

    async def _page(self, visit: Visit, *, wrong: str | None = None, status: int = 200) -> Response:
        period = await self._period(visit)
        rows = [one for one in await self._book.listed(visit.session) if one.period == period]
        approved = {one.release for one in rows if one.act is Act.APPROVED}
        made = {one.audience.value: one for one in rows if one.act is Act.RELEASED}
        outside = made.get(Audience.OUTSIDE.value)
        return self._room.page(
            visit,
            "review.html",
            here="reviews",
            status=status,
            period=period,
            title=period_label(period, visit.language),
            made={each.value: made.get(each.value) for each in Audience},
            approved=approved,
            mine=outside is not None and outside.requester == visit.session.staff_id,
            least=OUTSIDE_K,
            most=MOST_K,
            wrong=wrong,
            purpose=visit.posted.one("purpose"),
            sections=[(each.value, SECTIONS[each][visit.language]) for each in Section],
            spoken=LANGUAGES,
        )

    async def _period(self, visit: Visit) -> str:
        period: str = visit.request.path_params["period"]
        if period not in await self._book.periods():
            raise HTTPException(404)
        return period

    def _working(self, visit: Visit, asked: Asked, work: "_Work") -> Response:
        """A page that grows while the work goes on."""
        title = period_label(asked.period, visit.language)
        page = self._room.page(visit, "review_working.html", here="reviews", title=title)
        head, foot = bytes(page.body).decode().split(_HERE)
        headers = {name: value for name, value in page.headers.items() if name.lower() != "content-length"}
        return StreamingResponse(self._told(visit, asked, work, head, foot), headers=headers)

    async def _told(self, visit: Visit, asked: Asked, work: "_Work", head: str, foot: str) -> AsyncIterator[str]:
        steps: asyncio.Queue[tuple[Step, int, int] | None] = asyncio.Queue()
        words = self._words(visit)

        async def run() -> str:
            try:
                return await work(visit, asked, lambda *step: steps.put_nowait(step))
            except CannotBeMade as refused:
                return _sentence(words, f"reviews.why_{refused.why}", ", ".join(refused.named))
            except KeysMissing:
                return _sentence(words, "reviews.why_keys")
            except (OpeningDenied, Closed):
                return _sentence(words, "reviews.why_denied")
            except _AWAY:
                return _sentence(words, "reviews.why_away")
            finally:
                steps.put_nowait(None)

        task = asyncio.create_task(run())
        try:
            yield head
            last: tuple[Step, int] | None = None
            while (step := await steps.get()) is not None:
                name, done, total = step
                tenth = 10 * done // total if total else 0
                if last != (name, tenth):
                    yield f"<li>{escape(words.say(f'reviews.step_{name}', per_cent=str(10 * tenth)))}</li>\n"
                last = (name, tenth)
            yield f"</ol>\n{await task}\n{foot}"
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _previewed(self, visit: Visit, asked: Asked, progress: Progress) -> str:
        preview = await self._book.preview(visit.session, asked, progress)
        words = self._words(visit)
        said = escape(words.say("reviews.preview_says", shown=str(preview.shown), hidden=str(preview.hidden)))
        why = escape(words.say("reviews.preview_why"))
        listed = _groups(words, visit.language, preview.groups)
        told = f"<p>{why}</p>\n{listed}" if preview.groups else ""
        return f'<section class="panel"><p role="status">{said}</p>\n{told}</section>\n{self._back(words, asked)}'

    async def _made(self, visit: Visit, asked: Asked, progress: Progress) -> str:
        release = await self._book.request(visit.session, asked, progress)
        words = self._words(visit)
        key = "reviews.made" if release.audience is Audience.INSIDE else "reviews.made_waits"
        return f'<p class="told" role="status">{escape(words.say(key))}</p>\n{self._back(words, asked)}'

    def _back(self, words: LeadWords, asked: Asked) -> str:
        return f'<p><a class="button primary" href="{PATH}/{asked.period}">{escape(words.say("reviews.go_on"))}</a></p>'

    def _words(self, visit: Visit) -> LeadWords:
        return LeadWords(wording=self._room.rendering.wording, language=visit.language, zone=self._zone, names={})


_Work = Callable[[Visit, Asked, Progress], Awaitable[str]]


def _asked(period: str, sent: Posted) -> Asked:
    typed = sent.one("k")
    k = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else OUTSIDE_K
    outside = sent.one("audience") == Audience.OUTSIDE
    words = {
        section.value: {language: sent.one(f"words-{section}-{language}")[:_LONGEST_WORDS] for language in LANGUAGES}
        for section in Section
    }
    return Asked(
        period=period,
        audience=Audience.OUTSIDE if outside else Audience.INSIDE,
        k=min(max(k, OUTSIDE_K), MOST_K),
        purpose=sent.one("purpose"),
        commentary={section: texts for section, texts in words.items() if any(texts.values())},
    )


def _groups(words: LeadWords, language: str, groups: Iterable[Group]) -> str:
    """A line a table, with a sentence for each period of which it hides something."""
    by_table: dict[str, list[str]] = {}
    for group in groups:
        when = period_label(group.period, language) + (f" {group.period[:4]}" if "-" in group.period else "")
        said = words.say("reviews.group", period=when, hidden=str(group.hidden), all=str(group.all))
        by_table.setdefault(group.table, []).append(str(escape(said)))
    lines = [
        f"<li><span>{escape(_title(table, language))}</span> <span>{'<br>'.join(sentences)}</span></li>\n"
        for table, sentences in by_table.items()
    ]
    return f'<ul class="lines">\n{"".join(lines)}</ul>\n'


def _title(table: str, language: str) -> str:
    unit, dimensions = _TITLES[table]
    return table_title(unit, dimensions, language)


def _sentence(words: LeadWords, key: str, named: str = "") -> str:
    said = words.say(key, numbers=named) if named else words.say(key)
    return f'<p class="told warning" role="alert">{escape(said)}</p>'
