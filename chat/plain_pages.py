"""A conversation without a socket: the long poll for the script, and two frames for browsers without JavaScript."""

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chat.answers import data_answer, page_answer, redirect, wants_data
from chat.consent_card import Said
from chat.cookies import read_token, take_back_token
from chat.doorstep import Doorstep
from chat.form_fields import BadForm, read_fields
from chat.frames import Ack, Ask, EntryShown, Error, Shown, Status, ToVisitor, Writing
from chat.headers import data_headers
from chat.page_builder import VisitorPage
from chat.plain_stream import Pace, PlainStream
from chat.public_facts import PublicFacts
from chat.rate import VISITOR_RATE, Rates
from chat.sentences import Sentences
from chat.shown import AskShown, Item, ShownEntry, ShownUpTo, StatusShown
from chat.strict_json import written
from chat.talk import Talk
from chat.visitor_door import WITHDRAW
from contacts.contact import Line, Question, Refusal, Refused
from contacts.words import Words
from storage.clock import Clock

_MESSAGE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CARD = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"[0-9]{1,9}")

#: What the writing frame says when a message was refused.
_NOTES = {Refusal.TOO_LONG: "composer.too_long", Refusal.BLANK: ""}


class PlainPages:
    """The frames and the long poll."""

    def __init__(
        self,
        *,
        door: Doorstep,
        page: VisitorPage,
        facts: PublicFacts,
        sentences: Sentences,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._door = door
        self._page = page
        self._facts = facts
        self._pace = pace
        self._sentences = sentences
        self._clock = clock
        self._rates = Rates(VISITOR_RATE)
        self._stream = PlainStream(door=door, sentences=sentences, clock=clock, pace=pace)

    async def composer(self, request: Request, language: str) -> Response:
        """The writing frame, empty."""
        token = read_token(request, self._facts)
        if token is None or not await self._door.known(token):
            return self._over(request, language)
        return page_answer(request, self._page.composer(language, str(uuid.uuid4())))

    async def say(self, request: Request, language: str) -> Response:
        """A message: an `ack` or `error` frame for the script, the writing frame for a form."""
        try:
            fields = await read_fields(request)
        except BadForm:
            return data_answer({"ok": False}, 400)
        message_id, text = fields.get("id", ""), fields.get("text", "").replace("\r\n", "\n").strip()
        if not _MESSAGE_ID.fullmatch(message_id):
            return data_answer({"ok": False}, 400)
        talk = await self._talk(request)
        if talk is None:
            return self._over(request, language)
        if not self._rates.take(talk.contact, self._clock.monotonic()):
            return self._refused(request, language, message_id, text, None)
        try:
            receipt = await self._door.said(talk, message_id, Words(text))
        except Refused as refused:
            return self._refused(request, language, message_id, text, refused.code)
        if wants_data(request):
            return _frames(Ack(message_id, receipt.seq, receipt.at))
        return page_answer(request, self._page.composer(language, str(uuid.uuid4()), note="composer.sent"))

    async def stream(self, request: Request, language: str) -> Response:
        """The endless document; `?once` ends when everything said so far is there."""
        talk = await self._talk(request)
        availability = await self._door.admission(language)
        if talk is None:
            unserved = "unserved" in request.query_params
            text = self._sentences.availability(language, availability, self._clock.now()) if unserved else ""
            return self._over(request, language, text)
        head = self._page.stream_head(language)
        once, presses = "once" in request.query_params, await self._door.presses(talk)
        pieces = self._stream.pieces(head.html, talk, language, availability.zone, once=once, presses=presses)
        return StreamingResponse(pieces, headers={**head.headers, "content-type": "text/html; charset=utf-8"})

    async def answer(self, request: Request, language: str) -> Response:
        """Yes or No to what the visitor is asked; a form in the stream comes back to the stream."""
        try:
            fields = await read_fields(request)
            question = Question(fields.get("question", ""))
        except (BadForm, ValueError):
            return data_answer({"ok": False}, 400)
        talk = await self._talk(request)
        if talk is None:
            return self._over(request, language)
        try:
            await self._door.answered(talk, question, yes=fields.get("yes") == "1")
        except Refused:
            return data_answer({"ok": False}, 503)
        if wants_data(request):
            return data_answer({"ok": True})
        return redirect(f"/{language}/stream", data_headers())

    async def consent(self, request: Request, language: str) -> Response:
        """A press on a card that asks for consent; a form in the stream comes back to the stream."""
        try:
            fields = await read_fields(request)
        except BadForm:
            return data_answer({"ok": False}, 400)
        card, answer = fields.get("card", ""), fields.get("answer", "")
        if not _CARD.fullmatch(card) or answer not in {*Said, WITHDRAW}:
            return data_answer({"ok": False}, 400)
        if answer == WITHDRAW:
            return await self._taken_back(request, language, card)
        talk = await self._talk(request)
        if talk is None:
            return self._over(request, language)
        try:
            await self._door.consented(talk, card, answer)
        except Refused as refused:
            if wants_data(request):
                return _frames(Error(refused.code, card), status=409)
            if refused.code is Refusal.UNAVAILABLE:
                return data_answer({"ok": False}, 503)
        if wants_data(request):
            return data_answer({"ok": True})
        return redirect(f"/{language}/stream", data_headers())

    async def _taken_back(self, request: Request, language: str, card: str) -> Response:
        """Heard also when the conversation is over, and then answered here: no stream tells of it any more."""
        token, code = read_token(request, self._facts), None
        try:
            code = await self._door.taken_back(token, card) if token is not None else None
        except Refused as refused:
            if refused.code is Refusal.UNAVAILABLE:
                return data_answer({"ok": False}, 503)
            code = Line.CARD_TAKEN_BACK
        under_way = token is not None and await self._door.known(token)
        if wants_data(request) and code is not None:
            if under_way and code is Line.CARD_TAKEN_BACK:
                return _frames(Error(Refusal.CARD_GONE, card), status=409)
            return data_answer({"ok": True, "text": self._sentences.line(language, code)})
        if under_way:
            return redirect(f"/{language}/stream", data_headers())
        return self._over(request, language, told=f"line.{code or 'not_heard'}")

    async def new(self, request: Request, language: str) -> Response:
        """Frames after `after`, at once or as soon as there is one; `state` and `ask` are what the page shows beside."""
        after = request.query_params.get("after", "0")
        if not _NUMBER.fullmatch(after):
            return data_answer({"ok": False}, 400)
        talk = await self._talk(request)
        if talk is None:
            return self._over(request, language)
        shown = request.query_params
        frames = await self._gathered(talk, int(after), shown.get("state", ""), shown.get("ask", ""))
        return _frames(*frames, many=True)

    async def _gathered(self, talk: Talk, after: int, state: str, ask: str) -> list[ToVisitor]:
        frames: list[ToVisitor] = []
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.poll) as limit:
                async with aclosing(cast(AsyncGenerator[Item], self._door.follow(talk, after))) as items:
                    async for item in items:
                        frames.append(frame_of(item))
                        news = isinstance(item, StatusShown) and item.state != state
                        asked = isinstance(item, AskShown) and (item.question or "") != ask
                        if news or asked or isinstance(item, ShownEntry):
                            soon = loop.time() + self._pace.gather
                            limit.reschedule(min(soon, limit.when() or soon))
        return frames

    async def _talk(self, request: Request) -> Talk | None:
        token = read_token(request, self._facts)
        return await self._door.resumed(token) if token is not None else None

    def _refused(self, request: Request, language: str, message_id: str, text: str, code: Refusal | None) -> Response:
        if code is Refusal.ENDED:
            return self._over(request, language)
        status = 503 if code is Refusal.UNAVAILABLE else 429 if code is None else 409
        if wants_data(request):
            if code is None:  # as close code 4429: come back with back-off, send slower
                return data_answer({"ok": False}, status)
            return _frames(Error(code, message_id), status=409)
        # Another id where the old one is taken; the same one otherwise, so that nothing is stored twice.
        again = str(uuid.uuid4()) if code is Refusal.ID_TAKEN else message_id
        note = "composer.not_sent" if code is None else _NOTES.get(code, "composer.not_sent")
        return page_answer(request, self._page.composer(language, again, text=text, note=note, status=status))

    def _over(self, request: Request, language: str, unserved: str = "", told: str = "") -> Response:
        """There is no conversation (any more): say so and be rid of the cookie. `told`: a sentence beside it."""
        if wants_data(request):
            response = data_answer({"ok": False}, 401)
        else:
            response = page_answer(request, self._page.frame_over(language, unserved, told))
        take_back_token(response, self._facts)
        return response


def frame_of(item: Item) -> ToVisitor:
    """An item as a frame of docs/protocol.md."""
    if isinstance(item, ShownEntry):
        text = item.text.reveal() if item.text is not None else None
        return EntryShown(item.seq, item.kind, item.by, item.at, text, item.code, item.id)
    if isinstance(item, StatusShown):
        return Status(item.state, item.text, item.worker)
    if isinstance(item, ShownUpTo):
        return Shown(item.seq)
    if isinstance(item, AskShown):
        return Ask(item.question, item.text)
    return Writing()


def _frames(*frames: ToVisitor, many: bool = False, status: int = 200) -> Response:
    texts = [written(frame) for frame in frames]
    body = f"[{','.join(texts)}]" if many else texts[0]
    return Response(body, status, {**data_headers(), "content-type": "application/json"})
