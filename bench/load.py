"""The three loads: as many messages as the server can take, one a second from each chat, and silence."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from msgspec import Struct

from bench.chats import Chat, End
from bench.wire import Hear, Line, NoSocket

#: Seconds after the last message was sent for everything to arrive.
ARRIVE_WITHIN = 15.0
#: A server is at rest when it uses less than this share of its core for half a second; longer is not waited.
AT_REST = 0.1
LONGEST_REST = 10.0

_MICRO = 1_000_000
_MILLI = 1_000
_T = TypeVar("_T")
_ERROR = b'{"t":"error"'


class Measured(Protocol):
    """What is asked of a server while it works (`bench.processes.ServerProcess`)."""

    def cpu_seconds(self) -> float: ...

    def resident_kib(self) -> int: ...


class Saturated(Struct, frozen=True):
    """Every message answered by another, both ways, as fast as it goes."""

    messages: int
    cpu_us: float
    """Server CPU per delivered message, in microseconds."""
    per_second: float
    server_share: float
    """Of its core; near 1 when the server was the bottleneck."""
    client_share: float


class Paced(Struct, frozen=True):
    """Milliseconds from sending to the other screen, and to the acknowledgement (None where there is none)."""

    messages: int
    shown_p50: float
    shown_p99: float
    ack_p50: float | None
    ack_p99: float | None
    server_share: float


class Idle(Struct, frozen=True):
    """Memory of sockets on which nothing happens."""

    sockets: int
    kib: float
    """Per socket, resident."""


class _Tally:
    """What arrived."""

    __slots__ = ("arrived", "going", "wrong")

    def __init__(self) -> None:
        self.arrived = 0
        self.going = True
        self.wrong = 0


async def saturated(chats: Sequence[Chat], server: Measured, *, seconds: float, warm_up: float) -> Saturated:
    """Each end sends one message, and another whenever one arrives. Raises `NoSocket` unless each arrives once."""
    tally, ends = _Tally(), [end for chat in chats for end in chat.ends]
    for end in ends:
        end.line.hear = _answering(end, tally)
    for end in ends:
        end.say()
    await asyncio.sleep(warm_up)
    start = (time.perf_counter(), server.cpu_seconds(), time.process_time(), tally.arrived)
    await asyncio.sleep(seconds)
    stop = (time.perf_counter(), server.cpu_seconds(), time.process_time(), tally.arrived)
    tally.going = False
    await _all_arrived(ends, tally, ARRIVE_WITHIN)
    elapsed, cpu, client, messages = (after - before for before, after in zip(start, stop, strict=True))
    return Saturated(
        messages=int(messages),
        cpu_us=cpu / messages * _MICRO,
        per_second=messages / elapsed,
        server_share=cpu / elapsed,
        client_share=client / elapsed,
    )


async def paced(
    chats: Sequence[Chat], server: Measured, *, seconds: float, arrive_within: float = ARRIVE_WITHIN
) -> Paced:
    """Each chat says one message a second, in turn from either side, all spread evenly. Raises `NoSocket` as above."""
    tally, ends = _Tally(), [end for chat in chats for end in chat.ends]
    shown: list[float] = []
    acks: list[float] = []
    for chat in chats:
        for mine, other in pairwise((*chat.ends, chat.visitor)):
            mine.line.hear = _timing(mine, other, tally, shown=shown, acks=acks)
    turns = math.ceil(seconds)
    begin, cpu = time.perf_counter(), server.cpu_seconds()
    for turn in range(turns):
        for number, chat in enumerate(chats):
            await _until(begin + turn + number / len(chats))
            chat.ends[(turn + number) % 2].say()
    cpu = server.cpu_seconds() - cpu
    await _all_arrived(ends, tally, arrive_within)
    return Paced(
        messages=len(shown),
        shown_p50=quantile(shown, 0.5) * _MILLI,
        shown_p99=quantile(shown, 0.99) * _MILLI,
        ack_p50=quantile(acks, 0.5) * _MILLI if acks else None,
        ack_p99=quantile(acks, 0.99) * _MILLI if acks else None,
        server_share=cpu / turns,
    )


async def idle(open_one: Callable[[int], Awaitable[Line]], server: Measured, *, sockets: int) -> Idle:
    """What the server grows by when it holds this many more sockets. A few come first: they pay for what all share."""
    first = sockets // 10 + 1
    lines = await at_once(range(first), open_one)
    await at_rest(server)
    before = server.resident_kib()
    lines += await at_once(range(first, first + sockets), open_one)
    await at_rest(server)
    grown = server.resident_kib() - before
    if any(line.ended for line in lines):
        raise NoSocket("the server closed an idle socket")
    return Idle(sockets=sockets, kib=grown / sockets)


async def at_once(numbers: Sequence[int], open_one: Callable[[int], Awaitable[_T]], *, together: int = 20) -> list[_T]:
    """`open_one` of each, some at a time; the answers in order."""
    room = asyncio.Semaphore(together)

    async def one(number: int) -> _T:
        async with room:
            return await open_one(number)

    return await asyncio.gather(*(one(number) for number in numbers))


async def at_rest(server: Measured) -> None:
    """Wait until the server has nothing left to do, or for `LONGEST_REST` seconds."""
    until = time.perf_counter() + LONGEST_REST
    used = AT_REST
    while used >= AT_REST / 2 and time.perf_counter() < until:
        before = server.cpu_seconds()
        await asyncio.sleep(0.5)
        used = server.cpu_seconds() - before


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _answering(end: End, tally: _Tally) -> Hear:
    is_message = end.is_message

    def hear(text: bytes) -> None:
        if is_message(text):
            tally.arrived += 1
            if tally.going:
                end.say()
        elif text.startswith(_ERROR):
            tally.wrong += 1

    return hear


def _timing(mine: End, other: End, tally: _Tally, *, shown: list[float], acks: list[float]) -> Hear:
    def hear(text: bytes) -> None:
        if mine.is_message(text):
            shown.append(time.perf_counter() - other.said_at)
            tally.arrived += 1
            if mine.shows is not None:
                mine.line.write(mine.shows(text))
        elif mine.is_ack(text):
            acks.append(time.perf_counter() - mine.said_at)
        elif text.startswith(_ERROR):
            tally.wrong += 1

    return hear


async def _until(instant: float) -> None:
    pause = instant - time.perf_counter()
    if pause > 0:
        await asyncio.sleep(pause)


async def _all_arrived(ends: Sequence[End], tally: _Tally, within: float) -> None:
    until = time.perf_counter() + within
    said = sum(end.said for end in ends)
    while tally.arrived < said and time.perf_counter() < until:  # noqa: ASYNC110 - an event would cost at each message
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)  # one too many would come now
    if tally.arrived != said or tally.wrong or any(end.line.ended for end in ends):
        raise NoSocket(f"{said} said, {tally.arrived} arrived, {tally.wrong} errors")
