"""Answers while the database is away: the provider itself rings the people we remember, and the caller still reaches a phone.

Every report is put on the spool first. Nobody is asked for a number then: it could not be sealed for anybody.
"""

from hotline.on_call import OnCall
from hotline.reports import Report
from hotline.spool import Spool
from hotline.staff_leg import SCREEN_SECONDS
from hotline.twiml import Twiml
from hotline.verbs import (
    NOTHING,
    Answer,
    Bridge,
    Dial,
    Enqueue,
    Gather,
    HangUp,
    Leave,
    Link,
    Pause,
    Prompt,
    Redirect,
    Say,
    Step,
)
from storage.clock import Clock, epoch_seconds

#: Somebody who waits in the queue when the database goes away waits so many sentences more before we dial directly.
PATIENCE = 2
PAUSE_SECONDS = 4
#: So often a caller is asked to wait while a process that has just started remembers nobody yet.
STARTS_WITHIN = 5
_MOST_REMEMBERED = 2000


class Apart:
    """Answers from what this process remembers: whom to ring, who has pressed 1."""

    def __init__(
        self,
        *,
        clock: Clock,
        spool: Spool,
        on_call: OnCall,
        twiml: Twiml,
        languages: tuple[str, ...],
        staff_language: str,
        ring_seconds: int,
    ) -> None:
        self._clock = clock
        self._spool = spool
        self._on_call = on_call
        self._twiml = twiml
        self._languages = languages
        self._staff_language = staff_language
        self._ring_seconds = ring_seconds
        self._waited: dict[str, int] = {}
        self._accepted: dict[str, str] = {}

    def answered(self, contact: str, report: Report, *, spool: bool = True) -> str:
        """What the leg is told. `spool` False: the report is one that changes nothing."""
        if spool:
            self._spool.keep(report, epoch_seconds(self._clock.now()))
        return self._twiml.written(contact, self._answer(contact, report), self._on_call.numbers)

    def _answer(self, contact: str, report: Report) -> Answer:
        first, turn = self._languages[0], report.turn
        match report.step:
            case Step.VOICE | Step.LEFT if not report.bridged and self._knows_nobody_yet(contact):
                danger = tuple(Say(Prompt.DANGER, language) for language in self._languages)
                return *danger, Pause(PAUSE_SECONDS), Redirect(Link(report.step, turn))
            case Step.VOICE:
                says = Say(Prompt.GREETING, first), *(Say(Prompt.DANGER, language) for language in self._languages)
                return *says, *self._dial(0)
            case Step.DIALLED:
                return (HangUp(),) if report.bridged else self._dial(turn)
            case Step.LANGUAGE:
                queue = Enqueue(contact, wait=Link(Step.WAIT, turn + 1), after=Link(Step.LEFT, turn + 1))
                return Say(Prompt.CONNECTING, first), queue
            case Step.WAIT | Step.WAIT_KEY:
                self._waited[contact] = self._waited.get(contact, 0) + 1
                _bounded(self._waited)
                if self._waited[contact] > PATIENCE:
                    return (Leave(),)
                return Pause(PAUSE_SECONDS), Redirect(Link(Step.WAIT, turn + 1))
            case Step.LEFT:
                return (HangUp(),) if report.bridged else self._dial(0)
            case Step.OFFER | Step.BACK_SAME | Step.BACK_NUMBER | Step.BACK_WHEN | Step.BACK_SAFE:
                return (*(Say(Prompt.GOODBYE, language) for language in self._languages), HangUp())
            case Step.MESSAGE_LEFT:  # the report is on the spool: what was said is fetched when the database is back
                said = Prompt.MESSAGE_THANKS if report.recording is not None else Prompt.MESSAGE_NONE
                return (*(Say(said, language) for language in self._languages), HangUp())
            case _:
                return self._staff_answer(contact, report)

    def _knows_nobody_yet(self, contact: str) -> bool:
        """A process that has just started has nothing to remember: who calls is not told that nobody is there for that."""
        if self._on_call.looked:
            return False
        self._waited[contact] = self._waited.get(contact, 0) + 1
        _bounded(self._waited)
        return self._waited[contact] <= STARTS_WITHIN

    def _staff_answer(self, contact: str, report: Report) -> Answer:
        said, leg = self._staff_language, report.leg
        screen = Say(Prompt.SCREEN, said)
        match report.step:
            case Step.SCREEN | Step.SCREEN_APART:
                to = Link(Step.ACCEPT if report.step is Step.SCREEN else Step.ACCEPT_APART, leg=leg)
                return Gather(to, (screen, Pause(1), screen), SCREEN_SECONDS), HangUp()
            case Step.ACCEPT_APART:  # the end of this document connects; the provider lets one in
                return NOTHING if report.digits == "1" else (HangUp(),)
            case Step.ACCEPT if report.digits == "1" and leg is not None:
                _bounded(self._accepted)
                if self._accepted.setdefault(contact, leg) != leg:
                    return Say(Prompt.TAKEN, said), HangUp()
                bridge = Bridge(contact, joining=Link(Step.JOINING), after=Link(Step.LEG_DONE, leg=leg))
                return Say(Prompt.ACCEPTED, said), bridge
            case Step.ACCEPT | Step.LEG_DONE:
                return (HangUp(),)
            case _:  # joining, and states nobody waits to be answered to
                return NOTHING

    def _dial(self, attempt: int) -> Answer:
        """Tier after tier, then each person alone: a mailbox that picks up first keeps nobody else from being rung."""
        tiers = self._on_call.remembered(self._clock.now())
        attempts = [*tiers, *((one,) for tier in tiers for one in tier if len(tier) > 1)]
        if attempt >= len(attempts):
            told = [
                Say(prompt, language)
                for language in self._languages
                for prompt in (Prompt.NOBODY_ANSWERED, Prompt.GOODBYE)
            ]
            return *told, HangUp()
        dial = Dial(
            attempts[attempt],
            screen=Link(Step.SCREEN_APART),
            after=Link(Step.DIALLED, attempt + 1),
            seconds=self._ring_seconds,
        )
        apart = tuple(Say(Prompt.APART, language) for language in self._languages) if attempt == 0 else ()
        return *apart, dial


def _bounded(kept: dict[str, int] | dict[str, str]) -> None:
    while len(kept) > _MOST_REMEMBERED:
        del kept[next(iter(kept))]
