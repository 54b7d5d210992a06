"""Mistakes of other people's hotlines (design, hotline.md section 4), one test each: who was dialled, what was heard."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from structlog.types import EventDict

from hotline.simulator.network import Delivery, Post
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from storage.clock import ManualClock
from tests.hotline.exchange import CALLER, NUMBERS, TOKEN, Exchange
from tests.hotline.test_calls_are_counted import counted
from tests.sockets import ORIGIN

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]


def signed(url: str, fields: Mapping[str, str], names: list[str]) -> dict[str, str]:
    """Headers of a report whose fields were put in this order before they were signed."""
    code = hmac.new(TOKEN.encode(), (url + "".join(n + fields[n] for n in names)).encode(), hashlib.sha1).digest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": base64.b64encode(code).decode(),
    }


async def moved_to(clock: ManualClock, at: datetime) -> None:
    clock.advance((at - clock.now()).total_seconds())


async def test_parameters_sorted_by_locale_so_real_calls_got_403(line: Exchange) -> None:
    fields = {"CallSid": "CA" + "7" * 32, "CallStatus": "ringing", "From": "", "_a": "1", "a": "2", "Z": "3", "Ä": "4"}
    url = f"{ORIGIN}/hotline/voice"
    bytewise = sorted(fields, key=str.encode)
    by_locale = sorted(fields, key=str.casefold)
    assert bytewise != by_locale
    body = urlencode(fields).encode()
    assert await line.network._post(url, signed(url, fields, by_locale), body) == (403, "")
    status, answer = await line.network._post(url, signed(url, fields, bytewise), body)
    assert (status, answer[:5]) == (200, "<?xml")
    await line.only()


async def test_accept_token_consumed_by_an_earlier_status_callback(line: Exchange) -> None:
    """Every state is told thrice, at once and while the key is being pressed and afterwards."""
    line.network.delivery = lambda _leg, _status: Delivery((0.0, 1.0, 2.0))
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.until_over()
    assert line.call.dialled == ["aino"]
    assert line.call.connected == ["aino"]


async def test_claim_not_atomic(line: Exchange) -> None:
    """Three press 1 in the same millisecond, and each key is reported twice."""
    line.network.repeats_questions = True
    for name, number in NUMBERS.items():
        await line.on_call(name, answering(name, number, after=4))
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero", "kaisa"]
    [winner] = line.call.connected
    assert [name for name in NUMBERS if line.call.heard("Joku toinen ehti vastata", who=name)] == [
        name for name in NUMBERS if name != winner
    ]


async def test_losing_legs_never_cancelled(line: Exchange) -> None:
    failures = iter([503, 503])
    line.rest.fails = lambda _method, path: next(failures, 0) if "/CA" in path else 0
    await line.on_call("aino", answering("aino", AINO, after=2))
    await line.on_call("eero", ignoring("eero", EERO))
    await line.on_call("kaisa", ignoring("kaisa", KAISA))
    await line.call.dials(CALLER, presses="1", hangs_up_after=60)
    await line.call.after(14)
    assert [one.event for name in ("eero", "kaisa") for one in line.call.ended(name)] == ["cancelled", "cancelled"]
    assert line.call.connected == ["aino"]


async def test_no_press_1_caller_bridged_to_a_personal_voicemail(line: Exchange) -> None:
    """The mailbox picks up at once, before the person beside it does, and keeps nobody from being rung."""
    await line.on_call("aino", voicemail("aino", AINO, after=0.5), tier=1)
    await line.on_call("eero", answering("eero", EERO, after=9), tier=1)
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert line.call.heard("Auttava puhelin. Sinulle on puhelu. Jos otat sen, paina yksi.", who="aino")
    assert not line.call.heard("Soittaja yhdistetään.", who="aino")


async def test_bridged_whether_a_digit_was_pressed_or_not(line: Exchange) -> None:
    for (name, number), key in zip(NUMBERS.items(), ["2", "*", "#"], strict=True):
        await line.on_call(name, Phone(name=name, number=number, answers_after=2, presses=key))
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero", "kaisa"]
    assert line.call.connected == []
    assert line.call.heard("We are sorry, nobody can come to the telephone now.")


async def test_nobody_on_shift_rings_for_45_minutes(line: Exchange) -> None:
    await line.call.dials(CALLER, presses="w")
    await line.call.until_over()
    assert line.call.dialled == []
    assert line.call.heard_at("Juuri nyt kukaan ei päivystä puhelinta.") < 5
    assert line.call.ended("caller")[0].t < 60
    assert line.call.heard("Voit soittaa uudelleen milloin tahansa.")


async def test_nobody_on_shift_and_the_call_is_not_even_counted(line: Exchange) -> None:
    await line.call.dials(CALLER, hangs_up_after=0)
    await line.call.after(0.2)
    assert (await line.only()).contact.state != "ended"  # counted before anybody was looked for
    await line.call.until_over()
    assert await counted(line) == (1, 1)


async def test_overnight_shift_in_utc_loses_the_small_hours(line: Exchange, clock: ManualClock) -> None:
    """22 to 7 in Helsinki is 20 to 5 in UTC: calls on both sides of both midnights, and one after the end."""
    night = datetime(2026, 11, 24, 22, 0), datetime(2026, 11, 25, 7, 0)  # noqa: DTZ001 - the wall clock's
    await line.on_call("aino", answering("aino", AINO), shift=night)
    for number, at in enumerate([(24, 20, 30), (24, 22, 30), (25, 0, 30), (25, 4, 59)], start=1):
        await moved_to(clock, datetime(2026, 11, *at, tzinfo=UTC))
        await line.call.dials(CALLER, presses="1", hangs_up_after=5)
        await line.call.until_over()
        assert line.call.connected == ["aino"] * number
    await moved_to(clock, datetime(2026, 11, 25, 5, 1, tzinfo=UTC))
    await line.call.dials(CALLER, presses="w")
    await line.call.until_over()
    assert line.call.dialled == ["aino"] * 4


async def test_overnight_shift_in_the_night_in_which_the_clocks_go_forward(line: Exchange, clock: ManualClock) -> None:
    night = datetime(2027, 3, 27, 22, 0), datetime(2027, 3, 28, 7, 0)  # noqa: DTZ001 - 3 to 4 o'clock does not exist
    await line.on_call("aino", answering("aino", AINO), shift=night)
    for number, at in enumerate([(0, 59), (1, 1), (3, 59)], start=1):
        await moved_to(clock, datetime(2027, 3, 28, *at, tzinfo=UTC))
        await line.call.dials(CALLER, presses="1", hangs_up_after=5)
        await line.call.until_over()
        assert line.call.connected == ["aino"] * number


async def test_a_caller_who_asked_for_a_woman_was_always_routed_to_a_man(line: Exchange) -> None:
    """Our callers ask for a language. Whoever speaks it is dialled before whoever does not, whatever the tier."""
    await line.on_call("aino", ignoring("aino", AINO), languages="fi", tier=1)
    await line.on_call("kaisa", answering("kaisa", KAISA), languages="fi", tier=2)
    await line.on_call("eero", ignoring("eero", EERO), languages="sv", tier=3)
    await line.call.dials(CALLER, presses="2", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled[:2] == ["aino", "eero"]
    assert line.call.ring_times()["eero"] < 10  # as soon as the language was known
    assert line.call.ring_times()["kaisa"] > 30  # a voice is better than none: at last
    assert line.call.hears()[-1].startswith(("Samtalet", "Du kopplas"))


@pytest.mark.parametrize("number", ["", "anonymous"])
async def test_block_list_that_matches_an_empty_caller_id(line: Exchange, number: str) -> None:
    await line.on_call("aino", answering("aino", AINO))
    for _ in range(2):  # nor does the first call spoil the second
        await line.call.dials(number, presses="1", hangs_up_after=5)
        await line.call.until_over()
    assert line.call.connected == ["aino", "aino"]
    assert await counted(line) == (2, 2)


async def test_callers_number_in_query_strings_sms_to_staff_logs_and_voicemail_mails(
    line: Exchange, told: list[EventDict]
) -> None:
    """Whatever we ask of the provider, answer it, or tell our own log: no number of a caller. Messages nobody sends."""
    await line.on_call("aino", voicemail("aino", AINO))
    await line.call.dials(CALLER, presses="31111", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.heard("Thank you. We will call you.")
    asked = [f"{method} {path} {dict(form)}" for method, path, form in line.rest.asked]
    written = [*asked, *(sent.url for sent in line.network.sent), *(sent.answer for sent in line.network.sent)]
    written += [repr(event) for event in told]
    assert asked
    assert not [one for one in written if "313900601" in one]
    assert all("/Calls" in one for one in asked)  # no message, no mail


async def test_sleeping_inside_a_webhook(line: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer waits for a telephone, for a request of ours, or for time to pass."""
    asked: list[str] = []
    slept: list[float] = []
    send: Post = line.network._post
    sleep = asyncio.sleep

    async def watched(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        at, requests = line.clock.now(), len(line.rest.asked)
        with monkeypatch.context() as patch:
            patch.setattr(asyncio, "sleep", noted)
            given = await send(url, headers, body)
        asked.append(url)
        assert line.clock.now() == at
        assert len(line.rest.asked) == requests
        return given

    async def noted(seconds: float) -> None:
        slept.append(seconds)
        await sleep(seconds)

    line.network._post = watched
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert len(asked) > 8
    assert [seconds for seconds in slept if seconds] == []


async def test_one_bad_number_breaks_the_whole_ring(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), number="12345")  # the provider refuses it
    await line.on_call("eero", Phone(name="eero", number=EERO, exists=False))
    await line.on_call("kaisa", answering("kaisa", KAISA, after=6))
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled == ["eero", "kaisa"]
    assert line.call.connected == ["kaisa"]


async def test_calls_to_people_off_shift(line: Exchange) -> None:
    """One whose shift has just ended, one whose shift is about to begin, one on the chat's roster of nobody: not rung."""
    ended = datetime(2026, 11, 24, 6, 0), datetime(2026, 11, 24, 13, 59)  # noqa: DTZ001 - now is 14:00 in Helsinki
    begins = datetime(2026, 11, 24, 14, 5), datetime(2026, 11, 24, 22, 0)  # noqa: DTZ001
    await line.on_call("aino", answering("aino", AINO), shift=ended)
    await line.on_call("kaisa", answering("kaisa", KAISA), shift=begins)
    await line.on_call("eero", answering("eero", EERO), tier=3)
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    assert line.call.dialled == ["eero"]
