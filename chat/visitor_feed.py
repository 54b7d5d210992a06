"""Everything one visitor's page is shown, in order, for as long as it is connected."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from chat.live import Follower, Live
from chat.places import Places
from chat.shown import NOTHING_ASKED, Described, Item, ShownUpTo, StatusShown, WritingNow, opened, unreadable
from chat.talk import Talk
from contacts.committer import Fresh
from storage.engine import OUTAGES
from storage.ids import ContactId

#: What the page says beside the entries, in a language.
Describe = Callable[[ContactId, str], Awaitable[Described]]
#: Adds to a talk the keys of segments that were begun since.
FetchKeys = Callable[[Talk], Awaitable[None]]

RETRY_SECONDS = 1.0

WRITING = "writing"
SHOWN = "shown:"


class VisitorFeed:
    """Puts items as they come. `start` first replays what follows `after`."""

    def __init__(
        self,
        *,
        talk: Talk,
        put: Callable[[Item], None],
        live: Live,
        places: Places,
        describe: Describe,
        fetch_keys: FetchKeys,
    ) -> None:
        self._talk = talk
        self._put = put
        self._live = live
        self._describe = describe
        self._fetch_keys = fetch_keys
        self._places = places
        self._follower: Follower | None = None
        self._hopeless: set[int] = set()
        self._describing: asyncio.Task[None] | None = None
        self._again = False
        self._status: StatusShown | None = None
        self._asked = NOTHING_ASKED
        self._shown = 0
        self._stops: list[Callable[[], None]] = []

    def start(self, after: int) -> None:
        """Begin."""
        contact = self._talk.contact
        self._stops = [
            self._live.on_moved(self._moved),
            self._live.on_signal(contact, self._signal),
            self._places.on_change(self._line_changed),
        ]
        self._follower = self._live.follow(contact, after=min(after, self._talk.seq), sink=self)
        self._refresh()

    def stop(self) -> None:
        """Put nothing more; may be called twice."""
        for stop in self._stops:
            stop()
        self._stops = []
        if self._follower is not None:
            self._live.unfollow(self._follower)
        if self._describing is not None:
            self._describing.cancel()

    async def replayed(self) -> None:
        """Wait until everything that was committed before has been put."""
        if self._follower is not None:
            await self._follower.healed()

    # -- the follower's sink

    def entry(self, fresh: Fresh) -> bool:
        shown = opened(fresh, self._talk.keys)
        if shown is None:
            if fresh.entry.segment not in self._hopeless:
                return False
            shown = unreadable(fresh)
        self._put(shown)
        return True

    async def prepare(self, fresh: Fresh) -> None:
        await self._fetch_keys(self._talk)
        if fresh.entry.segment not in self._talk.keys:
            self._hopeless.add(fresh.entry.segment)

    # -- what else changes

    def _moved(self, moved: Iterable[ContactId]) -> None:
        if self._talk.contact in moved:
            self._refresh()

    def _line_changed(self) -> None:
        if self._status is None or self._status.state == "waiting":
            self._refresh()

    def _signal(self, name: str) -> None:
        if name == WRITING:
            self._put(WritingNow())
        elif name.startswith(SHOWN):
            self._show_up_to(int(name.removeprefix(SHOWN)))

    def _show_up_to(self, seq: int) -> None:
        if seq > self._shown:
            self._shown = seq
            self._put(ShownUpTo(seq))

    def _refresh(self) -> None:
        self._again = True
        if self._describing is None:
            self._describing = asyncio.create_task(self._describe_now(), name="visitor-status")

    async def _describe_now(self) -> None:
        try:
            while self._again:
                self._again = False
                try:
                    described = await self._describe(self._talk.contact, self._talk.language)
                except OUTAGES:  # the database is away: ask again until this reader leaves
                    self._again = True
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if described.asked != self._asked:
                    self._asked = described.asked
                    self._put(described.asked)
                if described.status != self._status:
                    self._status = described.status
                    self._put(described.status)
                self._show_up_to(described.shown)
        finally:
            self._describing = None
