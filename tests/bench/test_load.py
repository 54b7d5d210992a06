"""A measurement counts each message once, or fails."""

import asyncio
from collections.abc import Callable

import pytest

from bench.chats import Chat, End, Speech, always, never
from bench.load import paced, quantile, saturated
from bench.wire import Line, NoSocket

pytestmark = pytest.mark.anyio


class Server:
    """A server process that takes a tenth of a second whenever it is asked."""

    def __init__(self) -> None:
        self._used = 0.0

    def cpu_seconds(self) -> float:
        self._used += 0.1
        return self._used

    def resident_kib(self) -> int:
        return 0


def a_chat(deliver: Callable[[Line, bytes], None]) -> Chat:
    """Two lines without a network; what is written on one goes to `deliver` with the other."""
    opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left, right = Line(b"", opened), Line(b"", opened)
    left.write, right.write = (lambda data: deliver(right, data)), (lambda data: deliver(left, data))
    ends = [
        End(line=line, speech=Speech(before="", after=""), is_message=always, is_ack=never) for line in (left, right)
    ]
    return Chat(visitor=ends[0], operator=ends[1])


def soon(line: Line, data: bytes) -> None:
    asyncio.get_running_loop().call_later(0.001, lambda: line.hear and line.hear(data))


async def test_cpu_is_divided_by_the_messages_that_arrived() -> None:
    chats = [a_chat(soon), a_chat(soon)]
    result = await saturated(chats, Server(), seconds=0.2, warm_up=0.05)
    assert 0 < result.messages < sum(end.said for chat in chats for end in chat.ends)
    assert result.cpu_us == pytest.approx(0.1 / result.messages * 1_000_000)


async def test_each_chat_speaks_once_a_second_from_either_side_in_turn() -> None:
    chats = [a_chat(soon), a_chat(soon)]
    result = await paced(chats, Server(), seconds=2)
    assert result.messages == 4
    assert [end.said for chat in chats for end in chat.ends] == [1, 1, 1, 1]
    assert 0.5 < result.shown_p50 <= result.shown_p99


@pytest.mark.parametrize("times", [0, 2])
async def test_a_message_that_is_lost_or_doubled_spoils_the_measurement(times: int) -> None:
    def deliver(line: Line, data: bytes) -> None:
        for _ in range(times):
            soon(line, data)

    with pytest.raises(NoSocket):
        await paced([a_chat(deliver)], Server(), seconds=1, arrive_within=0.2)


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert [quantile([3.0, 1.0, 2.0], share) for share in (0.01, 0.5, 0.99, 1.0)] == [1.0, 2.0, 3.0, 3.0]
