"""The conversation as an endless document, for a frame without JavaScript."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import structlog
from markupsafe import Markup

from chat.consent_card import card_of
from chat.doorstep import Doorstep
from chat.plain_card import card_piece
from chat.sentences import ENDING_CODES, Sentences, clock_time
from chat.shown import AskShown, Item, ShownEntry, ShownUpTo, StatusShown
from chat.talk import Talk
from contacts.contact import Author, Kind, Line
from storage.clock import Clock
from storage.ids import ContactId


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: `heartbeat` between signs of life, `restart` until a stream is loaded again, `poll` at most."""

    heartbeat: float = 15.0
    restart: float = 600.0
    poll: float = 25.0
    #: How long an answer waits for what comes together with its first entry.
    gather: float = 0.05


class PlainStream:
    """Streams of all visitors without JavaScript at this worker; one for each conversation."""

    def __init__(self, *, door: Doorstep, sentences: Sentences, clock: Clock, pace: Pace) -> None:
        self._door = door
        self._sentences = sentences
        self._clock = clock
        self._pace = pace
        self._newest: dict[ContactId, object] = {}

    async def pieces(
        self,
        head: str,
        talk: Talk,
        language: str,
        zone: ZoneInfo,
        *,
        once: bool,
        presses: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[str]:
        """The document, piece by piece. `once`: end when everything said so far is there.

        `presses`: what was pressed on cards before (`chat.plain_card`).
        """
        me = object()
        self._newest[talk.contact] = me
        try:
            yield head
            async with aclosing(self._items(talk)) as items:
                scribe = _Scribe(self._sentences, language, zone, presses)
                async for piece in self._body(items, scribe, once=once):
                    if self._newest.get(talk.contact) is not me:
                        return
                    yield piece
        finally:
            if self._newest.get(talk.contact) is me:
                del self._newest[talk.contact]

    async def _body(self, items: AsyncGenerator[Item | None], scribe: "_Scribe", *, once: bool) -> AsyncGenerator[str]:
        ends = self._clock.monotonic() + self._pace.restart
        async for item in items:
            if item is None:
                yield "<!-- -->\n"
            elif isinstance(item, ShownEntry) and item.code in ENDING_CODES:
                # The words leave the device: the next load says only that it is over.
                yield _LOAD_UNSERVED if item.code == Line.ENDED_UNSERVED else _LOAD_AGAIN
                return
            elif piece := scribe.piece(item):
                yield piece
            if once and isinstance(item, StatusShown | None):
                return
            if self._clock.monotonic() >= ends:
                yield _LOAD_AGAIN
                return
        yield _LOAD_LATER

    async def _items(self, talk: Talk) -> AsyncGenerator[Item | None]:
        """What is shown, and None whenever nothing was for the time of a heartbeat."""
        queue: asyncio.Queue[Item] = asyncio.Queue()

        async def follow() -> None:
            async with aclosing(cast(AsyncGenerator[Item], self._door.follow(talk, 0))) as items:
                async for item in items:
                    queue.put_nowait(item)

        following = asyncio.create_task(follow(), name="plain-stream")
        try:
            while not (following.done() and queue.empty()):
                try:
                    async with asyncio.timeout(self._pace.heartbeat):
                        item = await queue.get()
                except TimeoutError:
                    yield None
                else:
                    yield item
        finally:
            following.cancel()
            try:
                with suppress(asyncio.CancelledError):
                    await following
            except Exception as fault:  # noqa: BLE001 - the reader is told to come again, never why
                structlog.get_logger().error("plain_stream_failed", fault=type(fault).__name__)


_LOAD_AGAIN = '</ol></main><meta http-equiv="refresh" content="0"></body></html>\n'
_LOAD_UNSERVED = _LOAD_AGAIN.replace('"0"', '"0;url=?unserved=1"')
_LOAD_LATER = _LOAD_AGAIN.replace('"0"', '"5"')


class _Scribe:
    """Writes items as list rows; remembers what is said already."""

    def __init__(
        self, sentences: Sentences, language: str, zone: ZoneInfo, presses: Mapping[str, str] | None = None
    ) -> None:
        self._sentences = sentences
        self._language = language
        self._zone = zone
        self._presses = presses or {}
        self._worker: str | None = None
        self._mine = 0

    def piece(self, item: Item) -> str | None:
        if isinstance(item, ShownEntry):
            return self._entry(item)
        if isinstance(item, StatusShown):
            self._worker = item.worker
            return _row("line", item.text)
        if isinstance(item, AskShown):
            return self._card(item)
        if isinstance(item, ShownUpTo) and 0 < self._mine <= item.seq:
            self._mine = 0
            return _row("line", self._sentences.shown(self._language))
        return None

    def _entry(self, entry: ShownEntry) -> str | None:
        if entry.kind in (Kind.LINE, Kind.ANSWER):
            return self._line(entry)
        card = card_of(entry.text) if entry.kind is Kind.CARD and entry.text is not None else None
        if card is not None:
            return card_piece(self._sentences, self._language, card, entry.id or "", self._presses)
        return self._message(entry)

    def _card(self, asked: AskShown) -> str | None:
        """The question with Yes and No as a form; the answer loads the stream anew, without the card."""
        if asked.question is None:
            return None
        yes, no = self._sentences.yes_and_no(self._language)
        return Markup(
            '<li class="line"><form method="post" action="/{0}/answer"><p class="said">{1}</p><div class="choice">'
            '<input type="hidden" name="question" value="{2}"><button class="main" name="yes" value="1">{3}</button>'
            '<button class="second" name="yes" value="0">{4}</button></div></form></li>\n'
        ).format(self._language, asked.text, asked.question, yes, no)

    def _line(self, entry: ShownEntry) -> str | None:
        said = self._sentences.line(self._language, entry.code or "")
        return _row("line", said) if said else None

    def _message(self, entry: ShownEntry) -> str:
        mine = entry.by is Author.VISITOR
        if mine:
            self._mine = entry.seq
        who = self._sentences.speaker(self._language, self._worker, mine=mine)
        return Markup(
            '<li class="message {0}"><div class="words"><p dir="auto">{1}</p></div>'
            '<p class="foot"><bdi class="who">{2}</bdi><time>{3}</time></p></li>\n'
        ).format(
            "own" if mine else "worker",
            entry.text.reveal() if entry.text is not None else "…",
            who,
            clock_time(self._language, datetime.fromtimestamp(entry.at, UTC), self._zone),
        )


def _row(kind: str, text: str) -> str:
    return Markup('<li class="{0}">{1}</li>\n').format(kind, text)
