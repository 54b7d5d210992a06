"""What a telephone leg is told to do, in words of our own: no provider's. Pure values.

An *answer* is a list of verbs that one leg carries out in order. `hotline.twiml` writes it in Twilio's language.
"""

from enum import StrEnum

from msgspec import Struct


class Step(StrEnum):
    """Where a leg reports next: the last part of a webhook's address. What each is for: docs/hotline.md, "Webhooks"."""

    # the caller's leg
    VOICE = "voice"
    LANGUAGE = "language"
    WAIT = "wait"
    WAIT_KEY = "wait-key"
    LEFT = "left"
    JOINING = "joining"
    OFFER = "offer"
    BACK_SAME = "back-same"
    BACK_NUMBER = "back-number"
    BACK_WHEN = "back-when"
    BACK_SAFE = "back-safe"
    MESSAGE_LEFT = "message-left"
    RECORDED = "recorded"
    STATUS = "status"
    ROOM = "room"  # sent into the conference, or there again
    ROOM_OVER = "room-over"  # everybody else has left
    # without a database: the provider itself dials and connects
    DIALLED = "dialled"
    SCREEN_APART = "screen-apart"
    ACCEPT_APART = "accept-apart"
    # a member of staff's leg
    SCREEN = "screen"
    ACCEPT = "accept"
    LEG_DONE = "leg-done"
    LEG_STATUS = "leg-status"


class Prompt(StrEnum):
    """Sentences in hotline/prompts/<language>.txt; each may be replaced by recorded audio."""

    GREETING = "greeting"
    DANGER = "danger"
    MENU = "menu"
    CONNECTING = "connecting"
    WAIT_FIRST = "wait_first"
    WAIT_AGAIN = "wait_again"
    CONNECTED = "connected"
    NOBODY_NOW = "nobody_now"
    NOBODY_ANSWERED = "nobody_answered"
    OFFER_BACK = "offer_back"
    GOODBYE = "goodbye"
    TALK_OVER = "talk_over"
    BACK_SAME = "back_same"
    BACK_NUMBER = "back_number"
    BACK_AGAIN = "back_again"
    BACK_WHEN = "back_when"
    BACK_SAFE = "back_safe"
    BACK_THANKS = "back_thanks"
    OFFER_MESSAGE = "offer_message"
    MESSAGE_HOW = "message_how"
    MESSAGE_THANKS = "message_thanks"
    MESSAGE_NONE = "message_none"
    APART = "apart"
    SCREEN = "screen"
    TAKEN = "taken"
    GONE = "gone"
    ACCEPTED = "accepted"
    JOINS_INTERPRETER = "joins_interpreter"
    JOINS_LEAD = "joins_lead"
    SCREEN_JOIN = "screen_join"
    SCREEN_BACK = "screen_back"
    SCREEN_URGENT = "screen_urgent"
    JOINED = "joined"
    BACK_RINGS = "back_rings"
    URGENT_TAKEN = "urgent_taken"


class Link(Struct, frozen=True):
    """An address of ours: the step, and `turn`, which makes each report of a leg one of its own."""

    step: Step
    turn: int = 0
    leg: str | None = None


class Say(Struct, frozen=True, tag=True):
    """A sentence in a language's own voice, or its recording. `key`: the one it names."""

    prompt: Prompt
    language: str
    key: str = "1"


class Pause(Struct, frozen=True, tag=True):
    """Silence, in seconds."""

    seconds: int


class Gather(Struct, frozen=True, tag=True):
    """Speak, and wait for keys; nothing pressed goes on with the next verb. `most` keys, or fewer and then `#`."""

    to: Link
    says: tuple[Say | Pause, ...]
    seconds: int
    most: int = 1


class Redirect(Struct, frozen=True, tag=True):
    """Ask us again."""

    to: Link


class Enqueue(Struct, frozen=True, tag=True):
    """Wait in a queue of one's own. `wait` is asked what to hear meanwhile, `after` what follows."""

    queue: str
    wait: Link
    after: Link


class Leave(Struct, frozen=True, tag=True):
    """Leave the queue: `Enqueue.after` follows."""


class Bridge(Struct, frozen=True, tag=True):
    """Be connected to whoever waits in this queue; `joining` is asked on the waiting side first."""

    queue: str
    joining: Link
    after: Link


class Dial(Struct, frozen=True, tag=True):
    """Ring these people at once, each screened; the provider connects the one who accepts."""

    staff: tuple[str, ...]
    screen: Link
    after: Link
    seconds: int


class Conference(Struct, frozen=True, tag=True):
    """Talk with more than one: an interpreter, a lead. Who joins is said to the caller (`Step.ROOM`) and heard as a beep."""

    room: str
    after: Link


class Record(Struct, frozen=True, tag=True):
    """Leave a message (off by default). Told to `after` when it is over, to `told` when it can be fetched."""

    after: Link
    told: Link
    most_seconds: int


class HangUp(Struct, frozen=True, tag=True):
    """End this leg."""


Verb = Say | Pause | Gather | Redirect | Enqueue | Leave | Bridge | Dial | Conference | Record | HangUp
Answer = tuple[Verb, ...]
NOTHING: Answer = ()
