"""Phones, and what their owners do."""

from msgspec import Struct


class Phone(Struct, frozen=True, kw_only=True):
    """A telephone and its owner's habits.

    `answers_after` seconds of ringing (None: never); `presses` one key for each question, `after` so many seconds of it
    (`w`: lets a question pass); `hangs_up_after` so many seconds of talk; `speaks` so many seconds after a tone (None: says
    nothing), and then hangs up if `hangs_up_then`. A `busy` phone does not ring, one that does not
    `exists` cannot be called. `by_hand`: somebody on a page decides.
    """

    name: str
    number: str
    answers_after: float | None = None
    presses: str = ""
    after: float = 2.0
    hangs_up_after: float | None = None
    speaks: float | None = None
    hangs_up_then: bool = False
    busy: bool = False
    exists: bool = True
    by_hand: bool = False


def answering(name: str, number: str, after: float = 3.0, **habits: float | str) -> Phone:
    """Picks up, presses 1, talks."""
    return Phone(name=name, number=number, answers_after=after, presses="1", **habits)  # type: ignore[arg-type]


def ignoring(name: str, number: str) -> Phone:
    """Rings in vain."""
    return Phone(name=name, number=number)


def voicemail(name: str, number: str, after: float = 2.0) -> Phone:
    """A mailbox picks up, speaks, and never presses anything."""
    return Phone(name=name, number=number, answers_after=after)
