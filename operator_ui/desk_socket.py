"""The desk's socket: frames in, use cases; the list, offers and conversations out."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from chat.close_codes import Close
from chat.desk_door import DeskDoor
from chat.form_list import FormList
from chat.frames import Ping, Pong
from chat.live import Live
from chat.places import Places
from chat.socket import Closed, Connection, SocketDoor
from chat.strict_json import BadFrame, written
from contacts.contact import Question, Refusal, Refused
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Ended, Session
from operator_ui.attendance import Activity, Attendance
from operator_ui.calls_line import CallsLine, OpenCalls
from operator_ui.desk_conversation import DeskConversation
from operator_ui.desk_frames import (
    AboutContact,
    Accept,
    Ask,
    Danger,
    Decline,
    DeskError,
    End,
    Extend,
    FromDesk,
    Gone,
    Hello,
    Open,
    PresenceSet,
    Say,
    Shown,
    Shut,
    Welcome,
    Writing,
    from_desk,
)
from operator_ui.desk_line import DeskLine
from operator_ui.emergencies_line import Count, EmergenciesLine, Listen
from operator_ui.form_messages_line import FormMessagesLine
from storage.ids import ContactId, StaffId

_PONG = written(Pong())

#: The session of the cookie in a handshake, or None. May ask the database.
FindSession = Callable[[Scope], Awaitable[Session | None]]
#: Be called with every contact that is erased on request; the answer stops it.
HearErased = Callable[[Callable[[ContactId], None]], Callable[[], None]]


class DeskSocket:
    """ASGI endpoint of `GET /desk/socket`."""

    def __init__(
        self,
        *,
        sockets: SocketDoor,
        door: DeskDoor,
        live: Live,
        places: Places,
        forms: FormList,
        attendance: Attendance,
        find_session: FindSession,
        emergencies: tuple[Count, Listen] | None = None,
        calls: OpenCalls | None = None,
        erased: HearErased | None = None,
    ) -> None:
        self._sockets = sockets
        self._erased = erased
        self._emergencies = emergencies
        self._calls = calls
        self._door = door
        self._live = live
        self._places = places
        self._forms = forms
        self._attendance = attendance
        self._find_session = find_session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._sockets.serve(scope, receive, send, self._conversant)

    def _conversant(self, scope: Scope) -> "_DeskConversant":
        return _DeskConversant(
            door=self._door,
            live=self._live,
            places=self._places,
            forms=self._forms,
            attendance=self._attendance,
            find_session=lambda: self._find_session(scope),
            emergencies=self._emergencies,
            calls=self._calls,
            erased=self._erased,
        )


class _DeskConversant:
    def __init__(
        self,
        *,
        door: DeskDoor,
        live: Live,
        places: Places,
        forms: FormList,
        attendance: Attendance,
        find_session: Callable[[], Awaitable[Session | None]],
        emergencies: tuple[Count, Listen] | None,
        calls: OpenCalls | None,
        erased: HearErased | None,
    ) -> None:
        self._erased = erased
        self._emergencies = emergencies
        self._calls = calls
        self._calls_line: CallsLine | None = None
        self._door = door
        self._live = live
        self._places = places
        self._forms = forms
        self._attendance = attendance
        self._find_session = find_session
        self._session: Session | None = None
        self._connection: Connection | None = None
        self._seat = ""
        self._stops: list[Callable[[], None]] = []
        self._line: DeskLine | None = None
        self._form_line: FormMessagesLine | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._talks: dict[ContactId, DeskConversation] = {}
        self._acted = False

    # -- the conversant's three moments

    async def opened(self, connection: Connection, first: str) -> None:
        hello = from_desk.read(first)
        if not isinstance(hello, Hello):
            raise BadFrame
        session = await self._find_session()
        if session is None:
            raise Closed(Close.NO_SESSION)
        self._connection, self._session = connection, session
        self._stops = [session.on_end(self._session_ended), session.on_turn(self._turned)]
        seated = await self._attendance.arrived(session)
        self._seat = seated.seat
        connection.send(written(Welcome(session.alias, session.role, seated.status, self._attendance.room(session))))
        self._tasks = [asyncio.create_task(self._attend(session), name="desk-attendance")]
        if session.role in KEY_HOLDERS:  # who waits, since when and in which language is nobody else's business (P12)
            self._line = DeskLine(
                door=self._door, live=self._live, places=self._places, session=session, send=connection.send
            )
            self._tasks.append(asyncio.create_task(self._line.run(), name="desk-line"))
            self._form_line = FormMessagesLine(forms=self._forms, staff=session.staff_id, send=self._send_unlocked)
            self._form_line.tell()
            if self._calls is not None:
                self._calls_line = CallsLine(calls=self._calls, session=session, send=connection.send)
                self._calls_line.tell()
        if session.role is Role.LEAD and self._emergencies is not None:
            count, listen = self._emergencies
            waiting = EmergenciesLine(count=count, listen=listen, send=connection.send)
            self._tasks.append(asyncio.create_task(waiting.run(), name="desk-emergencies"))
        if session.role in KEY_HOLDERS and self._erased is not None:
            self._stops.append(self._erased(self._contact_erased))
        await self._door.returned(session)
        for one in hello.open:
            if session.locked:
                self._send(written(DeskError(Refusal.LOCKED, one.contact)))
            else:
                await self._open(ContactId(one.contact), one.after)

    async def received(self, text: str) -> None:
        frame: FromDesk = from_desk.read(text)
        if isinstance(frame, Ping):
            self._send(_PONG)
            return
        if isinstance(frame, Hello):
            raise BadFrame
        self._acted = self._acted or not self._signed_in().locked
        try:
            await self._act(frame)
        except Refused as refused:
            contact = None if isinstance(frame, PresenceSet) else frame.contact
            self._send(written(DeskError(refused.code, contact, frame.id if isinstance(frame, Say) else None)))

    async def gone(self) -> None:
        for stop in self._stops:
            stop()
        if self._line is not None:
            self._line.stop()
        if self._form_line is not None:
            self._form_line.stop()
        if self._calls_line is not None:
            self._calls_line.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for talk in self._talks.values():
            await talk.stop()
        if self._session is not None and self._seat:
            with contextlib.suppress(Exception):  # the sweep marks the seat empty if this cannot
                await self._attendance.left(self._session, self._seat)

    # -- frames

    async def _act(self, frame: PresenceSet | AboutContact) -> None:
        session = self._signed_in()
        match frame:
            case Say():
                self._talk(frame.contact).say(frame.id, frame.text)
            case Shown():
                self._talk(frame.contact).show(frame.seq)
            case Writing():
                self._talk(frame.contact).writing()
            case PresenceSet():
                await self._attendance.changed(session, frame.status)
            case _:
                await self._decide(session, ContactId(frame.contact), frame)

    async def _decide(
        self, session: Session, contact: ContactId, frame: Accept | Decline | Open | Shut | Ask | Danger | Extend | End
    ) -> None:
        if not isinstance(frame, Shut):
            await self._unlocked(session)
        match frame:
            case Accept():
                await self._door.accepted(session, contact)
                await self._open(contact, 0)
            case Decline():
                await self._door.declined(session, contact)
            case Open():
                await self._open(contact, frame.after)
            case Shut():
                talk = self._talks.pop(contact, None)
                if talk is not None:
                    await talk.stop()
            case Ask():
                to = StaffId(frame.to) if frame.to is not None else None
                await self._door.asked(session, contact, Question(frame.question), to)
            case Danger():
                await self._door.flagged(session, contact, on=frame.on)
            case Extend():
                await self._door.extended(session, contact)
            case End():
                await self._door.ended(session, contact)

    async def _open(self, contact: ContactId, after: int) -> None:
        earlier = self._talks.pop(contact, None)
        if earlier is not None:
            await earlier.stop()
        try:
            opened = await self._door.opened(self._signed_in(), contact)
        except Refused as refused:
            self._send(written(DeskError(refused.code, contact)))
            return
        talk = DeskConversation(door=self._door, talk=opened, send=self._send)
        self._talks[contact] = talk
        await talk.start(after)

    # -- inside

    async def _unlocked(self, session: Session) -> None:
        """Raises `Refused` at a locked desk. What is open on this connection goes on; nothing more is opened or decided."""
        if session.locked:
            await self._find_session()  # perhaps unlocked a moment ago, in another process
        if session.locked:
            raise Refused(Refusal.LOCKED)

    def _turned(self) -> None:
        if self._line is not None:
            self._line.anew()
        for each in (self._form_line, self._calls_line):
            if each is not None:
                each.tell()

    async def _attend(self, session: Session) -> None:
        """Be present until another seat takes over."""
        await self._attendance.stay(session, self._seat, doing=self._doing)
        if self._connection is not None:
            self._connection.close(Close.REPLACED)

    def _doing(self) -> Activity:
        acted, self._acted = self._acted, False
        on_a_call = self._calls_line is not None and self._calls_line.talking
        if on_a_call or any(talk.live for talk in self._talks.values()):
            return Activity.TALKING
        return Activity.ACTING if acted else Activity.NOTHING

    def _session_ended(self, why: Ended) -> None:
        if self._connection is not None:
            self._connection.close(Close.REPLACED if why is Ended.REPLACED else Close.NO_SESSION)

    def _contact_erased(self, contact: ContactId) -> None:
        """Whatever a desk still shows of it goes."""
        talk = self._talks.pop(contact, None)
        if talk is not None:
            self._tasks.append(asyncio.create_task(talk.stop(), name="desk-erased"))
        self._send(written(Gone(contact, "erased")))

    def _talk(self, contact: str) -> DeskConversation:
        try:
            return self._talks[ContactId(contact)]
        except KeyError:
            raise Refused(Refusal.NOT_YOURS) from None

    def _signed_in(self) -> Session:
        if self._session is None or self._session.ended is not None:
            raise Closed(Close.NO_SESSION)
        return self._session

    def _send_unlocked(self, text: str) -> None:
        if self._session is not None and not self._session.locked:
            self._send(text)

    def _send(self, text: str) -> None:
        if self._connection is not None:
            self._connection.send(text)
