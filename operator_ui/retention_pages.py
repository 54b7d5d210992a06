"""What is kept for how long, what is due, when the worker last ran, what is held back, what did not arrive. For leads."""

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from contacts.contact import Klass
from contacts.holds import Held, held_since
from contacts.retention import Counted, LastRun, Waiting
from contacts.retention_classes import CLASSES
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.watching import Watching

PATH = "/desk/lead/retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One class in words."""

    name: str
    term: str
    due: int
    overdue: int


class RetentionPages:
    """GET and POST /desk/lead/retention."""

    def __init__(self, *, room: LeadRoom, watching: Watching) -> None:
        self._room = room
        self._watching = watching

    async def show(self, visit: Visit) -> Response:
        """Terms, what waits, the last run."""
        watching = self._watching
        async with watching.store.read() as conn:
            waiting = await watching.retention.waiting(conn)
            last = await watching.retention.last(conn)
            held = await held_since(conn, Held.SENDING)
            stuck, names = await watching.stuck(conn)
            words = watching.words(self._room.rendering.wording, visit.language, await watching.colleagues(conn))
        return self._room.page(
            visit,
            "lead_retention.html",
            here="retention",
            rows=[*(self._row(words, klass, waiting[klass.value]) for klass in CLASSES), _contacts(words, waiting)],
            overdue=any(one.overdue for one in waiting.values()),
            last=_last(words, last),
            counts=_counts(words, last),
            months=watching.months.keep,
            held=None if held is None else _at(words, held),
            stuck=[
                {
                    "reference": one.reference,
                    "organisation": names.get(one.organisation, words.say("retention.stuck_unknown")),
                    "person": words.person(one.queued_by),
                    "since": _at(words, one.since),
                    "why": words.say(f"retention.stuck_{one.why}"),
                }
                for one in stuck
            ],
        )

    async def submit(self, visit: Visit) -> Response:
        """Let what was held back go on."""
        if visit.posted.one("do") != "release":
            return self._room.rendering.redirect(PATH)
        async with self._watching.store.write() as conn:
            await self._watching.holds.release(conn, Held.SENDING, by=visit.session)
        return self._room.rendering.redirect(f"{PATH}?told=released")

    def _row(self, words: LeadWords, klass: Klass, waiting: Waiting) -> Row:
        number = self._watching.retention.terms.of(klass)
        return Row(
            name=words.say(f"retention.class_{klass}"),
            term=words.say(f"retention.term_{klass}", number=number),
            due=waiting.due,
            overdue=waiting.overdue,
        )


def _contacts(words: LeadWords, waiting: dict[str, Waiting]) -> Row:
    mine = waiting[Counted.CONTACT.value]
    return Row(
        name=words.say("retention.class_contact"),
        term=words.say("retention.term_contact"),
        due=mine.due,
        overdue=mine.overdue,
    )


def _at(words: LeadWords, at: int) -> str:
    return words.instant(datetime.fromtimestamp(at, UTC))


def _last(words: LeadWords, last: LastRun | None) -> str:
    if last is None:
        return words.say("retention.never_ran")
    if last.ended_at is None:
        return words.say("retention.not_ended", at=_at(words, last.began_at))
    if not last.settled:
        return words.say("retention.not_settled", at=_at(words, last.ended_at))
    return words.say("retention.ran" if last.counts else "retention.ran_idle", at=_at(words, last.ended_at))


def _counts(words: LeadWords, last: LastRun | None) -> list[tuple[str, int]]:
    if last is None:
        return []
    known = [*(klass.value for klass in CLASSES), *(one.value for one in Counted)]
    told = [(words.say(f"retention.class_{what}"), last.counts[what]) for what in known if what in last.counts]
    others = sum(count for what, count in last.counts.items() if what not in known)
    return [*told, (words.say("retention.class_others"), others)] if others else told
