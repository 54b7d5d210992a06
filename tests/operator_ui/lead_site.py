"""The leads' pages on the real house, asked as a browser without JavaScript asks them."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from html import unescape

import httpx2
from sqlalchemy import select

from contacts.people import Role
from contacts.tables_audit import audit
from tests.house import Worker

ORIGIN = "http://localhost:8000"
HOURS, PREVIEW, EXCEPTIONS = "/desk/lead/hours", "/desk/lead/preview", "/desk/lead/exceptions"
ROSTER, SHIFT, COVERAGE, ABSENCE = "/desk/roster", "/desk/lead/shift", "/desk/lead/coverage", "/desk/lead/absence"
#: "Tue 13-15, Thu 9-11 and 14-20, Fri 21-02" as rows: weekday, from, to.
WEEK = ((1, "13", "15"), (3, "9", "11"), (3, "14.00", "2000"), (4, "21", "02"))

Fields = Iterable[tuple[str, str]]


class Browser:
    """One signed-in browser; follows no redirect by itself."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str) -> httpx2.Response:
        return await self.http.get(path)

    async def post(self, path: str, fields: Fields, *, origin: str = ORIGIN) -> httpx2.Response:
        body = str(httpx2.QueryParams(list(fields)))
        headers = {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
        return await self.http.post(path, content=body, headers=headers)

    async def followed(self, answer: httpx2.Response) -> httpx2.Response:
        assert answer.status_code == 303, answer.text
        return await self.http.get(answer.headers["location"])

    async def text(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return shown(answer)


def shown(answer: httpx2.Response) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(script|style|template).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def field(answer: httpx2.Response, name: str) -> str:
    """The value of the first field of a name."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', answer.text)
    assert found is not None, name
    return unescape(found[1])


def week_fields(week: Iterable[tuple[int, str, str]] = WEEK, /, **others: str) -> list[tuple[str, str]]:
    """The fields of the weekly editor."""
    pairs = {"revision": "", "editing": "table", "holidays": "closed", "last_start": "30", "begin": "now"}
    pairs |= {"zone": "Europe/Helsinki", "country": "FI", "do": "save"} | others
    given, rows = list(week), list[tuple[str, str]]()
    given += [(weekday, "", "") for weekday in range(7) if all(row[0] != weekday for row in given)]
    for number, (weekday, starts, ends) in enumerate(sorted(given, key=lambda row: row[0]), 1):
        rows += [(f"row-{number}-day", str(weekday)), (f"row-{number}-starts", starts), (f"row-{number}-ends", ends)]
    return [*rows, *pairs.items()]


async def published(browser: Browser, query: str) -> httpx2.Response:
    """Look at a change and publish it; the page that follows."""
    preview = await browser.get(f"{PREVIEW}?{query}")
    pairs = [*httpx2.QueryParams(query).multi_items(), ("digest", field(preview, "digest"))]
    return await browser.followed(await browser.post(PREVIEW, pairs))


@asynccontextmanager
async def browser_of(here: Worker, name: str, role: Role = Role.LEAD, **options: object) -> AsyncIterator[Browser]:
    """Somebody's browser at this worker."""
    await here.signed_in(name, role, languages=("fi", "en"))
    app = options.get("app") or here.app
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as http:  # type: ignore[arg-type]
        http.cookies.set("desk-language", "en", domain="localhost.local", path="/")
        http.cookies.set("desk", here.colleagues[name].cookie, domain="localhost.local", path="/")
        yield Browser(http)


async def recorded(here: Worker) -> list[tuple[str | None, str | None]]:
    """Details and actors of the audit log's rows about settings."""
    async with here.house.resources.store.read() as conn:
        rows = await conn.execute(
            select(audit.c.detail, audit.c.actor).where(audit.c.action == "settings").order_by(audit.c.number)
        )
        return [(row.detail, row.actor) for row in rows]
