"""The guard that keeps tests on this machine."""

import asyncio
import socket

import pytest

from tests.network import Guard, NetworkForbiddenError, is_local


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost", ""])
def test_this_machine_is_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "::", "0.0.0.0", "2001:db8::1", "127.0.0.1.example.org"])
def test_everything_else_is_not(host: str) -> None:
    assert not is_local(host)


def test_connecting_elsewhere_is_refused_and_remembered(network_guard: Guard) -> None:
    with socket.socket() as outside, pytest.raises(NetworkForbiddenError):
        outside.connect(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(NetworkForbiddenError):
        outside.sendto(b"x", ("192.0.2.1", 53))
    assert network_guard.attempts == ["socket.connect 192.0.2.1", "socket.sendto 192.0.2.1"]
    network_guard.attempts.clear()


async def test_asyncio_is_refused_too(network_guard: Guard) -> None:
    with pytest.raises(NetworkForbiddenError):
        await asyncio.open_connection("example.org", 443)
    assert network_guard.attempts == ["socket.getaddrinfo example.org"]
    network_guard.attempts.clear()


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"x")
