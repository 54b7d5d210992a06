"""Recorded messages of callers: fetched from the provider, sealed here, deleted there; again until each step has succeeded.

What is to be done stands in the database (`calls.message`). Whoever takes a message first notes when another may try. A
process that dies before the commit has kept nothing, and the next fetches again; the commit that seals says so in the same
row, so nothing is kept twice; what was sealed and not deleted there is deleted by the next. The sound is never on a disk
in plain.
"""

import structlog
from msgspec.structs import replace

from contacts.call_messages import Waiting, due, promise, still_wanted
from contacts.calls import Calls, Kept
from contacts.recordings import Recordings
from hotline.call_rows import call_of, kept_after
from hotline.call_state import Message
from hotline.provider import Provider, RefusedByProvider, Unreached
from hotline.switchboard import TOPIC
from hotline.voice_message import left
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store

MOST_AT_ONCE = 10
#: Whoever took a message has so long before another tries.
PROMISE_SECONDS = 60
LONGEST_PAUSE = 900
#: Of a call that ended so long ago the provider has a recording, or nothing was said.
SAID_SECONDS = 600
#: A recording the provider knows, and has not handed out for so long after the call, is lost; one it could not be asked for, later.
READY_SECONDS = 6 * 3600
LONGEST_SECONDS = 13 * 86_400


class Mailbox:
    """`round()` every few seconds, behind the lease; two at once do no harm."""

    def __init__(
        self, *, store: Store, clock: Clock, bus: Bus, calls: Calls, recordings: Recordings, provider: Provider
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._calls = calls
        self._recordings = recordings
        self._provider = provider

    async def round(self) -> int:
        """Do what is to be done now; how many messages were looked after."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            if not await due(conn, now, limit=1):
                return 0
        async with self._store.write() as conn:
            taken = await due(conn, now, limit=MOST_AT_ONCE, lock=True)
            for one in taken:
                pause = min(PROMISE_SECONDS * 2**one.tries, LONGEST_PAUSE) if one.tries else PROMISE_SECONDS
                await promise(conn, one.contact, again_at=now + pause)
        for one in taken:
            try:
                await self._look_after(one, now)
            except (Unreached, RefusedByProvider):  # refused: a token that is not valid today may be tomorrow
                await self._gone_for_good(one, now, LONGEST_SECONDS)
        await self._bus.publish(TOPIC, b"")
        return len(taken)

    async def _look_after(self, one: Waiting, now: int) -> None:
        """One step of one message."""
        match Message(one.message):
            case Message.ASKED:
                await self._looked_for(one, now)
            case Message.LEFT if one.recording is not None:
                await self._fetched(one, now)
            case Message.SEALED if one.recording is not None:
                await self._deleted(one)

    async def _looked_for(self, one: Waiting, now: int) -> None:
        """No report has come of what the caller was asked to say: is there anything?"""
        names = [] if one.provider_call is None else await self._provider.recordings(one.provider_call)
        if names:
            await self._moved(one, Message.LEFT, recording=names[0])
        elif one.ended_at is not None and one.ended_at < now - SAID_SECONDS:
            await self._moved(one, Message.NONE)

    async def _fetched(self, one: Waiting, now: int) -> None:
        """Sealed with the same commit that says so. Of somebody who asked to be erased nothing is kept."""
        assert one.recording is not None
        sound = await self._provider.recording(one.recording)
        if not sound:
            await self._gone_for_good(one, now, READY_SECONDS)
            return
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, one.contact)
            if before is None or before.call.message != Message.LEFT:
                return  # another process was faster
            if await still_wanted(conn, one.contact):
                await self._recordings.keep(conn, one.contact, sound)
            await self._store_as(conn, before, Message.SEALED, one.recording)
        await self._deleted(one)

    async def _deleted(self, one: Waiting) -> None:
        assert one.recording is not None
        await self._provider.forget_recording(one.recording)
        await self._moved(one, Message.KEPT, since=Message.SEALED)

    async def _gone_for_good(self, one: Waiting, now: int, seconds: int) -> None:
        """The provider does not hand it out; after so long nobody asks any more."""
        since = one.ended_at
        if Message(one.message).awaited and since is not None and since < now - seconds:
            structlog.get_logger().error("recorded_message_lost")
            await self._moved(one, Message.LOST)

    async def _moved(
        self, one: Waiting, to: Message, *, recording: str | None = None, since: Message | None = None
    ) -> None:
        """From the step it was at (`since`, else as it was found); whoever finds it at another has come too late."""
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, one.contact)
            if before is not None and before.call.message == (since or one.message):
                await self._store_as(conn, before, to, recording)

    async def _store_as(self, conn: Connection, before: Kept, to: Message, recording: str | None) -> None:
        call = call_of(before)
        call = left(call) if to is Message.LEFT else replace(call, message=to)
        after = kept_after(before, call, before.call.seen_at)
        row = replace(after.call, recording=recording, message_tries=0, message_at=0)
        await self._calls.store(conn, before, replace(after, call=row))
