import asyncio

import pytest

from bench.wire import Line, NoSocket, frame

pytestmark = pytest.mark.anyio

SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def a_line() -> tuple[Line, list[bytes], "asyncio.Future[None]"]:
    opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    heard: list[bytes] = []
    line = Line(b"", opened)
    line.hear = heard.append
    return line, heard, opened


def text(payload: bytes) -> bytes:
    head = bytes([0x81, len(payload)]) if len(payload) < 126 else b"\x81\x7e" + len(payload).to_bytes(2, "big")
    return head + payload


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
async def test_frames_are_found_however_the_bytes_are_cut(piece: int) -> None:
    line, heard, opened = a_line()
    sent = SWITCHED + text(b"a") + text(b"b" * 125) + text(b"c" * 126) + text(b"") + text(b"d" * 60_000)
    for start in range(0, len(sent), piece):
        line.data_received(sent[start : start + piece])
    await opened
    assert heard == [b"a", b"b" * 125, b"c" * 126, b"", b"d" * 60_000]
    assert not line.ended


async def test_a_refused_handshake_says_how() -> None:
    line, _, opened = a_line()
    line.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(NoSocket, match="403"):
        await opened


async def test_a_close_frame_or_a_lost_connection_ends_the_line() -> None:
    line, _, opened = a_line()
    line.data_received(SWITCHED + b"\x88\x02\x03\xe8")
    await opened
    assert line.ended
    line, _, opened = a_line()
    line.connection_lost(None)
    with pytest.raises(NoSocket):
        await opened


def test_frames_of_ours_are_masked_with_zeros() -> None:
    assert frame(b"hei") == b"\x81\x83\0\0\0\0hei"
    assert frame(b"x" * 200) == b"\x81\xfe\x00\xc8\0\0\0\0" + b"x" * 200
