"""Before any page: buckets of IPv6, redirects, faults that Python itself prints."""

import gc
import io
import sys
from collections.abc import AsyncIterator

import httpx2
import pytest

from config.edge import Buckets
from config.logs import configure_logs
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import clock, other_store

__all__ = ["clock", "database_url", "kept_database", "other_store", "store"]


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


def test_one_subscriber_with_a_whole_ipv6_network_is_one_bucket(clock: ManualClock) -> None:
    """RFC 6177: a home is given a /64 or more: 2^64 addresses, each of which had sixty attempts to sign in."""
    buckets = Buckets(clock=clock)
    assert buckets.of("2001:db8:1:2::1") == buckets.of("2001:db8:1:2:ffff::9")
    assert buckets.of("2001:db8:1:2::1") != buckets.of("2001:db8:1:3::1")
    assert buckets.of("::ffff:192.0.2.1") == buckets.of("192.0.2.1")


@pytest.mark.anyio
async def test_a_slash_too_many_leads_nowhere_else(here: Worker) -> None:
    """It used to be a redirect to `http://` and whatever `Host` said, without our headers: https was left."""
    transport = httpx2.ASGITransport(here.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        for path in ("/fi/", "/desk/", "/desk/sign-in/"):
            answer = await http.get(path, headers={"Host": "evil.example"})
            assert "evil.example" not in answer.headers.get("location", "")
            assert answer.headers["cache-control"] == "no-store"


def test_what_python_cannot_raise_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    """P1: "Exception ignored in ..." prints the exception's text to the log of the service."""
    before, told = sys.unraisablehook, io.StringIO()
    sys.unraisablehook = sys.__unraisablehook__
    configure_logs(readable=False, to=told)
    try:

        class Breaks:
            def __del__(self) -> None:
                raise ValueError("CANARY-0401234567")

        Breaks()
        gc.collect()
    finally:
        ours, sys.unraisablehook = sys.unraisablehook, before
    if ours is sys.__unraisablehook__:
        pytest.fail("no hook of ours for unraisable exceptions")
    out = capsys.readouterr()
    assert "CANARY" not in out.err + out.out + told.getvalue()
