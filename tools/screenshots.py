"""Makes the pictures of README.md from a demo of its own: `make screenshots`. Nobody in them is real."""

import asyncio
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.async_api import Page  # noqa: E402

from tests.browser import launch_chromium  # noqa: E402
from tests.served import Served, served  # noqa: E402

IMAGES = ROOT / "docs" / "images"


async def main() -> None:
    """One short conversation, seen from both sides."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder) / "data") as service, launch_chromium() as browser:
            at_desk = await browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
            desk = await at_desk.new_page()
            with_phone = await browser.new_context(
                viewport={"width": 390, "height": 780}, device_scale_factor=2, locale="en-GB"
            )
            await _talk(service, desk, await with_phone.new_page())


async def _talk(service: Served, desk: Page, visitor: Page) -> None:
    login, passphrase = service.sign_in()
    await desk.goto(f"{service.url}/desk")
    await desk.get_by_label("Name").fill(login)
    await desk.get_by_label("Passphrase").fill(passphrase)
    await desk.get_by_role("button", name="Sign in").click()
    await desk.get_by_role("heading", name="Contacts").wait_for()
    await desk.wait_for_timeout(500)
    await visitor.goto(f"{service.url}/en")
    await visitor.get_by_role("button", name="Start the chat").wait_for()
    await visitor.screenshot(path=IMAGES / "visitor-start.png")
    await visitor.get_by_role("button", name="Start the chat").click()
    await _say(visitor, "Your message", "Hello. Is it true that nobody hears of this?")
    await desk.get_by_role("button", name="Accept").click()
    await desk.get_by_role("log").get_by_text("Is it true").wait_for()
    await _say(desk, "Message to", "Hello. I am Aino. Yes: I tell nobody without your permission.")
    await _say(visitor, "Your message", "My employer keeps my passport.")
    await desk.get_by_role("log").get_by_text("passport").wait_for()
    await desk.get_by_role("tab", name="Notes").click()
    await desk.get_by_role("textbox", name="Internal note").fill(
        "Passport is with the employer. Asked what happens next."
    )
    await desk.keyboard.press("Control+Enter")
    await _say(desk, "Message to", "That is not allowed. You did nothing wrong. Are you safe where you are now?")
    await visitor.get_by_role("log").get_by_text("Are you safe").wait_for()
    await visitor.wait_for_timeout(500)
    await visitor.screenshot(path=IMAGES / "visitor.png")
    await desk.get_by_role("tab", name="Basics").click()
    await desk.get_by_role("radio", name="The person themself").click()
    await desk.get_by_role("radio", name="Own situation").click()
    await desk.get_by_text("Saved").wait_for()
    await desk.screenshot(path=IMAGES / "desk.png")


async def _say(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label)
    await field.fill(text)
    await field.press("Enter")
    await page.get_by_role("log").get_by_text(text).wait_for()


if __name__ == "__main__":
    asyncio.run(main())
