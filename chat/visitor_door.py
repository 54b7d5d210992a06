"""What a visitor can do, whatever carries it: socket, long poll, or forms without JavaScript."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from chat import conversation
from chat.consent_card import Said
from chat.live import Live
from chat.places import Places
from chat.sentences import Sentences
from chat.shown import (
    Item,
    ShownEntry,
    opened,
    public_state,
    unreadable,
)
from chat.talk import Talk
from chat.texts import check_text
from chat.visitor_feed import VisitorFeed
from chat.visitor_presence import VisitorPresence
from chat.visitor_status import VisitorStatus
from contacts.begin import begin
from contacts.committer import Committer, Fresh, Outcome, Unit
from contacts.contact import Author, Contact, Kind, Klass, Line, Question, Receipt, Refusal, Refused, State
from contacts.distrust import Distrusted
from contacts.epochs import NoEpoch
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.sealing import ContentKey
from contacts.tags import new_tag
from contacts.visitor_keys import VisitorKeys
from contacts.words import Words
from duty.availability import Availability
from duty.availability import State as Open
from duty.opening import Duty
from storage.clock import Clock, epoch_seconds
from storage.engine import OUTAGES, Connection, Store
from storage.ids import ContactId, new_id
from storage.leases import one_at_a_time

#: Beside the three buttons: a yes is taken back.
WITHDRAW = "withdraw"


class CardPresses(Protocol):
    """The visitor's side of `chat.cards.Cards`; both raise Refused."""

    async def answer(self, talk: Talk, ask: str, said: Said) -> None: ...

    async def withdraw(self, contact: ContactId, ask: str) -> Line: ...


class NotAdmitted(Exception):
    """Nobody new can start now; `availability` says why and when."""

    def __init__(self, availability: Availability) -> None:
        super().__init__(availability.state.value)
        self.availability = availability


