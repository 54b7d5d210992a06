"""A change to the hours as fields of an address or a form, so that a preview needs no memory of its own. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from duty.clock_times import Interval, TimeNotUnderstood, read_intervals, times_text
from duty.dated_exceptions import DatedException, Kind
from duty.drafts import Draft
from duty.proposal import Change, NewException, NewHours, RemovedException, WithdrawnHours
from operator_ui.hours_form import read_day
from operator_ui.leading import Deed
from operator_ui.posted import Posted
from operator_ui.slips import Slip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionForm:
    """What is typed about some days. `last` empty: one day."""

    kind: str = ""
    first: str = ""
    last: str = ""
    times: str = ""
    languages: Sequence[str] = field(default=())


def read_exception_form(sent: Posted) -> ExceptionForm:
    """What was typed."""
    return ExceptionForm(
        kind=sent.one("kind"),
        first=sent.one("first"),
        last=sent.one("last"),
        times=sent.one("times"),
        languages=tuple(sent.all("languages")),
    )


def exception_of(form: ExceptionForm) -> tuple[DatedException | None, list[Slip]]:
    """The exception that a form says, or what is wrong with it."""
    slips: list[Slip] = []
    if form.kind not in set(Kind):
        slips.append(Slip("slip.kind", "kind"))
    first, wrong = read_day(form.first, "first")
    last, also = read_day(form.last, "last") if form.last else (first, [])
    slips += [*wrong, *also]
    times: tuple[Interval, ...] = ()
    if form.kind != Kind.closed:
        try:
            times = read_intervals(form.times) if form.times else ()
        except TimeNotUnderstood as problem:
            slips.append(Slip(f"finding.{problem.code}", "times", problem.values))
    if slips or first is None or last is None:
        return None, slips
    kind = Kind(form.kind)
    return DatedException(kind=kind, first=first, last=last, times=times, languages=frozenset(form.languages)), []


def change_of(asked: Posted, draft: Draft | None) -> Change | None:
    """The change that fields name; None: none, or it cannot be read any more."""
    match asked.one("do"):
        case "draft":
            return draft.hours if draft is not None else None
        case "withdraw":
            return WithdrawnHours(asked.one("id"))
        case "remove":
            return RemovedException(asked.one("id"))
        case "add":
            exception, _ = exception_of(read_exception_form(asked))
            return NewException(exception) if exception is not None else None
        case _:
            return None


def fields_of(change: Change) -> list[tuple[str, str]]:
    """The fields that name a change."""
    match change:
        case NewHours():
            return [("do", "draft")]
        case WithdrawnHours(version_id):
            return [("do", "withdraw"), ("id", version_id)]
        case RemovedException(exception_id):
            return [("do", "remove"), ("id", exception_id)]
        case NewException(one):
            days = [("first", one.first.isoformat()), ("last", one.last.isoformat())]
            languages = [("languages", code) for code in sorted(one.languages)]
            return [("do", "add"), ("kind", one.kind), *days, ("times", times_text(one.times)), *languages]
        case _:
            assert_never(change)


def deed_of(change: Change) -> Deed:
    """What the audit log says about publishing it."""
    match change:
        case NewHours():
            return Deed.HOURS_PUBLISHED
        case WithdrawnHours():
            return Deed.HOURS_WITHDRAWN
        case NewException():
            return Deed.EXCEPTION_ADDED
        case RemovedException():
            return Deed.EXCEPTION_REMOVED
        case _:
            assert_never(change)
