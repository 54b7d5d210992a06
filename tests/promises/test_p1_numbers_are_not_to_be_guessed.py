"""P1: nobody who holds database, settings and app key finds a caller by trying every number there is.

There are some hundred million Finnish mobile numbers: anything computed from one, with or without a key of ours, would be
undone in minutes. So each is tried in every way our code could have used, against everything that rests.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from contacts.framing import framed
from hotline.simulator.phones import answering, ignoring
from storage.metadata import metadata
from tests.hotline.conftest import clock, line, made_ready, told
from tests.hotline.exchange import ACCOUNT, NUMBERS, TOKEN, Exchange
from tests.promises.every_number import WINDOW, Search, found_anywhere

__all__ = ["clock", "line", "made_ready", "told"]

ROOT = Path(__file__).parents[2]
_HEX = re.compile(rb"[0-9a-fA-F]{16,}")
_LABEL = re.compile(r"\.(?:mac|derive)\(\s*\"([a-z0-9/-]+)\"")

Way = Callable[[bytes], bytes]
UNKEYED: tuple[Way, ...] = (
    lambda text: hashlib.sha256(text).digest(),
    lambda text: hashlib.sha1(text).digest(),
    lambda text: hashlib.md5(text).digest(),
    lambda text: hashlib.sha512(text).digest(),
    lambda text: hashlib.blake2b(text).digest(),
    lambda text: hashlib.sha3_256(text).digest(),
)


def spellings(subscriber: str) -> list[bytes]:
    """As the provider sends it and as people write it: `+358...`, `358...`, `0...`."""
    return [f"+358{subscriber}".encode(), f"358{subscriber}".encode(), f"0{subscriber}".encode()]


def labels() -> set[str]:
    """Every purpose that our source derives a key for, or authenticates under."""
    found: set[str] = set()
    for package in ("chat", "config", "contacts", "duty", "hotline", "operator_ui", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            found |= set(_LABEL.findall(path.read_text()))
    return found


async def everything_that_rests(line: Exchange) -> tuple[set[bytes], set[bytes]]:
    """All windows of all values of all tables, with hexadecimal read as what it means; and values that could be a key."""
    windows: set[bytes] = set()
    keys: set[bytes] = set()
    async with line.store.read() as conn:
        for table in metadata.sorted_tables:
            for row in await conn.execute(select(table)):
                for value in row:
                    content = value if isinstance(value, bytes) else str(value).encode()
                    windows |= windows_of(content)
                    if 8 <= len(content) <= 64 and table.name in _NEAR:
                        keys.add(content)
    return windows, keys


#: Where a salt for a number would stand.
_NEAR = frozenset({"calls", "call_legs", "call_answers", "contacts", "house", "deployment"})


def windows_of(content: bytes) -> set[bytes]:
    """Every WINDOW bytes of this, and of what its hexadecimal means."""
    whole = [content, *(bytes.fromhex(run.decode()[: len(run) // 2 * 2]) for run in _HEX.findall(content))]
    return {each[at : at + WINDOW] for each in whole for at in range(len(each) - WINDOW + 1)}


def keyed(keys: Iterable[bytes]) -> Iterator[Way]:
    """HMAC under each key, of the text and of the text as our own codes frame it; hashes with the key before and after."""
    for key in keys:
        yield lambda text, key=key: hmac.digest(key, text, "sha256")  # type: ignore[misc]
        yield lambda text, key=key: hmac.digest(key, framed(text), "sha256")  # type: ignore[misc]
        yield lambda text, key=key: hashlib.sha256(key + text).digest()  # type: ignore[misc]
        yield lambda text, key=key: hashlib.sha256(text + key).digest()  # type: ignore[misc]


async def ways(line: Exchange, resting_keys: Iterable[bytes]) -> list[Way]:
    """Every way our code could have, with what database and settings hold."""
    app_key = line.worker.staff.app_key
    named = labels()
    assert {"call-report", "settings"} <= named
    own = [app_key.derive(label) for label in named] + [app_key.derive("mac/" + label) for label in named]
    settings = [
        app_key._raw,
        TOKEN.encode(),
        ACCOUNT.encode(),
        str(line.worker.staff.deployment).encode(),
        b"quietline",
    ]
    return [*UNKEYED, *keyed([*own, *settings, *resting_keys])]


def guessed(subscribers: Iterable[str], tried: Iterable[Way], resting: set[bytes]) -> list[str]:
    """Numbers of which anything that rests was made."""
    every = list(tried)
    return [
        subscriber
        for subscriber in subscribers
        for text in spellings(subscriber)
        for way in every
        if way(text)[:WINDOW] in resting
    ]


async def calls_from(line: Exchange, subscribers: Iterable[str]) -> None:
    """One is answered, one is missed, one asks to be called back."""
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    presses = iter(["1", "w", "11111"])
    for subscriber in subscribers:
        await line.call.dials(f"+358{subscriber}", presses=next(presses), hangs_up_after=5)
        await line.call.until_over()
        line.call.has(ignoring("aino", NUMBERS["aino"]))


async def test_no_number_of_a_whole_prefix_was_made_into_anything_that_rests(line: Exchange) -> None:
    """The callers' own numbers are among those tried. They are drawn by chance: a real subscriber stands in no file here."""
    prefix = secrets.choice(["40", "41", "44", "45", "50"]) + f"{secrets.randbelow(100_000):05d}"
    await calls_from(line, [f"{prefix}{secrets.randbelow(100):02d}" for _ in range(3)])
    assert {one.call.outcome for one in await line.kept()} == {"talked", "unserved", "call_back"}
    resting, keys = await everything_that_rests(line)
    tried = await ways(line, keys)
    assert len(tried) > 300
    assert guessed([f"{prefix}{number:02d}" for number in range(100)], tried, resting) == []


