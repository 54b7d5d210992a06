"""Organisations to a file and from one, in the shape of Open Referral HSDS. All of a file is taken, or none of it."""

from starlette.responses import Response

from chat.headers import COMMON
from contacts.organisations.checks import Mistake, NotAccepted, Wrong
from contacts.organisations.hsds import read, written
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.leading import Leading
from operator_ui.partnering import IMPORT

#: So many mistakes are told at once; whoever mends them sees the others.
_TOLD = 50


class OrganisationFilePages:
    """GET and POST /desk/lead/organisations/import, GET /desk/lead/organisations/organisations.json."""

    def __init__(self, *, room: LeadRoom, leading: Leading) -> None:
        self._room = room
        self._leading = leading

    async def show(self, visit: Visit) -> Response:
        """Choose a file."""
        return self._page(visit)

    async def download(self, _visit: Visit) -> Response:
        """Every organisation that is ours, keys included, verifications not."""
        async with self._leading.store.read() as conn:
            ours, _ = await self._leading.partnering.organisations.believed(conn)
        headers = COMMON | {"content-disposition": 'attachment; filename="organisations.json"'}
        text = written(ours, language=self._leading.advertised[0])
        return Response(text, media_type="application/json", headers=headers)

    async def submit(self, visit: Visit) -> Response:
        """Look at a file, or take it."""
        leading, text = self._leading, visit.posted.one("file") or visit.posted.one("text")
        try:
            if not text:
                raise NotAccepted([Mistake("", Wrong.MISSING)])
            found = read(text, language=leading.advertised[0])
            async with leading.store.write() as conn:
                rows = [(one.id, one.entry, one.active) for one in found.organisations]
                done = await leading.partnering.organisations.take_over(conn, rows, by=visit.session.staff_id)
        except NotAccepted as refused:
            return self._page(visit, text=text, mistakes=refused.mistakes, status=422)
        return self._page(visit, taken=len(done), lost=tuple(found.lost))

    def _page(
        self,
        visit: Visit,
        *,
        text: str = "",
        mistakes: tuple[Mistake, ...] = (),
        taken: int | None = None,
        lost: tuple[str, ...] = (),
        status: int = 200,
    ) -> Response:
        wording = self._room.rendering.wording
        return self._room.page(
            visit,
            "lead_organisations_file.html",
            here="organisations",
            status=status,
            address=IMPORT,
            text=text,
            errors=[
                (one.path, wording.text(visit.language, f"org.wrong_{one.wrong}", field=one.path).partition(": ")[2])
                for one in mistakes[:_TOLD]
            ],
            more=max(len(mistakes) - _TOLD, 0),
            taken=taken,
            lost=lost[:_TOLD],
        )
