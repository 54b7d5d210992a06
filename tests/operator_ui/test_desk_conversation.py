"""One conversation on one desk."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from operator_ui.desk_conversation import DeskConversation
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.eventually import eventually
from tests.house import Worker, message_id, opened_house
from tests.stores import clock, other_store

__all__ = ["clock", "database_url", "kept_database", "other_store", "store"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def test_a_visitors_message_under_an_id_of_mine_is_shown_and_not_taken_for_mine(here: Worker) -> None:
    talk, desk_talk = await here.conversation(await here.on_duty("anna"))
    frames: list[dict[str, Any]] = []
    conversation = DeskConversation(
        door=here.house.desk_door,
        talk=desk_talk,
        send=lambda text: frames.append(json.loads(text)),
    )
    await conversation.start(0)
    await here.house.live.sweep()
    here.house.visitor_door.say(talk, message_id(1), "hei")
    conversation.say(message_id(1), "hello")
    await eventually(lambda: {"error", "entry"} <= {frame["t"] for frame in frames if frame.get("kind") != "line"})
    assert [frame["text"] for frame in frames if frame["t"] == "entry" and frame["kind"] == "message"] == ["hei"]
    assert [frame["code"] for frame in frames if frame["t"] == "error"] == ["id_taken"]
    assert not any(frame["t"] == "ack" for frame in frames)
    await conversation.stop()
