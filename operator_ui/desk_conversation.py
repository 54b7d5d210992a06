"""One conversation on one desk: follows it, opens what comes, sends what is written."""

import asyncio
import contextlib
from collections.abc import Callable

from chat.desk_door import DeskDoor
from chat.desk_talk import DeskTalk
from chat.live import Follower
from chat.sentences import ENDING_CODES
from chat.shown import ShownEntry, opened, unreadable
from chat.strict_json import written
from contacts.committer import Fresh, Outcome
from contacts.contact import Author, Line, Refusal, Refused, State
from operator_ui.desk_frames import Ack, DeskError, EntryShown, Gone, Opened

#: "Shown" is told at once and stored at most this often. Conversations share eight moments: few enough that a commit
#: takes many of them, enough that it does not keep everybody's words waiting.
KEEP_SHOWN_SECONDS = 2.0
KEEP_SHOWN_MOMENTS = 8
#: After one of these the conversation is in the line again and nobody's.
_PARTED = frozenset({Line.HANDED_OVER, Line.WORKER_GONE})


class DeskConversation:
    """The sink of a follower; `send` takes frames as text."""

    def __init__(self, *, door: DeskDoor, talk: DeskTalk, send: Callable[[str], None]) -> None:
        self._door = door
        self._talk = talk
        self._send = send
        self.live = False
        self._news_after = 0
        self._follower: Follower | None = None
        self._mine: set[str] = set()
        self._hopeless: set[int] = set()
        self._shown = 0
        self._keeping: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None

    async def start(self, after: int) -> None:
        """Say where the conversation stands, then replay what follows `after`, as far as it may be read."""
        standing = await self._door.standing(self._talk)
        self.live = standing.state is State.ACTIVE
        self._news_after = standing.seq
        self._send(written(Opened(self._talk.contact, standing.state, standing.seq, standing.reads_from)))
        self._follower = self._door.follow(self._talk, max(min(after, standing.seq), standing.reads_from - 1), self)

    async def stop(self) -> None:
        """Follow nothing more; what was shown is kept."""
        self._part()
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            await self._keep_shown(0.0)

    # -- what the operator does

    def say(self, client_id: str, text: str) -> None:
        """Queue a message. Raises `Refused` for what cannot be one."""
        done = self._door.say(self._talk, client_id, text)
        self._mine.add(client_id)
        done.add_done_callback(lambda done: self._said(client_id, done))

    def show(self, seq: int) -> None:
        """The screen has shown everything up to `seq`, as far as we sent it."""
        seq = min(seq, self._follower.cursor if self._follower else 0)
        if seq <= self._shown:
            return
        self._shown = seq
        self._door.showing(self._talk, seq)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_shown(self._until_kept()), name="keep-shown")

    def writing(self) -> None:
        """The operator is writing."""
        self._door.writing(self._talk)

    # -- the follower's sink

    def entry(self, fresh: Fresh) -> bool:
        if self._follower is None:
            return True
        shown = opened(fresh, self._talk.keys)
        if shown is None:
            if fresh.entry.segment not in self._hopeless:
                return False
            shown = unreadable(fresh)
        self._put(shown)
        return True

    async def prepare(self, fresh: Fresh) -> None:
        await self._door.fetch_segment(self._talk, fresh.entry.segment)
        if fresh.entry.segment not in self._talk.keys:
            self._hopeless.add(fresh.entry.segment)

    # -- inside

    def _put(self, entry: ShownEntry) -> None:
        contact = self._talk.contact
        if entry.code in ENDING_CODES:
            self.live = False
        if entry.by is Author.WORKER and entry.id in self._mine:
            self._mine.discard(entry.id)
            self._send(written(Ack(contact, entry.id, entry.seq, entry.at)))
        else:
            text = entry.text.reveal() if entry.text is not None else None
            self._send(
                written(EntryShown(contact, entry.seq, entry.kind, entry.by, entry.at, text, entry.code, entry.id))
            )
        if entry.seq > self._news_after and entry.code in _PARTED:
            self.live = False
            self._part()
            self._send(written(Gone(contact, str(entry.code))))
        elif entry.seq > self._news_after and entry.code == Line.READ_ALLOWED:
            self._opening = asyncio.create_task(self._read_all(), name="desk-read-all")

    def _part(self) -> None:
        """What is written from now on is not for this desk."""
        if self._follower is not None:
            self._door.unfollow(self._follower)
            self._follower = None

    async def _read_all(self) -> None:
        """The visitor lets this operator read what was written before: from the beginning, then."""
        self._part()
        with contextlib.suppress(Refused):
            await self.start(0)

    def _said(self, client_id: str, done: "asyncio.Future[Outcome]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None:
            self._mine.discard(client_id)
            code = error.code if isinstance(error, Refused) else Refusal.UNAVAILABLE
            self._send(written(DeskError(code, self._talk.contact, client_id)))
            return
        receipt = done.result().receipt
        if receipt is not None and receipt.repeated:
            self._mine.discard(client_id)
            self._send(written(Ack(self._talk.contact, client_id, receipt.seq, receipt.at)))

    def _until_kept(self) -> float:
        mine = int(self._talk.contact[:2], 16) % KEEP_SHOWN_MOMENTS * (KEEP_SHOWN_SECONDS / KEEP_SHOWN_MOMENTS)
        now = asyncio.get_running_loop().time()
        return KEEP_SHOWN_SECONDS - (now - mine) % KEEP_SHOWN_SECONDS

    async def _keep_shown(self, delay: float) -> None:
        await asyncio.sleep(delay)
        self._keeping = None
        try:
            await self._door.showed(self._talk, self._shown)
        except Refused:  # the contact is somebody else's by now, or storage is away: nothing of worth is lost
            return
