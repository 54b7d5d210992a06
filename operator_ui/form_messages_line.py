"""The list of form messages on one desk, sent again whenever it changed."""

from collections.abc import Callable, Sequence
from typing import Protocol

from chat.form_list import Listed
from chat.strict_json import written
from operator_ui.desk_frames import FormRow, Forms
from storage.ids import StaffId


class Waiting(Protocol):
    """What is needed of `chat.form_list.FormList`."""

    @property
    def rows(self) -> Sequence[Listed]: ...

    @property
    def count(self) -> int: ...

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]: ...


class FormMessagesLine:
    """Keeps one desk's list true; `send` takes a frame as text."""

    def __init__(self, *, forms: Waiting, staff: StaffId, send: Callable[[str], None]) -> None:
        self._forms = forms
        self._staff = staff
        self._send = send
        self._stop = forms.on_change(self.tell)

    def tell(self) -> None:
        """Send the list as it is."""
        rows = [self._row(one) for one in self._forms.rows]
        self._send(written(Forms(rows, self._forms.count)))

    def stop(self) -> None:
        """Tell nothing more."""
        self._stop()

    def _row(self, one: Listed) -> FormRow:
        if one.operator is None:
            state = "waiting"
        elif one.operator == self._staff:
            state = "mine"
        else:
            state = "left" if one.away else "taken"
        by = one.by if state in {"taken", "left"} else None
        return FormRow(one.contact, one.tag, one.language, one.since, one.urgency, one.answer, state, by, one.proposal)
