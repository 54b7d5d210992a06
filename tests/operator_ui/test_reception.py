"""Who is asking."""

import pytest
from starlette.requests import HTTPConnection

from operator_ui.reception import Reception, bucket_of
from tests.operator_ui.desk_site import TOKEN, FakeHouse, facts

pytestmark = pytest.mark.anyio


def asking(cookie: str, **state: str) -> HTTPConnection:
    return HTTPConnection({"type": "websocket", "headers": [(b"cookie", cookie.encode())], "state": state})


async def test_the_cookie_says_who_is_asking_also_on_a_socket() -> None:
    house = FakeHouse()
    reception = Reception(sessions=house, facts=facts())
    assert await reception.session_of(asking(f"__Host-desk={TOKEN}")) is house.session
    assert await reception.session_of(asking("__Host-desk=other")) is None
    assert await reception.session_of(asking("")) is None


async def test_a_request_that_nobody_made_by_hand_does_not_keep_the_session_awake() -> None:
    house = FakeHouse()
    await Reception(sessions=house, facts=facts()).session_of(asking(f"__Host-desk={TOKEN}"), active=False)
    assert house.asked_active == [False]


def test_the_bucket_is_the_one_the_edge_found() -> None:
    assert bucket_of(asking("", bucket="b7")) == "b7"
    assert bucket_of(asking("")) == "everywhere"
