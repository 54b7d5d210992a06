"""The page in a browser: nothing in the way of anybody, nothing that runs, and it fits a telephone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from tests.contacts.rendering.releases import archive, files


@pytest.fixture(name="where")
def _where(tmp_path: Path) -> Path:
    for name, octets in files(archive()).items():
        if name.endswith(".html"):
            (tmp_path / name).write_bytes(octets)
    return tmp_path


@pytest.mark.parametrize(("language", "scheme", "width"), [("fi", "light", 320), ("sv", "dark", 1200)])
async def test_axe_finds_nothing_and_the_page_fits(
    browser: Browser, where: Path, language: str, scheme: str, width: int
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto((where / f"review.{language}.html").as_uri())
    assert (await Axe().run(page)).response["violations"] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    # axe's own script is refused by nothing: it comes over the debugger
    assert problems == []
    await context.close()


def test_nothing_runs_and_nothing_is_fetched() -> None:
    for language in ("fi", "sv", "en"):
        page = files(archive())[f"review.{language}.html"].decode()
        assert f'<html lang="{language}">' in page
        assert "default-src 'none'" in page
        for word in ("<script", "javascript:", "<link", "url(", "@import", "<iframe", "<img", " on"):
            assert not re.search(rf"{re.escape(word)}\w*=" if word == " on" else re.escape(word), page), word


def test_every_table_has_a_caption_and_every_heading_a_scope() -> None:
    page = files(archive())["review.en.html"].decode()
    assert page.count("<table") == page.count("<caption")
    assert not re.search(r"<th(?! scope=)", page.replace("<thead", ""))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(named.split()) <= set(ids)
