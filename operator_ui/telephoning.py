"""What the leads' pages about the telephone may call, and what they are shown of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from contacts.audit import Action, Audit
from contacts.audit_reader import Line, Wanted, read_page
from contacts.provider_traces import Traces, left
from contacts.session import Session
from contacts.staff_numbers import StaffNumbers, forget_number
from contacts.words import Words
from duty.colleagues import AskColleagues
from duty.roster import Roster
from duty.shifts import Channel
from hotline.prompts import Prompts
from hotline.verbs import Prompt
from operator_ui.leading import Deed
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import StaffId

_TRIED = (Deed.FALLBACK_WORKED.value, Deed.FALLBACK_FAILED.value)
#: What a caller hears before anybody can answer, in this order.
_FIRST = (Prompt.GREETING,)
_IN_EACH = (Prompt.DANGER, Prompt.MENU)
_NOBODY = (Prompt.DANGER, Prompt.NOBODY_NOW, Prompt.OFFER_BACK)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence a caller hears. `recorded`: from a recording, whose words may differ."""

    language: str
    text: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody on call now. `ending`: the last digits of their number, None without one; `busy`: rung after all others."""

    staff: StaffId
    tier: int
    languages: frozenset[str]
    until: datetime
    ending: str | None
    busy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """What the telephone company has to be told: addresses of this deployment, and sentences as they are spoken.

    `voicemail`: whether callers are offered to leave a recorded message.
    """

    voice: str
    status: str
    prompts: Prompts
    voicemail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephoning:
    """Ports. `loads`: conversations of each operator, calls included; `provided` None: no telephone company is set."""

    store: Store
    clock: Clock
    zone: ZoneInfo
    colleagues: AskColleagues
    numbers: StaffNumbers
    roster: Roster
    loads: Callable[[Connection], Awaitable[Mapping[StaffId, int]]]
    audit: Audit
    own_number: str
    provided: Provided | None

    async def endings(self, conn: Connection) -> dict[StaffId, str]:
        """The last two digits of every number; more is shown to nobody."""
        return {staff: number.reveal()[-2:] for staff, number in (await self.numbers.everybody(conn)).items()}

    async def on_call(self, conn: Connection, endings: Mapping[StaffId, str]) -> list[Rung]:
        """Who is rostered for the telephone at this moment, lowest tier first."""
        loads = await self.loads(conn)
        return [
            Rung(
                one.staff_id,
                one.tier,
                one.languages,
                one.until,
                endings.get(one.staff_id),
                bool(loads.get(one.staff_id)),
            )
            for one in await self.roster.on_duty(conn, self.clock.now(), Channel.phone)
        ]

    async def left_there(self, conn: Connection) -> Traces:
        """What the telephone company has not confirmed to have deleted."""
        return await left(conn)

    async def keep(self, conn: Connection, staff: StaffId, e164: Words, *, by: Session) -> None:
        """Enter or replace a number. The audit log says whose, never which."""
        await self.numbers.keep(conn, staff, e164)
        await self._record(conn, by, Deed.NUMBER_ENTERED, staff)

    async def forget(self, conn: Connection, staff: StaffId, *, by: Session) -> None:
        """Take a number away: nobody rings this person any more."""
        await forget_number(conn, staff)
        await self._record(conn, by, Deed.NUMBER_REMOVED, staff)

    async def tried(self, conn: Connection, *, worked: bool, by: Session) -> None:
        """Somebody has tried the fallback: called while the application did not answer."""
        await self._record(conn, by, Deed.FALLBACK_WORKED if worked else Deed.FALLBACK_FAILED)

    async def last_tried(self, conn: Connection) -> Line | None:
        """When the fallback was last tried, by whom, and what came of it (`Deed`)."""
        lines, _ = await read_page(conn, Wanted(actions=(Action.SETTINGS.value,), details=_TRIED), size=1)
        return lines[0] if lines else None

    async def _record(self, conn: Connection, by: Session, deed: Deed, staff: StaffId | None = None) -> None:
        await self.audit.append(conn, Action.SETTINGS, actor=by.staff_id, subject=staff, detail=deed)


def heard_first(prompts: Prompts) -> list[Said]:
    """What a caller hears while the phones of those on call begin to ring."""
    return _spoken(prompts, _FIRST, prompts.languages[:1]) + _each(prompts, _IN_EACH)


def heard_alone(prompts: Prompts, *, voicemail: bool = False) -> list[Said]:
    """What a caller hears when nobody is on call."""
    found: list[Said] = []
    for number, language in enumerate(prompts.languages, start=1):
        found += _spoken(prompts, _NOBODY, (language,))
        if voicemail:
            key = str(len(prompts.languages) + number)
            spoken = prompts.spoken(Prompt.OFFER_MESSAGE, language, key=key)
            found.append(Said(language, spoken.text, spoken.recording is not None))
    return found


def _each(prompts: Prompts, wanted: tuple[Prompt, ...]) -> list[Said]:
    """Each sentence in every language before the next sentence."""
    return [said for prompt in wanted for said in _spoken(prompts, (prompt,), prompts.languages)]


def _spoken(prompts: Prompts, wanted: tuple[Prompt, ...], languages: tuple[str, ...]) -> list[Said]:
    found = []
    for language in languages:
        for prompt in wanted:
            spoken = prompts.spoken(prompt, language, key=str(prompts.languages.index(language) + 1))
            found.append(Said(language, spoken.text, spoken.recording is not None))
    return found
