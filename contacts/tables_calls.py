"""Calls of the hotline: their state, the phones rung for them, and what was answered to each report of the provider.

No telephone number is here: a caller's is sealed when they asked to be called back (an entry of class `CALLBACK`), those
of staff lie in `staff_numbers`.
"""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Table, text

from storage.columns import choice, ciphertext, coarse_time, counter, key_material, random_id, staff_text
from storage.metadata import metadata

_ZERO = text("0")

calls = Table(
    "calls",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), primary_key=True),
    random_id("provider_call", unique=True),  # the provider's name of the call, until it has deleted it
    choice("stage", nullable=False),
    counter("chosen", nullable=False, server_default=_ZERO),
    counter("turn", nullable=False, server_default=_ZERO),
    counter("rung", nullable=False, server_default=_ZERO),
    coarse_time("rung_until", nullable=False, server_default=_ZERO),
    random_id("accepted"),
    coarse_time("accepted_at"),
    coarse_time("bridged_at"),
    coarse_time("parted_at"),
    counter("worker_left", nullable=False, server_default=_ZERO),
    coarse_time("ended_at"),
    choice("outcome"),
    counter("told", nullable=False, server_default=_ZERO),
    counter("asked_back", nullable=False, server_default=_ZERO),
    counter("taken", nullable=False, server_default=_ZERO),
    counter("tries", nullable=False, server_default=_ZERO),
    choice("back_when"),
    counter("back_named", nullable=False, server_default=_ZERO),
    coarse_time("seen_at", nullable=False),  # when the provider last spoke of it
    counter("waited"),  # rounded seconds until somebody was there, or until the end
    counter("rang"),  # rounded seconds for which phones of staff rang
    counter("talked"),  # rounded seconds
    coarse_time("dealt_at"),  # when somebody took care of a missed call or a call-back request
    random_id("dealt_by"),
    choice("dealt_as"),  # what came of it (hotline.call_desk.OUTCOMES)
    random_id("taken_by"),  # who takes care of it now
    coarse_time("taken_at"),
    counter("room", nullable=False, server_default=_ZERO),  # talks in a conference, because somebody joined
    choice("move"),  # where the caller's leg is to be sent, until the provider has done so
    coarse_time("move_at", nullable=False, server_default=_ZERO),
    choice("forgotten"),  # the provider has confirmed that it deleted the call, or we gave up asking
    choice("message"),  # a recorded message: asked, left, sealed, kept, none, lost (hotline.call_state.Message)
    random_id("recording"),  # the provider's name of it, until it is deleted there
    counter("message_tries", nullable=False, server_default=_ZERO),
    coarse_time("message_at", nullable=False, server_default=_ZERO),  # when it is looked after next
)
Index("ix_calls_stage_rung_until", calls.c.stage, calls.c.rung_until)
Index("ix_calls_message", calls.c.message)

#: What a caller said after the tone, in parts, each padded and sealed like an entry (class `CALLBACK`).
recordings = Table(
    "recordings",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), nullable=False),
    counter("part", nullable=False),
    counter("segment", nullable=False),
    ciphertext("sealed", nullable=False),
    PrimaryKeyConstraint("contact", "part"),
)

call_legs = Table(
    "call_legs",
    metadata,
    random_id("id", primary_key=True),
    random_id("contact", ForeignKey("calls.contact"), nullable=False),
    random_id("staff", nullable=False),
    counter("rung", nullable=False),
    choice("state", nullable=False),
    counter("cancel", nullable=False, server_default=_ZERO),
    counter("passed", nullable=False, server_default=_ZERO),
    counter("sequence", nullable=False, server_default=text("-1")),
    random_id("provider_call", unique=True),
    counter("tries", nullable=False, server_default=_ZERO),  # how often the provider was asked in vain
    coarse_time("try_at", nullable=False, server_default=_ZERO),
    choice("kind", nullable=False, server_default=text("'answer'")),  # hotline.call_state.LegKind
    choice("forgotten"),
)
Index("ix_call_legs_contact", call_legs.c.contact)
Index("ix_call_legs_state_try_at", call_legs.c.state, call_legs.c.try_at)

call_answers = Table(
    "call_answers",
    metadata,
    key_material("name", primary_key=True),  # HMAC of the provider's call, the route and the report's number
    coarse_time("at", nullable=False),
    staff_text("answer", length=8000),  # our own sentences and links; None when it is too old to be given again
)
Index("ix_call_answers_at", call_answers.c.at)

#: Calls of contacts that are gone here, as the provider names them, until it has deleted them too. Nothing says whose.
erased_calls = Table(
    "erased_calls",
    metadata,
    random_id("name", primary_key=True),
    coarse_time("ended_at", nullable=False),
)

interpreters = Table(
    "interpreters",
    metadata,
    random_id("id", primary_key=True),
    staff_text("name", nullable=False, length=80),
    choice("language", nullable=False),
    ciphertext("sealed", nullable=False),  # the number, under the app key: it is dialled with nobody signed in
)