async def test_a_code_of_a_number_would_be_found(line: Exchange) -> None:
    """The search itself is tried: each way is planted once, shortened, in binary and in hexadecimal."""
    tried = await ways(line, [])
    for way in (*tried[:6], tried[40], tried[-1]):
        code = way(b"+358501234567")
        for planted in (b"xyz" + code[:WINDOW] + b"x", b"id-" + code.hex()[:16].encode()):
            assert guessed(["501234567"], tried, windows_of(planted)) == ["501234567"]


#: 040 to 050 with seven digits each: all mobile numbers of the country that can be given to a person, and more.
PREFIXES = range(40, 51)
SUBSCRIBERS = 10_000_000


async def searched(line: Exchange, prefix: int = 50) -> tuple[set[bytes], bytes, bytes]:
    """After a call from there: what rests, the key that names reports, and what stands before a text that is framed."""
    await calls_from(line, [f"{prefix}{secrets.randbelow(SUBSCRIBERS):07d}"])
    resting, _ = await everything_that_rests(line)
    framing = framed(b"+358501234567").removesuffix(b"+358501234567")
    return resting, line.worker.staff.app_key.derive("mac/call-report"), framing


async def test_the_search_through_every_number_finds_the_one_there_is(line: Exchange) -> None:
    """The short version: ten thousand numbers, and one of them planted in each way."""
    resting, key, framing = await searched(line)
    planted = b"+358501234567"
    codes = (
        hashlib.sha256(planted),
        hashlib.sha1(planted),
        hashlib.md5(planted),
        hmac.new(key, framed(planted), "sha256"),
    )
    for code in codes:
        search = Search(resting=resting | {code.digest()[:WINDOW]}, key=key, framing=framing)
        assert search.found(501_230_000, 10_000) == [planted]
    assert Search(resting=resting, key=key, framing=framing).found(501_230_000, 10_000) == []


@pytest.mark.fault
@pytest.mark.parametrize("prefix", PREFIXES)
async def test_no_finnish_mobile_number_at_all_was_hashed_into_anything_that_rests(line: Exchange, prefix: int) -> None:
    """All 110 million of 040 to 050, as the provider writes them: hashes without a key, and codes under that of reports."""
    resting, key, framing = await searched(line, prefix)
    first = prefix * SUBSCRIBERS
    assert found_anywhere(resting=resting, key=key, framing=framing, first=first, count=SUBSCRIBERS) == []
