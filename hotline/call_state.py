"""What a call is: its state, its legs, what is told about it and what it is told. Pure values; `hotline.call` moves them."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from hotline.ladder import RING_SECONDS, Candidate
from hotline.verbs import NOTHING, Answer, Step
from storage.ids import ContactId, StaffId


class Stage(StrEnum):
    """Where the caller is."""

    MENU = "menu"
    WAITING = "waiting"
    OFFER = "offer"  # told that nobody is there; asked whether to be called back
    TALKING = "talking"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call; every call has one when it has ended."""

    TALKED = "talked"
    CALL_BACK = "call_back"
    MESSAGE = "message"  # nobody could answer; the caller left a recorded message
    UNSERVED = "unserved"  # told honestly that nobody is there
    TAKEN = "taken"  # an urgent message of the contact form, by whoever pressed 1
    HUNG_UP = "hung_up"  # gone before anything could be said or done


class Message(StrEnum):
    """How far a recorded message has come."""

    ASKED = "asked"  # the caller was asked to speak; the provider records
    LEFT = "left"  # the provider has it, under a name that we know
    SEALED = "sealed"  # it is here, and still to be deleted there
    KEPT = "kept"  # it is here, and nowhere else
    NONE = "none"  # nothing was said
    LOST = "lost"  # the provider never handed it out

    @property
    def awaited(self) -> bool:
        """Whether the provider still has what we do not."""
        return self in {Message.ASKED, Message.LEFT}

    @property
    def there(self) -> bool:
        """Whether something was said, as far as we know."""
        return self in {Message.LEFT, Message.SEALED, Message.KEPT}


class When(StrEnum):
    """When to be called back."""

    SOON = "soon"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class LegState(StrEnum):
    """A phone of a member of staff."""

    WANTED = "wanted"  # to be dialled
    DIALLED = "dialled"  # the provider was asked
    RINGING = "ringing"
    ANSWERED = "answered"  # picked up: by whom is not known before 1 is pressed
    JOINED = "joined"  # in the conference
    OVER = "over"


class LegKind(StrEnum):
    """Why a phone is rung."""

    ANSWER = "answer"  # to answer the call
    LEAD = "lead"  # a colleague asked to join it
    INTERPRETER = "interpreter"  # `Leg.staff` is then the interpreter's id
    BACK = "back"  # whoever calls somebody back
    CALLER = "caller"  # the one who is called back; the number is in the memory of one process only


class Move(StrEnum):
    """Where the caller's leg is to be sent by the provider, away from where it is."""

    ROOM = "room"  # into the conference, or there again to hear who joins
    OVER = "over"  # to be told that the talk is over


class Leg(Struct, frozen=True, kw_only=True):
    """One phone rung for one call. `cancel`: to be hung up; `passed`: hung up for the language, may be rung again."""

    id: str
    staff: StaffId
    rung: int
    state: LegState = LegState.WANTED
    cancel: bool = False
    passed: bool = False
    sequence: int = -1
    kind: LegKind = LegKind.ANSWER

    @property
    def live(self) -> bool:
        return self.state is not LegState.OVER and not self.cancel


class Call(Struct, frozen=True, kw_only=True):
    """A call's state. Times in seconds since 1970. `turn` numbers what the caller was told; `tries`: bad numbers keyed.

    `rung` counts rungs of the ladder, `rung_until` ends the present one; `accepted`: the leg that pressed 1 first.
    `told`: the caller heard that nobody is there. `taken`: a number to call back is kept. `room`: the talk goes on in a
    conference, or will; `move`: asked of the provider and not done yet; `sides`: phones rung for another reason.
    `urgent`: nobody calls; a message of the contact form rings the ladder, and whoever presses 1 takes it.
    `message`: a recorded one, once the caller has asked to leave it.
    """

    contact: ContactId
    language: str
    opened_at: int
    stage: Stage = Stage.MENU
    chosen: bool = False
    turn: int = 0
    rung: int = 0
    rung_until: int = 0
    accepted: str | None = None
    accepted_at: int | None = None
    bridged_at: int | None = None
    parted_at: int | None = None
    worker_left: bool = False
    ended_at: int | None = None
    outcome: Outcome | None = None
    told: bool = False
    asked_back: bool = False
    taken: bool = False
    tries: int = 0
    back_when: When | None = None
    back_named: bool = False
    legs: tuple[Leg, ...] = ()
    urgent: bool = False
    room: bool = False
    move: Move | None = None
    sides: tuple[Leg, ...] = ()
    message: Message | None = None

    def side(self, name: str | None) -> Leg | None:
        """The phone of this name among those rung for another reason than to answer."""
        return next((one for one in self.sides if one.id == name), None)

    def leg(self, name: str | None) -> Leg | None:
        """The leg of this name."""
        return next((one for one in self.legs if one.id == name), None)

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Legs that may still be answered."""
        return tuple(one for one in self.legs if one.live)


class Event(Struct, frozen=True, kw_only=True):
    """What the provider told, without anything personal.

    `digits` are menu keys, never a number; `number` says whether a number that can be dialled came with it; `status` is
    a leg's or the call's state in our words (`_STATUS`), `bridged` what the provider says of a connection that is over;
    `recorded`: there is a recording, and it has a name.
    """

    step: Step
    leg: str | None = None
    digits: str = ""
    number: bool = False
    status: str = ""
    sequence: int = -1
    bridged: bool = False
    recorded: bool = False


class Surroundings(Struct, frozen=True, kw_only=True):
    """What the call is told about the house: languages in menu order, who is on call now, names for new legs.

    `voicemail`: whether callers whom nobody could answer may leave a recorded message.
    """

    languages: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    new_legs: Sequence[str] = ()
    staff_language: str = "fi"
    ring_seconds: int = RING_SECONDS
    voicemail: bool = False


class Turn(Struct, frozen=True):
    """The call afterwards, and what its leg is told.

    `take_number`: the caller's number is to be sealed and kept now; `take_name`: the recording's name at the provider.
    """

    call: Call
    answer: Answer = NOTHING
    take_number: bool = False
    take_name: bool = False
