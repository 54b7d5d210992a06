"""Callers who hang up at every step, withhold their number, ask to be called back in every way, or are staff themselves."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from chat import conversation
from contacts.begin import begin
from contacts.calls import Kept
from contacts.contact import Klass, State
from hotline.simulator.network import NEVER
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from storage.clock import ManualClock, epoch_seconds
from storage.ids import ContactId, new_id
from tests.hotline.exchange import CALLER, NUMBERS, Exchange
from tests.hotline.test_calls_are_counted import counted

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]
WITHHELD = [
    "+266696687",
    "anonymous",
    "Restricted",
    "",
    "sip:someone@example.org",
    "client:web",
    "unknown",
    "+86282452253",
]
FOREIGN = ["+3725550100", "+12025550143", "+447700900123", "+4915550100200"]
GONE = "Soittaja ei enää odota. Kiitos."


async def chats(line: Exchange, name: str) -> None:
    """This operator has a conversation under way."""
    now = epoch_seconds(line.clock.now())
    begun = conversation.begun(contact=ContactId(new_id()), language="fi", tag="A3", now=now)
    async with line.store.write() as conn:
        await begin(conn, replace(begun, state=State.ACTIVE, operator=line.staff[name], accepted_at=now))


async def called_back(line: Exchange, presses: str, *, number: str = CALLER) -> Kept:
    """Somebody calls while nobody is on call, and answers the questions with these keys."""
    await line.call.dials(number, presses=presses)
    await line.call.until_over()
    return await line.only()


# --- hanging up ---


@pytest.mark.parametrize(
    ("heard", "presses", "outcome"),
    [
        ("Hei, hyvä että soitit.", "", "hung_up"),
        ("Jos olet vaarassa", "", "hung_up"),
        ("For English, press 3.", "", "hung_up"),
        ("We are now ringing the person on duty", "3", "hung_up"),
        ("One moment, the telephone", "3", "hung_up"),
        ("We are still looking", "3", "hung_up"),
        ("Shall we call the number", "31", "hung_up"),
        ("Key in the number", "312", "hung_up"),
        ("When may we call?", "311", "call_back"),
        ("May we say who is calling", "3112", "call_back"),
        ("Thank you. We will call you.", "31121", "call_back"),
    ],
)
async def test_who_hangs_up_at_this_step_is_counted_once_and_no_phone_rings_on(
    line: Exchange, heard: str, presses: str, outcome: str
) -> None:
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", ignoring("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses=presses)
    while not line.call.heard(heard):
        await line.call.after(1)
        assert line.network.timing.now() < 60
    await line.call.hangs_up()
    await line.call.after(2)
    assert (await line.only()).call.outcome == outcome
    assert not [leg.who for leg in line.network.legs.values() if not leg.over]
    assert line.call.connected == []
    assert await counted(line) == (1, 1)


async def test_who_hangs_up_while_a_phone_is_being_picked_up_costs_its_owner_one_sentence(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=6))
    await line.call.dials(CALLER, presses="1")
    await line.call.after(6.5)  # picked up, 1 not pressed yet
    await line.call.hangs_up()
    await line.call.until_over()
    assert line.call.connected == []
    assert (await line.only()).call.outcome == "hung_up"
    assert len(line.call.ended("aino")) == 1


async def test_who_hangs_up_just_after_somebody_accepted_leaves_them_told_and_free(line: Exchange) -> None:
    line.rest.fails = lambda _method, path: 503 if "/CA" in path else 0
    await line.on_call("aino", answering("aino", AINO, after=1))
    await line.call.dials(CALLER)  # still in the menu when aino presses 1
    await line.call.after(4)
    assert line.call.heard("Soittaja yhdistetään.", who="aino")
    await line.call.hangs_up()
    await line.call.until_over()
    assert line.call.heard(GONE, who="aino")
    assert (await line.only()).call.outcome == "hung_up"
    line.rest.fails = lambda _method, _path: 0
    await line.call.dials("+46313900602", presses="1", who="next", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_who_hangs_up_unheard_is_not_kept_ringing_for_ever(line: Exchange) -> None:
    line.network.delivery = lambda _leg, _status: NEVER
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", ignoring("eero", EERO), tier=2)
    await line.call.dials(CALLER)
    await line.call.after(1)
    await line.call.hangs_up()
    await line.call.after(240)
    assert (await line.only()).call.outcome == "hung_up"
    assert line.call.dialled.count("aino") == 1


# --- withheld, foreign ---


@pytest.mark.parametrize("number", [*WITHHELD, *FOREIGN])
async def test_whatever_number_is_shown_nobody_on_call_is_told_as_honestly(line: Exchange, number: str) -> None:
    await line.call.dials(number, presses="w")
    await line.call.until_over()
    assert line.call.heard_at("Juuri nyt kukaan ei päivystä puhelinta.") < 5
    assert line.call.heard("If you would like to be called back in English, press 3.")
    assert (await line.only()).call.outcome == "unserved"


@pytest.mark.parametrize("number", WITHHELD)
async def test_who_withholds_the_number_is_never_asked_about_it(line: Exchange, number: str) -> None:
    kept = await called_back(line, "30313900601#12", number=number)
    assert not line.call.heard("the number you are calling from")
    assert line.call.heard("Key in the number that we may call")
    assert (kept.call.outcome, kept.call.taken, kept.call.back_when, kept.call.back_named) == (
        "call_back",
        1,
        "soon",
        0,
    )


# --- to be called back ---


@pytest.mark.parametrize(
    ("presses", "when", "named"),
    [
        ("3111", "soon", 0),
        ("31111", "soon", 1),
        ("31112", "soon", 0),
        ("31121", "morning", 1),
        ("31132", "afternoon", 0),
        ("31141", "evening", 1),
        ("3119", "soon", 0),
        ("311w1", "soon", 1),
    ],
)
async def test_every_choice_of_when_and_whether_we_may_say_who_we_are(
    line: Exchange, presses: str, when: str, named: int
) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    await line.call.dials(CALLER, presses=presses)
    await line.call.until_over()
    kept = await line.only()
    assert line.call.heard("Thank you. We will call you.")
    assert (kept.call.outcome, kept.call.back_when, kept.call.back_named) == ("call_back", when, named)
    assert len(await line.worker.house.log.entries_after(kept.contact.id, Klass.CALLBACK, 0)) == 1


@pytest.mark.parametrize(("presses", "language"), [("1111", "fi"), ("2111", "sv"), ("3111", "en")])
async def test_nobody_on_call_and_the_key_of_a_language_asks_to_be_called_back_in_it(
    line: Exchange, presses: str, language: str
) -> None:
    kept = await called_back(line, presses)
    thanks = {"fi": "Soitamme sinulle.", "sv": "Vi ringer upp dig.", "en": "We will call you."}
    assert line.call.heard(thanks[language])
    assert (kept.contact.language, kept.call.outcome) == (language, "call_back")


async def test_another_number_than_this_one_can_be_keyed(line: Exchange) -> None:
    kept = await called_back(line, "320313900609#12")
    assert line.call.heard("Key in the number that we may call")
    assert (kept.call.outcome, kept.call.taken) == ("call_back", 1)


async def test_a_number_that_is_not_understood_is_asked_for_again(line: Exchange) -> None:
    kept = await called_back(line, "3212#0313900609#12")
    assert line.call.heard("The number could not be understood.")
    assert (kept.call.outcome, kept.call.taken) == ("call_back", 1)


async def test_a_number_that_is_never_understood_ends_in_a_true_sentence_not_in_a_loop(line: Exchange) -> None:
    kept = await called_back(line, "3212#34#56#78#")
    assert line.call.heard("You can call again at any time.")
    assert (kept.call.outcome, kept.call.taken) == ("unserved", 0)
    assert line.call.ended("caller")[0].t < 120


async def test_who_says_nothing_to_the_offer_is_told_that_they_can_call_again(line: Exchange) -> None:
    kept = await called_back(line, "w")
    assert line.call.heard("Voit soittaa uudelleen milloin tahansa.")
    assert kept.call.outcome == "unserved"


async def test_a_key_that_means_nothing_to_the_offer_is_no_consent(line: Exchange) -> None:
    kept = await called_back(line, "9")
    assert kept.call.taken == 0
    assert await line.worker.house.log.entries_after(kept.contact.id, Klass.CALLBACK, 0) == []


async def test_asking_to_be_called_back_stops_the_ringing(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses="31111")
    await line.call.until_over()
    assert line.call.dialled == ["aino"]
    assert [one.event for one in line.call.ended("aino")] == ["cancelled"]
    assert (await line.only()).call.outcome == "call_back"


# --- whom to ring ---


async def test_operators_in_a_chat_are_rung_last(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO), tier=1)
    await line.on_call("eero", ignoring("eero", EERO), tier=2)
    await line.on_call("kaisa", ignoring("kaisa", KAISA), tier=3)
    await chats(line, "aino")
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled == ["eero", "kaisa", "aino"]
    assert line.call.connected == ["aino"]


async def test_when_everybody_is_in_a_chat_they_are_rung_all_the_same(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await chats(line, "aino")
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_an_operator_whose_shift_ends_while_their_phone_rings_may_still_answer(
    line: Exchange, clock: ManualClock
) -> None:
    ends = datetime(2026, 11, 24, 7, 0), datetime(2026, 11, 24, 14, 1)  # noqa: DTZ001 - the wall clock's, in Helsinki
    await line.on_call("aino", answering("aino", AINO, after=20), shift=ends)
    clock.advance(50)
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_whose_shift_begins_while_a_caller_waits_is_rung_with_the_next_rung(
    line: Exchange, clock: ManualClock
) -> None:
    begins = datetime(2026, 11, 24, 14, 1), datetime(2026, 11, 24, 22, 0)  # noqa: DTZ001
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2, shift=begins)
    clock.advance(50)
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.connected == ["eero"]


async def test_somebody_on_call_who_calls_themselves_reaches_a_colleague(line: Exchange) -> None:
    """Their own telephone is engaged: by this very call."""
    await line.on_call("aino", Phone(name="aino", number=AINO, busy=True), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    await line.call.dials(AINO, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert line.call.ring_times()["eero"] < 3


async def test_somebody_on_call_alone_who_calls_themselves_is_told_the_truth(line: Exchange) -> None:
    await line.on_call("aino", Phone(name="aino", number=AINO, busy=True))
    await line.call.dials(AINO, presses="3")
    await line.call.until_over()
    assert line.call.dialled == ["aino"]
    assert line.call.heard("We are sorry, nobody can come to the telephone now.")


async def test_mailboxes_on_every_telephone_get_nobody_and_the_caller_hears_the_truth(line: Exchange) -> None:
    for tier, (name, number) in enumerate(NUMBERS.items(), start=1):
        await line.on_call(name, voicemail(name, number, after=tier), tier=tier)
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero", "kaisa"]
    assert line.call.connected == []
    assert line.call.heard_at("We are sorry, nobody can come to the telephone now.") < 70
    assert all(told.t < 75 for name in NUMBERS for told in line.call.ended(name))  # no mailbox records for minutes
