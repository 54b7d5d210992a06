"""The desk's frames: read strictly, written with every field."""

import json
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.colleagues import Colleague
from chat.desktop import Row
from chat.frames import Ping, Pong
from chat.strict_json import LARGEST_FRAME, BadFrame, written
from operator_ui.desk_frames import (
    Accept,
    Ack,
    Ask,
    CallRow,
    Calls,
    Danger,
    Decline,
    DeskError,
    Emergencies,
    End,
    EntryShown,
    Extend,
    FormRow,
    Forms,
    FromDesk,
    Gone,
    Hello,
    Line,
    Offer,
    OfferGone,
    Open,
    Opened,
    OpenRef,
    PartyRow,
    PresenceSet,
    Say,
    Shown,
    Shut,
    ToDesk,
    Welcome,
    Writing,
    from_desk,
)
from storage.ids import ContactId, StaffId

CONTACT = "0123456789abcdef" * 2
ID = "01234567-89ab-cdef-0123-456789abcdef"

contacts = st.text("0123456789abcdef", min_size=32, max_size=32)
numbers = st.integers(0, 2**31 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
opened = st.lists(st.builds(OpenRef, contact=contacts, after=numbers), max_size=20)
incoming: st.SearchStrategy[FromDesk] = st.one_of(
    st.builds(Hello, open=opened),
    st.builds(PresenceSet, status=st.sampled_from(["available", "break"])),
    st.builds(Accept, contact=contacts),
    st.builds(Decline, contact=contacts),
    st.builds(Open, contact=contacts, after=numbers),
    st.builds(Shut, contact=contacts),
    st.builds(Say, contact=contacts, id=st.uuids().map(str), text=texts),
    st.builds(Writing, contact=contacts),
    st.builds(Shown, contact=contacts, seq=numbers),
    st.builds(Ask, contact=contacts, question=st.sampled_from(["hand_over", "read"]), to=st.none() | contacts),
    st.builds(Danger, contact=contacts, on=st.booleans()),
    st.builds(Extend, contact=contacts),
    st.builds(End, contact=contacts),
    st.just(Ping()),
)


@given(incoming)
def test_every_frame_from_a_desk_is_read_as_it_was_written(frame: FromDesk) -> None:
    assert from_desk.read(written(frame)) == frame


@given(incoming, st.randoms())
def test_keys_may_come_in_any_order(frame: FromDesk, chance: Random) -> None:
    fields = list(json.loads(written(frame)).items())
    chance.shuffle(fields)
    assert from_desk.read(json.dumps(dict(fields))) == frame


@pytest.mark.parametrize(
    "text",
    [
        '{"t":"presence","status":"away"}',
        '{"t":"presence","status":null}',
        '{"t":"accept"}',
        '{"t":"accept","contact":""}',
        f'{{"t":"accept","contact":"{CONTACT.upper()}"}}',
        f'{{"t":"accept","contact":"{CONTACT}0"}}',
        f'{{"t":"accept","contact":"{CONTACT}\\n"}}',
        f'{{"t":"accept","contact":"{CONTACT}","contact":"{CONTACT}"}}',
        f'{{"t":"accept","contact":"{CONTACT}","staff":"anna"}}',
        f'{{"t":"open","contact":"{CONTACT}"}}',
        f'{{"t":"open","contact":"{CONTACT}","after":-1}}',
        f'{{"t":"shown","contact":"{CONTACT}","seq":2147483648}}',
        f'{{"t":"say","contact":"{CONTACT}","id":"{ID}","text":"\\udc00"}}',
        f'{{"t":"note","contact":"{CONTACT}","id":"{ID}","text":"secret"}}',
        '{"t":"hello"}',
        '{"t":"hello","open":{}}',
        f'{{"t":"hello","open":[{{"contact":"{CONTACT}","after":1,"x":2}}]}}',
        f'{{"t":"hello","open":[{{"contact":"{CONTACT}","after":1,"after":1}}]}}',
        f'{{"t":"hello","open":{json.dumps([{"contact": CONTACT, "after": 1}] * 21)}}}',
        '{"t":"hello","after":0,"lang":"fi"}',
        '{"t":"hello","open":' + "[" * 4000 + "]" * 4000 + "}",
        "x" * (LARGEST_FRAME + 1),
    ],
)
def test_what_is_not_a_frame_of_the_desk_is_refused(text: str) -> None:
    with pytest.raises(BadFrame):
        from_desk.read(text)


ROW = Row(ContactId(CONTACT), "K7", "fi", 17, "active", 4, 3, connected=True, turn="yours", danger=True, until=99)
ROW_JSON = {
    "contact": CONTACT,
    "tag": "K7",
    "language": "fi",
    "since": 17,
    "state": "active",
    "seq": 4,
    "shown": 3,
    "connected": True,
    "turn": "yours",
    "danger": True,
    "earlier": False,
    "asked": None,
    "until": 99,
}
OUTGOING: list[tuple[ToDesk, dict[str, object]]] = [
    (
        Welcome("Anna", "operator", "available", 2),
        {"t": "welcome", "alias": "Anna", "role": "operator", "status": "available", "capacity": 2},
    ),
    (
        Line([ROW], [], [Colleague(StaffId("bertil"), "Bertil", ["fi", "sv"])]),
        {
            "t": "line",
            "waiting": [ROW_JSON],
            "mine": [],
            "colleagues": [{"staff": "bertil", "alias": "Bertil", "languages": ["fi", "sv"]}],
        },
    ),
    (Offer(CONTACT, "K7", "fi", 60), {"t": "offer", "contact": CONTACT, "tag": "K7", "language": "fi", "until": 60}),
    (OfferGone(CONTACT, "taken"), {"t": "offer_gone", "contact": CONTACT, "why": "taken"}),
    (
        EntryShown(CONTACT, 2, "message", "visitor", 17, "hei", None, ID),
        {
            "t": "entry",
            "contact": CONTACT,
            "seq": 2,
            "kind": "message",
            "by": "visitor",
            "at": 17,
            "text": "hei",
            "code": None,
            "id": ID,
        },
    ),
    (Ack(CONTACT, ID, 2, 17), {"t": "ack", "contact": CONTACT, "id": ID, "seq": 2, "at": 17}),
    (Opened(CONTACT, "active", 2, 1), {"t": "opened", "contact": CONTACT, "state": "active", "seq": 2, "from": 1}),
    (Gone(CONTACT, "handed_over"), {"t": "gone", "contact": CONTACT, "why": "handed_over"}),
    (
        Calls(
            [
                CallRow(
                    contact=CONTACT,
                    tag="K7",
                    language="fi",
                    since=17,
                    state="talking",
                    danger=False,
                    you=None,
                    at=20,
                    by=None,
                    back=False,
                    when=None,
                    named=False,
                    returning=None,
                    message=None,
                    parties=[PartyRow("lead", "Reko", "joined")],
                )
            ]
        ),
        {
            "t": "calls",
            "rows": [
                {
                    "contact": CONTACT,
                    "tag": "K7",
                    "language": "fi",
                    "since": 17,
                    "state": "talking",
                    "danger": False,
                    "you": None,
                    "at": 20,
                    "by": None,
                    "back": False,
                    "when": None,
                    "named": False,
                    "returning": None,
                    "message": None,
                    "parties": [{"kind": "lead", "name": "Reko", "state": "joined"}],
                }
            ],
        },
    ),
    (
        Forms([FormRow(CONTACT, "K7", "fi", 17, "soon", "mail", "active", None)], 3),
        {
            "t": "forms",
            "rows": [
                {
                    "contact": CONTACT,
                    "tag": "K7",
                    "language": "fi",
                    "since": 17,
                    "urgency": "soon",
                    "answer": "mail",
                    "state": "active",
                    "by": None,
                    "proposal": False,
                }
            ],
            "count": 3,
        },
    ),
    (Emergencies(2), {"t": "emergencies", "count": 2}),
    (DeskError("not_yours"), {"t": "error", "code": "not_yours", "contact": None, "id": None}),
    (Pong(), {"t": "pong"}),
]


@pytest.mark.parametrize(("frame", "expected"), OUTGOING)
def test_a_frame_to_a_desk_has_every_field_also_when_it_is_empty(frame: ToDesk, expected: dict[str, object]) -> None:
    assert json.loads(written(frame)) == expected


def test_every_frame_to_a_desk_is_in_the_table_above() -> None:
    assert {type(frame) for frame, _ in OUTGOING} == set(get_args(ToDesk))
