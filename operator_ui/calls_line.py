"""The calls on one desk, sent again whenever something changed."""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from chat.strict_json import written
from contacts.session import Session
from hotline.call_list import Listed
from operator_ui.desk_frames import CallRow, Calls, PartyRow
from storage.ids import StaffId


class OpenCalls(Protocol):
    """What is needed of `hotline.call_list.CallList`."""

    @property
    def rows(self) -> Sequence[Listed]: ...

    @property
    def count(self) -> int: ...

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]: ...


class CallsLine:
    """Keeps one desk's calls true; `send` takes a frame as text."""

    def __init__(self, *, calls: OpenCalls, session: Session, send: Callable[[str], None]) -> None:
        self._calls = calls
        self._session = session
        self._staff: StaffId = session.staff_id
        self._send = send
        self._stop = calls.on_change(self.tell)

    def tell(self) -> None:
        """Send them as they are; to a locked desk only that somebody rings. Talks of colleagues are nobody else's business."""
        shown = [one for one in self._calls.rows if one.stage in {"ringing", "missed"} or self._mine(one)]
        rows = [self._row(one) for one in shown]
        if self._session.locked:
            rows = [replace(one, tag="", language="", danger=False) for one in rows if one.state == "ringing"]
        self._send(written(Calls(rows)))

    @property
    def talking(self) -> bool:
        """Whether this person is on a call now."""
        return any(one.stage == "talking" and self._mine(one) for one in self._calls.rows)

    def stop(self) -> None:
        """Tell nothing more."""
        self._stop()

    def _mine(self, one: Listed) -> bool:
        return one.operator == self._staff

    def _row(self, one: Listed) -> CallRow:
        phone = one.phones.get(self._staff)
        you = None
        if one.stage == "ringing" and phone is not None:
            you = "press" if phone == "answered" else "rings"
        elif one.stage == "missed" and one.holder == self._staff:
            you = "taken"
        return CallRow(
            contact=one.contact,
            tag=one.tag,
            language=one.language,
            since=one.since,
            state=one.stage,
            danger=one.danger,
            you=you,
            at=one.connected_at,
            by=one.by if one.holder is not None and you is None else None,
            back=one.back,
            when=one.when,
            named=one.named,
            returning=one.returning if you == "taken" else None,
            message=one.message,
            parties=[PartyRow(party.kind, party.name, party.state) for party in one.parties],
        )
