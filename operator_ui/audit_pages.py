"""The audit log in words: who did what, to which contact or colleague, and when. For leads."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from contacts.audit import Action
from contacts.audit_reader import Line, Wanted, read_page
from duty.wall_clock import instant_of
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.posted import Posted
from operator_ui.roster_pages import people_of
from operator_ui.watching import Watching
from storage.ids import StaffId

PATH = "/desk/lead/audit"
_FILTERS = ("who", "what", "tag", "contact", "from", "to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row in words. `reason`: somebody gave one, so it stands out."""

    number: int
    at: str
    who: str
    what: str
    whom: str
    href: str
    reason: bool


class AuditPages:
    """GET /desk/lead/audit."""

    def __init__(self, *, room: LeadRoom, watching: Watching) -> None:
        self._room = room
        self._watching = watching

    async def show(self, visit: Visit) -> Response:
        """A page of rows, newest first."""
        asked, watching = visit.query, self._watching
        async with watching.store.read() as conn:
            colleagues = await watching.colleagues(conn)
            words = watching.words(self._room.rendering.wording, visit.language, colleagues)
            lines, more = await read_page(conn, _wanted(asked, words))
        kept = [(name, asked.one(name)) for name in _FILTERS if asked.one(name)]
        older = urlencode([*kept, ("below", str(lines[-1].number))]) if more else ""
        return self._room.page(
            visit,
            "lead_audit.html",
            here="audit",
            lines=[_told(words, line) for line in lines],
            older=older,
            newest=urlencode(kept) if asked.one("below") else None,
            filtered=bool(kept),
            chosen={name: asked.one(name) for name in _FILTERS},
            people=people_of(colleagues),
            actions=sorted(
                ((action.value, words.say(f"audit.action_{action}")) for action in Action), key=lambda one: one[1]
            ),
            most=watching.most,
            months=watching.months.keep,
        )


def _wanted(asked: Posted, words: LeadWords) -> Wanted:
    below = asked.one("below")
    known = {action.value for action in Action}
    return Wanted(
        actor=asked.one("who"),
        actions=tuple(one for one in asked.all("what") if one in known),
        tag=asked.one("tag").upper(),
        contact=asked.one("contact"),
        since=_midnight(words, asked.one("from")),
        until=_midnight(words, asked.one("to"), after=1),
        below=int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None,
    )


def _midnight(words: LeadWords, typed: str, *, after: int = 0) -> int | None:
    try:
        day = date.fromisoformat(typed) + timedelta(days=after)
        return int(instant_of(datetime.combine(day, datetime.min.time()), words.zone).timestamp())
    except (ValueError, OverflowError):
        return None


def _told(words: LeadWords, line: Line) -> Told:
    keys = words.wording.keys
    what = words.say(f"audit.action_{line.action}" if f"audit.action_{line.action}" in keys else "audit.action_other")
    if line.detail and f"audit.detail_{line.detail}" in keys:
        what = words.say("audit.with_detail", what=what, detail=words.say(f"audit.detail_{line.detail}"))
    whom = ""
    if line.contact is not None:
        whom = words.say("audit.contact", tag=line.tag) if line.tag else words.say("audit.contact_gone")
    elif line.subject is not None:
        whom = words.names.get(StaffId(line.subject), "")
    nobody = "audit.nobody" if line.action == Action.SIGN_IN_FAILED else "audit.house"
    return Told(
        number=line.number,
        at=words.instant(datetime.fromtimestamp(line.at, UTC)),
        who=words.person(StaffId(line.actor)) if line.actor else words.say(nobody),
        what=what,
        whom=whom,
        href=f"{PATH}?{urlencode({'contact': line.contact})}" if line.contact else "",
        reason=line.action == Action.OPEN_WITH_REASON,
    )