class VisitorDoor:
    """The visitor's use cases."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        live: Live,
        places: Places,
        keyring: Keyring,
        visitor_keys: VisitorKeys,
        duty: Duty,
        sentences: Sentences,
        status: VisitorStatus,
        presence: VisitorPresence,
        cards: CardPresses,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._live = live
        self._places = places
        self._keyring = keyring
        self._visitor_keys = visitor_keys
        self._duty = duty
        self._sentences = sentences
        self.status = status
        self.presence = presence
        self._cards = cards

    # -- coming and going

    async def admission(self, language: str) -> Availability:
        """Whether somebody new may start; never raises."""
        return await self._duty.availability(language)

    async def started(self, language: str) -> str:
        """Begin a conversation. The answer is the cookie's value. Raises `NotAdmitted`; `Refused` when storage is away.

        Whether we are open is asked again inside the transaction: at closing nobody starts, and near closing no more
        than there are free operators.
        """
        availability = await self.admission(language)
        if not availability.admits:
            raise NotAdmitted(availability)
        try:
            async with self._store.write() as conn:
                contact = await self._admitted(conn, language)
                await begin(conn, contact)
                key = await self._keyring.new_segment(conn, contact.id, Klass.TRANSCRIPT)
                token = await self._visitor_keys.hand_out(conn, key)
        except OUTAGES:
            raise Refused(Refusal.UNAVAILABLE) from None
        self._live.announce(contact.id)
        return token

    async def known(self, token: str) -> bool:
        """Whether this cookie belongs to a conversation that still lives. Opens nothing."""
        async with self._store.read() as conn:
            contact = await self._visitor_keys.contact_of(conn, token)
        if contact is None:
            return False
        found = await self._log.contact(contact)
        return found is not None and found.state is not State.ENDED

    async def resumed(self, token: str) -> Talk | None:
        """Open the conversation of this cookie; None when there is none (any more)."""
        async with self._store.read() as conn:
            unlocked = await self._visitor_keys.unlock(conn, token)
        if unlocked is None:
            return None
        found = await self._log.contact(unlocked.contact)
        if found is None or found.state is State.ENDED:
            return None
        await self._seal_to_current_epoch(unlocked.key)
        last = await self._log.last_numbers([found.id])
        return Talk(
            contact=found.id,
            language=found.language,
            token=token,
            keys={key.segment: key for key in unlocked.keys},
            state=public_state(found),
            seq=last[found.id],
            worker=await self.status.worker(found),
        )

    def in_language(self, talk: Talk, language: str) -> Talk:
        """The same conversation for a page in this language, if we have it."""
        return replace(talk, language=language) if language in self._sentences.languages else talk

    async def answered(self, talk: Talk, question: str, *, yes: bool) -> None:
        """Yes or No on a card. Raises `Refused` when storage is away."""
        rule = partial(conversation.visitor_answered, question=Question(question), yes=yes)
        await self._committer.submit(Unit(talk.contact, rule, author=Author.VISITOR))

    async def consented(self, talk: Talk, card: str, answer: str) -> None:
        """A press on a card that asks for consent: `yes`, `no`, `change`, or `withdraw` of an earlier yes.

        Raises `Refused`: ended, card_gone, unavailable.
        """
        try:
            if answer == WITHDRAW:
                await self._cards.withdraw(talk.contact, card)
            else:
                await self._cards.answer(talk, card, Said(answer))
        except OUTAGES:
            raise Refused(Refusal.UNAVAILABLE) from None

    async def taken_back(self, token: str, card: str) -> Line | None:
        """A yes is taken back by whose cookie this is, also in the minutes after the end; what is to be said of it.

        None: nobody's cookie (any more). Raises `Refused`: card_gone, unavailable.
        """
        try:
            async with self._store.read() as conn:
                contact = await self._visitor_keys.contact_of(conn, token)
            return None if contact is None else await self._cards.withdraw(contact, card)
        except OUTAGES:
            raise Refused(Refusal.UNAVAILABLE) from None

    async def ended(self, talk: Talk) -> None:
        """The visitor ends the conversation."""
        await self._committer.submit(Unit(talk.contact, conversation.visitor_ended))

    async def left(self, token: str) -> None:
        """The quick exit: revoke the cookie at once, then tell the worker."""
        async with self._store.read() as conn:
            contact = await self._visitor_keys.contact_of(conn, token)
        if contact is None:
            return
        async with self._store.write() as conn:
            await self._visitor_keys.revoke(conn, token)
        await self._committer.submit(Unit(contact, conversation.visitor_left))

    # -- writing

    def say(self, talk: Talk, client_id: str, text: str) -> "asyncio.Future[Outcome]":
        """Queue a message; the future answers once it is on disk. Raises `Refused` for what cannot be one."""
        check_text(text)
        rule = partial(conversation.visitor_said, client_id=client_id, words=Words(text))
        return self._committer.submit(
            Unit(talk.contact, rule, key=talk.key, client_id=client_id, author=Author.VISITOR)
        )

    async def said(self, talk: Talk, client_id: str, words: Words) -> Receipt:
        """As `say`, waiting for the answer. Raises `Refused`."""
        outcome = await self.say(talk, client_id, words.reveal())
        if outcome.receipt is None:
            raise Refused(Refusal.UNAVAILABLE)
        return outcome.receipt

    # -- reading

    def feed(self, talk: Talk, put: Callable[[Item], None]) -> VisitorFeed:
        """Everything this visitor is shown; `start(after)` begins, `stop()` ends it."""
        return VisitorFeed(
            talk=talk,
            put=put,
            live=self._live,
            places=self._places,
            describe=self.status.of,
            fetch_keys=self._fetch_keys,
        )

    async def follow(self, talk: Talk, after: int) -> AsyncGenerator[Item, None]:
        """The same as an endless iterator, for pages without JavaScript. Close it to stop."""
        items: asyncio.Queue[Item] = asyncio.Queue()
        feed = self.feed(talk, items.put_nowait)
        self.presence.connected(talk)
        feed.start(after)
        try:
            while True:
                yield await items.get()
        finally:
            feed.stop()
            self.presence.disconnected(talk)

    async def entries(self, talk: Talk, after: int) -> list[ShownEntry]:
        """What is there after `after`, now."""
        found = await self._log.entries_after(talk.contact, Klass.TRANSCRIPT, after)
        fresh = [Fresh(entry, None) for entry in found]
        return [opened(item, talk.keys) or unreadable(item) for item in fresh]

    async def presses(self, talk: Talk) -> dict[str, str]:
        """What was pressed on the cards of this conversation: id of the entry -> code."""
        found: dict[str, str] = {}
        after = 0
        while page := await self._log.entries_after(talk.contact, Klass.TRANSCRIPT, after):
            found |= {
                entry.client_id: entry.code
                for entry in page
                if entry.kind is Kind.ANSWER and entry.client_id is not None and entry.code is not None
            }
            after = page[-1].seq
        return found

    # -- inside

    async def _fetch_keys(self, talk: Talk) -> None:
        async with self._store.read() as conn:
            unlocked = await self._visitor_keys.unlock(conn, talk.token)
        if unlocked is not None:
            talk.keys.update({key.segment: key for key in unlocked.keys})

    async def _admitted(self, conn: Connection, language: str) -> Contact:
        """The new contact, if somebody may start at this moment of the database. Raises `NotAdmitted`."""
        availability = await self._duty.judged(conn, language)
        if availability.state is Open.closing:  # a free operator is there; of two who start at once, only for one
            await one_at_a_time(conn, "last-start")
            availability = await self._duty.judged(conn, language)
        if not availability.admits:
            raise NotAdmitted(availability)
        return conversation.begun(
            contact=ContactId(new_id()),
            language=language,
            tag=new_tag(),
            now=epoch_seconds(self._clock.now()),
            place=await self._log.count_waiting(conn) + 1,
        )

    async def _seal_to_current_epoch(self, key: ContentKey) -> None:
        """Let colleagues who arrived since the conversation began open it too."""
        try:
            async with self._store.write() as conn:
                await self._keyring.reseal(conn, key)
        except (NoEpoch, Distrusted):  # alarmed where it was found; the visitor reads on
            return
        except OUTAGES:  # and reads on also where nothing can be written now
            return
