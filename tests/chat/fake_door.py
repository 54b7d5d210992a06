"""The visitor's door in memory: what the pages are tested with."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from chat.consent_card import CODES, Card, Said, answer_id, withdrawal_id, words_of
from chat.shown import AskShown, Item, ShownEntry, ShownUpTo, StatusShown
from chat.talk import Talk
from chat.visitor_door import WITHDRAW, NotAdmitted
from contacts.contact import Author, Kind, Line, Receipt, Refusal, Refused
from contacts.words import Words
from duty.availability import Availability, State
from storage.ids import ContactId


@dataclass
class FakeTalk:
    """One conversation."""

    language: str
    state: str = "waiting"
    worker: str | None = None
    entries: list[ShownEntry] = field(default_factory=list)
    followers: list[asyncio.Queue[Item]] = field(default_factory=list)
    question: str | None = None

    def put(self, item: Item) -> None:
        for follower in self.followers:
            follower.put_nowait(item)

    def ask(self, question: str | None) -> None:
        """Put a card on the page, or take it away."""
        self.question = question
        self.put(self.asked())

    def asked(self) -> AskShown:
        """The card."""
        return AskShown(self.question, f"May I {self.question}?" if self.question else "")

    def add(
        self,
        by: Author,
        text: str | None = None,
        *,
        code: str | None = None,
        client_id: str | None = None,
        kind: Kind | None = None,
    ) -> ShownEntry:
        """Commit an entry and tell the followers."""
        kind = kind or (Kind.MESSAGE if text is not None else Kind.LINE)
        words = Words(text) if text is not None else None
        entry = ShownEntry(len(self.entries) + 1, kind, by, 1795431600 + len(self.entries), words, code, client_id)
        self.entries.append(entry)
        self.put(entry)
        return entry

    def status(self) -> StatusShown:
        """The sentence on top."""
        return StatusShown(self.state, f"You are {self.state}.", self.worker)


class FakeDoor:
    """Keeps the contract of chat.doorstep.Doorstep."""

    def __init__(self, availability: Availability | None = None) -> None:
        self.availability = availability or Availability(State.open, frozenset({"fi", "en"}))
        self.talks: dict[str, FakeTalk] = {}
        self.left_tokens: list[str] = []
        self.asked: list[str] = []
        self.fault: Exception | None = None
        self.refusal: Refusal | None = None

    async def admission(self, language: str) -> Availability:
        self.asked.append(language)
        if self.fault is not None:
            raise self.fault
        return self.availability

    async def started(self, language: str) -> str:
        if not self.availability.admits:
            raise NotAdmitted(self.availability)
        token = f"token-{len(self.talks)}"
        self.talks[token] = FakeTalk(language)
        return token

    async def known(self, token: str) -> bool:
        return token in self.talks and self.talks[token].state != "ended"

    async def resumed(self, token: str) -> Talk | None:
        if not await self.known(token):
            return None
        found = self.talks[token]
        return Talk(
            contact=ContactId(token),
            language=found.language,
            token=token,
            keys={},
            state=found.state,
            seq=len(found.entries),
            worker=found.worker,
        )

    async def said(self, talk: Talk, client_id: str, words: Words) -> Receipt:
        if self.refusal is not None:
            raise Refused(self.refusal)
        if not words.reveal().strip():
            raise Refused(Refusal.BLANK)
        if len(words) > 2000:
            raise Refused(Refusal.TOO_LONG)
        found = self.talks[talk.contact]
        for entry in found.entries:
            if entry.id == client_id:
                return Receipt(entry.seq, entry.at, repeated=True)
        entry = found.add(Author.VISITOR, words.reveal(), client_id=client_id)
        return Receipt(entry.seq, entry.at, repeated=False)

    async def answered(self, talk: Talk, question: str, *, yes: bool) -> None:
        found = self.talks[talk.contact]
        if found.question == question:
            found.ask(None)
            found.add(
                Author.VISITOR, code={("read", True): "read_allowed", ("read", False): "read_refused"}[question, yes]
            )

    async def consented(self, talk: Talk, card: str, answer: str) -> None:
        found = self.talks[talk.contact]
        if self.refusal is not None:
            raise Refused(self.refusal)
        client_id = withdrawal_id(card) if answer == WITHDRAW else answer_id(card)
        if any(entry.id == client_id for entry in found.entries):
            return
        if not any(entry.id == card for entry in found.entries):
            raise Refused(Refusal.CARD_GONE)
        code = Line.CONSENT_WITHDRAWN if answer == WITHDRAW else CODES[Said(answer)]
        found.add(Author.VISITOR, code=code, client_id=client_id, kind=Kind.ANSWER)

    async def taken_back(self, token: str, card: str) -> Line | None:
        if token not in self.talks or token in self.left_tokens:
            return None
        found = self.talks[token]
        if not any(entry.id == answer_id(card) and entry.code == Line.CONSENT_YES for entry in found.entries):
            raise Refused(Refusal.CARD_GONE)
        if not any(entry.id == withdrawal_id(card) for entry in found.entries):
            found.add(Author.VISITOR, code=Line.CONSENT_WITHDRAWN, client_id=withdrawal_id(card), kind=Kind.ANSWER)
        return Line.CONSENT_WITHDRAWN

    async def presses(self, talk: Talk) -> dict[str, str]:
        entries = self.talks[talk.contact].entries
        return {entry.id: entry.code for entry in entries if entry.kind is Kind.ANSWER and entry.id and entry.code}

    async def ended(self, talk: Talk) -> None:
        self.end(talk.contact, "ended_by_visitor")

    async def left(self, token: str) -> None:
        self.left_tokens.append(token)
        if token in self.talks:
            self.end(token, "left_quickly")

    async def follow(self, talk: Talk, after: int) -> AsyncGenerator[Item]:
        found = self.talks[talk.contact]
        queue: asyncio.Queue[Item] = asyncio.Queue()
        for entry in found.entries[after:]:
            queue.put_nowait(entry)
        if found.question is not None:
            queue.put_nowait(found.asked())
        queue.put_nowait(found.status())
        found.followers.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            found.followers.remove(queue)

    # -- the other side

    def worker_says(self, token: str, text: str) -> None:
        self.talks[token].add(Author.WORKER, text)

    def worker_asks(self, token: str, ask: str, card: Card) -> None:
        self.talks[token].add(Author.WORKER, words_of(card).reveal(), client_id=ask, kind=Kind.CARD)

    def worker_joins(self, token: str, alias: str) -> None:
        found = self.talks[token]
        found.state, found.worker = "active", alias
        found.add(Author.HOUSE, code="worker_joined")
        found.put(found.status())

    def worker_saw(self, token: str) -> None:
        found = self.talks[token]
        found.put(ShownUpTo(len(found.entries)))

    def end(self, token: str, code: str) -> None:
        found = self.talks[token]
        found.add(Author.HOUSE, code=code)
        found.state = "ended"
