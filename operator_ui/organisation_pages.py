"""Organisations: the list, one of them with what visitors see of it, and whether its key is trusted."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chat.organisation_list import OrganisationShown, shown
from chat.sentences import own_name
from contacts.distrust import Forged
from contacts.organisations.checks import NotAccepted, mistakes
from contacts.organisations.organisation import Channel, Entry, Organisation, Scope
from contacts.organisations.organisations import Moved
from contacts.organisations.profile import MOST_PHONES, Phone
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.leading import Leading, words_of
from operator_ui.organisation_form import PARTS, read_entry, remarks_of
from operator_ui.partnering import ORGANISATIONS, SERVED
from operator_ui.slips import Remark
from storage.engine import Connection
from storage.ids import OrganisationId

NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One row of the list."""

    address: str
    name: str
    active: bool
    listed: bool
    takes: str
    channels: str
    key: str


class OrganisationPages:
    """GET /desk/lead/organisations, GET and POST /desk/lead/organisations/{id}."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading
        self._partnering = leading.partnering

    async def show_all(self, visit: Visit) -> Response:
        """Every organisation, those in use first; rows that are not ours are refused and said to be."""
        async with self._leading.store.read() as conn:
            words = await self._words(conn, visit)
            ours, refused = await self._partnering.organisations.believed(conn)
        lines = [_line(words, one) for one in sorted(ours, key=lambda one: not one.active)]
        return self._room.page(
            visit, "lead_organisations.html", here="organisations", lines=lines, refused=len(refused)
        )

    async def show(self, visit: Visit) -> Response:
        """One of them, or an empty form."""
        async with self._leading.store.read() as conn:
            words = await self._words(conn, visit)
            one = await self._asked(conn, visit)
        entry = one.entry if one is not None else Entry(name="", listed=True)
        return self._page(visit, words, one, entry)

    async def submit(self, visit: Visit) -> Response:
        """Save, look, verify the key, use no longer or again."""
        todo, sent = visit.posted.one("do"), visit.posted
        async with self._leading.store.read() as conn:
            words = await self._words(conn, visit)
            before = await self._asked(conn, visit)
        revision = int(sent.one("revision")) if sent.one("revision").isdecimal() else 0
        if before is not None and todo in {"verify", "activate", "deactivate"}:
            return await self._decide(visit, words, before, todo, revision)
        entry = read_entry(sent, before.entry if before is not None else None)
        if todo == "look":
            return self._page(visit, words, before, entry, wrong=remarks_of(words, mistakes(entry)), looked=True)
        return await self._save(visit, words, before, entry, revision)

    async def _save(
        self, visit: Visit, words: LeadWords, before: Organisation | None, entry: Entry, revision: int
    ) -> Response:
        organisations, by = self._partnering.organisations, visit.session.staff_id
        try:
            async with self._leading.store.write() as conn:
                if before is None:
                    after = await organisations.add(conn, entry, by=by)
                else:
                    after = await organisations.change(conn, before.id, entry, revision=revision, by=by)
        except NotAccepted as refused:
            return self._page(visit, words, before, entry, wrong=remarks_of(words, refused.mistakes), status=422)
        except Moved:
            return self._page(visit, words, before, entry, moved=True, status=409)
        undone = before is not None and before.verified and not after.verified
        told = "org_unverified" if undone else "org_saved"
        return self._room.rendering.redirect(f"{ORGANISATIONS}/{after.id}?told={told}")

    async def _decide(self, visit: Visit, words: LeadWords, before: Organisation, todo: str, revision: int) -> Response:
        organisations, by = self._partnering.organisations, visit.session.staff_id
        if todo == "verify" and "compared" not in visit.posted:
            slip = Remark(words.say("org.compare_first"), "compared", "#compared", refuse=True)
            return self._page(visit, words, before, before.entry, wrong=[slip], status=422)
        try:
            async with self._leading.store.write() as conn:
                if todo == "verify":
                    await organisations.verify(conn, before.id, revision=revision, by=by)
                else:
                    active = todo == "activate"
                    await organisations.activate(conn, before.id, active=active, revision=revision, by=by)
        except (Moved, NotAccepted):
            return self._page(visit, words, before, before.entry, moved=True, status=409)
        return self._room.rendering.redirect(f"{ORGANISATIONS}/{before.id}?told=org_{todo}")

    async def _asked(self, conn: Connection, visit: Visit) -> Organisation | None:
        """The organisation of the address; None for a new one. 404 when there is none, or none that is ours."""
        asked = visit.request.path_params["organisation"]
        if asked == NEW:
            return None
        try:
            found = await self._partnering.organisations.find(conn, OrganisationId(asked))
        except Forged:
            found = None
        if found is None:
            raise HTTPException(404)
        return found

    async def _words(self, conn: Connection, visit: Visit) -> LeadWords:
        leading = self._leading
        return words_of(self._room.rendering.wording, visit.language, leading.zone, await leading.colleagues(conn))

    def _page(
        self,
        visit: Visit,
        words: LeadWords,
        one: Organisation | None,
        entry: Entry,
        *,
        wrong: list[Remark] | None = None,
        moved: bool = False,
        looked: bool = False,
        status: int = 200,
    ) -> Response:
        advertised = self._leading.advertised
        codes = (*advertised, *sorted(set(entry.profile.texts) - set(advertised)))
        phones = (*entry.profile.phones, *[Phone(number="")] * MOST_PHONES)[:MOST_PHONES]
        served = sorted({*SERVED, *entry.profile.languages}, key=words.language_name)
        return self._room.page(
            visit,
            "lead_organisation.html",
            here="organisations",
            status=status,
            one=one,
            address=f"{ORGANISATIONS}/{one.id if one is not None else NEW}",
            entry=entry,
            errors=wrong or [],
            wrong={remark.field: remark.text for remark in wrong or ()},
            moved=moved,
            looked=looked,
            texts=[(code, words.language_name(code), entry.profile.texts.get(code)) for code in codes],
            parts=PARTS,
            phones=phones,
            served=[(code, words.language_name(code)) for code in served],
            scopes=[(scope.value, words.say(f"org.takes_{scope}")) for scope in Scope],
            channels=[(channel.value, words.say(f"org.by_{channel}")) for channel in Channel],
            verified=_verified(words, one),
            changed=(words.person(one.changed_by), words.instant_of(one.changed_at)) if one is not None else None,
            seen=[(code, own_name(code), _card(entry, code, advertised)) for code in advertised],
        )


def _card(entry: Entry, language: str, prefer: tuple[str, ...]) -> OrganisationShown:
    """What a visitor reads in this language."""

    def names(codes: frozenset[str]) -> Markup:
        return Markup(", ").join(own_name(code) for code in sorted(codes))

    return shown([entry], language, prefer=prefer, names=names)[0]


def _line(words: LeadWords, one: Organisation) -> _Line:
    entry = one.entry
    return _Line(
        address=f"{ORGANISATIONS}/{one.id}",
        name=one.name,
        active=one.active,
        listed=entry.listed,
        takes=", ".join(words.say(f"org.takes_{scope}") for scope in Scope if scope in entry.takes),
        channels=", ".join(words.say(f"org.by_{channel}") for channel in Channel if channel in entry.channels),
        key="verified" if one.verified else "unverified" if entry.recipient else "none",
    )


def _verified(words: LeadWords, one: Organisation | None) -> tuple[str, str] | None:
    """Who compared the key by telephone, and when."""
    if one is None or one.verified_at is None:
        return None
    return words.person(one.verified_by), words.instant_of(one.verified_at)
