"""P1 for the telephone: no number of a caller in any file, table, log line, answer or address; nor to be found by trying.

Every kind of call is made first: answered, missed, called back, keyed, and with the database away.
"""

import hashlib
from pathlib import Path

from structlog.types import EventDict

from contacts.words import Words
from hotline.simulator.phones import answering, ignoring, voicemail
from tests.hotline.conftest import clock, line, made_ready, told
from tests.hotline.exchange import NUMBERS, Exchange

__all__ = ["clock", "line", "made_ready", "told"]

CALLERS = ["+46313900611", "+46313900612", "+46313900613", "+46313900614", "+46313900615"]
KEYED = "0313900616"


def spellings(number: str) -> list[bytes]:
    """The ways in which a number could lie somewhere."""
    digits = number.lstrip("+").removeprefix("46").lstrip("0")
    return [
        number.encode(),
        digits.encode(),
        digits.encode("utf-16-le"),
        digits[::-1].encode(),
        hashlib.sha256(number.encode()).digest(),
        hashlib.sha256(number.encode()).hexdigest().encode(),
        hashlib.sha1(number.encode()).digest(),
        hashlib.md5(number.encode()).digest(),
    ]


def everything_in(folder: Path) -> list[bytes]:
    """Every file: database, its log, spool."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def every_kind_of_call(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]), tier=1)
    await line.on_call("eero", voicemail("eero", NUMBERS["eero"]), tier=2)
    await line.call.dials(CALLERS[0], presses="1", hangs_up_after=10)
    await line.call.until_over()
    line.call.has(ignoring("aino", NUMBERS["aino"]))
    await line.call.dials(CALLERS[1], presses="2")
    await line.call.until_over()
    await line.call.dials(CALLERS[2], presses="11111")
    await line.call.until_over()
    await line.call.dials(CALLERS[3], presses="112" + KEYED + "#11")
    await line.call.until_over()
    line.store.away = True
    await line.call.dials(CALLERS[4])
    await line.call.until_over()


async def test_no_number_of_a_caller_is_anywhere_after_every_kind_of_call(
    line: Exchange, told: list[EventDict], tmp_path: Path
) -> None:
    await every_kind_of_call(line)
    spooled = list(line.line.spool.waiting)
    assert spooled
    heap = everything_in(tmp_path)
    line.store.away = False
    await line.line.reconcile()
    await line.store.checkpoint()
    heap += everything_in(tmp_path)
    heap += [repr(event).encode() for event in told]
    heap += [sent.answer.encode() + sent.url.encode() for sent in line.network.sent]
    assert [one.call.outcome for one in await line.kept()].count("call_back") == 2
    for number in [*CALLERS, KEYED]:
        for spelling in spellings(number):
            assert not any(spelling in lump for lump in heap), number


async def test_no_number_can_be_found_by_trying_every_one(line: Exchange, tmp_path: Path) -> None:
    """With the database and the app key: whatever is kept of a call depends on no number, so that no guess can fit.

    The same call from another number leaves rows of the same shape; every column that is not random or a time is equal.
    """
    await line.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    for number in CALLERS[:2]:
        await line.call.dials(number, presses="1111111")
        await line.call.until_over()
    first, second = [one.call for one in await line.kept()]
    by_chance = {"contact", "provider_call", "seen_at", "rung_until", "ended_at", "accepted"}
    assert {name for name in first.__struct_fields__ if getattr(first, name) != getattr(second, name)} <= by_chance
    sids = {one.provider_call for one in (first, second)}
    assert {line.line.switchboard.contact_of(sid) for sid in sids if sid} == {first.contact, second.contact}
    staff = line.worker.house.office.numbers
    async with line.store.read() as conn:  # what the app key does open are numbers of staff, and only those
        assert set((await staff.everybody(conn)).values()) == {Words(NUMBERS["aino"])}
