"""The browser fixture: what a test may rely on."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Browser

from tests.browser import chromium_path


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><html lang=en><title>Here</title><p id=p>Hello"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parameter's name is the standard library's
        pass


@pytest.fixture
def page_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


async def test_a_page_of_ours_opens_in_chromium(browser: Browser, page_url: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(page_url)
    assert await page.text_content("#p") == "Hello"
    await context.close()


async def test_two_contexts_share_nothing(browser: Browser, page_url: str) -> None:
    first, second = await browser.new_context(), await browser.new_context()
    page = await first.new_page()
    await page.goto(page_url)
    await page.evaluate("localStorage.setItem('a', '1')")
    other = await second.new_page()
    await other.goto(page_url)
    assert await other.evaluate("localStorage.getItem('a')") is None
    await first.close()
    await second.close()


def test_the_browser_is_there(browser: Browser) -> None:
    assert chromium_path().exists()
    assert browser.is_connected()
