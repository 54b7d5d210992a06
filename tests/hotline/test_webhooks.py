"""The edge: what is proven, what is refused, what is dropped, and how quickly."""

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.datastructures import FormData
from structlog.types import EventDict

from contacts.words import Words
from hotline.call_state import LegState
from hotline.reports import report
from hotline.signature import Signature
from hotline.simulator.fields import signature
from hotline.simulator.network import Sent
from hotline.simulator.phones import answering, ignoring
from hotline.verbs import Step
from tests.hotline.exchange import CALLER, NUMBERS, TOKEN, Exchange
from tests.sockets import ORIGIN

OFFICIAL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
OFFICIAL_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
OFFICIAL_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


async def sent_again(line: Exchange, sent: Sent, **changed: str) -> tuple[int, str]:
    """The same request, with other headers, `url` or `body` if said."""
    headers = {**sent.headers, **{name: value for name, value in changed.items() if name == "x-twilio-signature"}}
    return await line.network._post(
        changed.get("url", sent.url), headers, changed.get("body", "").encode() or sent.body
    )


async def first_report(line: Exchange) -> Sent:
    """A call arrives: the report of it, as it was sent."""
    await line.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER)
    return line.network.sent[0]


# --- signatures ---


def test_the_official_vector_is_proven_and_made() -> None:
    proof = Signature(tokens=["12345"], base="https://mycompany.com")
    assert proof.proves("/myapp.php?foo=1&bar=2", FormData(OFFICIAL), OFFICIAL_SIGNATURE)
    assert signature("12345", OFFICIAL_URL, OFFICIAL) == OFFICIAL_SIGNATURE


def test_two_tokens_are_accepted_while_one_replaces_the_other() -> None:
    proof = Signature(tokens=["the new one", "12345"], base="https://mycompany.com")
    assert proof.proves("/myapp.php?foo=1&bar=2", FormData(OFFICIAL), OFFICIAL_SIGNATURE)
    assert not Signature(tokens=["the new one"], base="https://mycompany.com").proves(
        "/myapp.php?foo=1&bar=2", FormData(OFFICIAL), OFFICIAL_SIGNATURE
    )


@pytest.mark.parametrize("tokens", [[], [""]])
def test_without_a_token_nothing_can_be_proven(tokens: list[str]) -> None:
    with pytest.raises(ValueError, match="token"):
        Signature(tokens=tokens, base="https://mycompany.com")


def test_names_are_sorted_bytewise_and_repeated_and_empty_fields_count() -> None:
    proof = Signature(tokens=[TOKEN], base=ORIGIN)
    fields = {"a": "1", "B": "2", "Äiti": "3", "_x": "4", "empty": ""}
    assert proof.proves("/x", FormData(fields), signature(TOKEN, ORIGIN + "/x", fields))
    repeated = FormData([("d", "2"), ("d", "1"), ("d", "2")])
    assert proof.proves("/x", repeated, signature(TOKEN, ORIGIN + "/xd1", {"d": "2"}))


# --- refusals ---


@pytest.mark.parametrize(
    "change",
    [
        {"x-twilio-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"x-twilio-signature": ""},
        {"url": f"{ORIGIN}/hotline/status"},
        {"url": f"{ORIGIN}/hotline/language?c={'0' * 32}"},
        {"url": f"{ORIGIN}/hotline/voice?x=1"},
        {"body": "altered"},
    ],
)
async def test_forged_altered_and_cross_route_requests_get_an_empty_403_and_change_nothing(
    line: Exchange, told: list[EventDict], change: Mapping[str, str]
) -> None:
    sent = await first_report(line)
    before = await line.kept()
    told.clear()
    if "body" in change:
        change = {"body": urlencode({**dict(parse_qsl(sent.body.decode())), "Digits": "1"})}
    assert await sent_again(line, sent, **change) == (403, "")
    assert await line.kept() == before
    assert told == []


async def test_anything_but_a_form_is_refused(line: Exchange) -> None:
    sent = await first_report(line)
    headers = {**sent.headers, "content-type": "application/json"}
    assert await line.network._post(sent.url, headers, b'{"CallSid": "CA1"}') == (403, "")


async def test_host_and_forwarding_headers_decide_nothing(line: Exchange) -> None:
    sent = await first_report(line)
    fields = dict(parse_qsl(sent.body.decode(), keep_blank_values=True))
    elsewhere = "https://elsewhere.example/hotline/voice"
    headers = {**sent.headers, "host": "elsewhere.example", "x-forwarded-host": "elsewhere.example"}
    headers["x-twilio-signature"] = signature(TOKEN, elsewhere, fields)
    assert await line.network._post(sent.url, headers, sent.body) == (403, "")


async def test_a_repeated_request_gets_the_stored_answer_and_changes_nothing(line: Exchange) -> None:
    sent = await first_report(line)
    before = await line.kept()
    assert await sent_again(line, sent) == (200, sent.answer)
    assert [one.call for one in await line.kept()] == [one.call for one in before]


async def test_many_repetitions_at_once_are_one_report(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER)
    await line.call.after(10)
    sent = next(one for one in line.network.sent if "/voice" in one.url)
    answers = await asyncio.gather(*(sent_again(line, sent) for _ in range(20)))
    assert set(answers) == {(200, sent.answer)}
    assert len(await line.kept()) == 1


async def test_a_request_replayed_long_after_is_refused(line: Exchange) -> None:
    sent = await first_report(line)
    await line.call.hangs_up()
    line.clock.advance(2 * 3600)
    await line.line.forget()
    assert await sent_again(line, sent) == (403, "")
    assert len(await line.kept()) == 1


async def test_a_signed_report_of_another_call_moves_nothing(line: Exchange) -> None:
    """A call of a second account's, signed properly, names our contact."""
    await first_report(line)
    contact = (await line.contact()).id
    url = f"{ORIGIN}/hotline/left?c={contact}&n=1"
    fields = {"CallSid": "CA" + "f" * 32, "QueueResult": "bridged", "CallStatus": "in-progress"}
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signature(TOKEN, url, fields),
    }
    assert await line.network._post(url, headers, urlencode(fields).encode()) == (403, "")


async def test_a_leg_of_one_call_cannot_accept_for_another(line: Exchange) -> None:
    await first_report(line)
    kept = await line.only()
    leg = kept.legs[0].id
    url = f"{ORIGIN}/hotline/accept?c={kept.contact.id}&l={leg}"
    fields = {"CallSid": "CA" + "e" * 32, "Digits": "1", "CallStatus": "in-progress"}
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signature(TOKEN, url, fields),
    }
    assert await line.network._post(url, headers, urlencode(fields).encode()) == (403, "")
    assert (await line.only()).call.accepted is None


# --- what is dropped ---


async def test_a_report_has_about_thirty_fields_and_hardly_any_is_kept(line: Exchange) -> None:
    sent = await first_report(line)
    fields = dict(parse_qsl(sent.body.decode(), keep_blank_values=True))
    assert len(fields) >= 28
    kept = report(Step.VOICE, {}, fields)
    shown = repr(kept)
    assert kept.number is None
    for dropped in (CALLER, CALLER.removeprefix("+"), "KEMI", "CARRIER", fields["CallToken"]):
        assert dropped not in shown


def test_the_number_is_looked_at_only_when_the_caller_said_so() -> None:
    fields = {"CallSid": "CA1", "From": CALLER, "CallStatus": "in-progress", "Digits": "1"}
    takes = {step for step in Step if report(step, {}, {**fields, "ParentCallSid": "CA2"}).number is not None}
    assert takes == {Step.BACK_SAME}
    keyed = report(Step.BACK_NUMBER, {}, {**fields, "Digits": "0313900601"})
    assert (keyed.number, keyed.digits) == (Words("+358313900601"), "")
    assert "313900601" not in repr(keyed)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ({}, {}),
        ({}, {"CallSid": "CA 1"}),
        ({}, {"CallSid": "C" * 65}),
        ({"c": "short"}, {"CallSid": "CA1"}),
        ({"l": "Z" * 32}, {"CallSid": "CA1"}),
    ],
)
def test_what_no_provider_would_send_is_no_report(query: Mapping[str, str], form: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match="no "):
        report(Step.VOICE, query, form)


def test_unknown_states_and_numbers_are_harmless() -> None:
    told = report(Step.LEG_STATUS, {"n": "x"}, {"CallSid": "CA1", "CallStatus": "new", "SequenceNumber": "-3"})
    assert (told.status, told.sequence, told.turn) == (LegState.DIALLED, -1, 0)
    assert report(Step.WAIT_KEY, {}, {"CallSid": "CA1", "Digits": "0" * 30}).digits == ""


# --- quickly, whatever happens ---


async def test_a_slow_database_is_not_waited_for(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    line = line.restarted(patience=0.8)
    await line.line.on_call.refresh()
    line.store.slow = 2.0
    before = time.monotonic()
    await line.call.dials(CALLER)
    assert time.monotonic() - before < 1.9
    assert "<Dial" in line.network.sent[0].answer


async def test_answers_hold_no_number_and_every_address_is_tried_again(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    for sent in line.network.sent:
        assert "+46" not in sent.answer
        assert sent.answer.count("/hotline/") == sent.answer.count("#rc=2&amp;rp=all")


async def test_no_address_and_no_log_line_names_a_number(line: Exchange, told: list[EventDict]) -> None:
    await line.on_call("aino", ignoring("aino", NUMBERS["aino"]), number="+123")
    await line.call.dials(CALLER, presses="111")
    await line.call.until_over()
    assert not any("390" in sent.url for sent in line.network.sent)
    assert not any("46" in str(value) for event in told for value in event.values())


async def test_a_recording_takes_the_place_of_a_sentence(line: Exchange) -> None:
    assert line.line.prompts.recording("fi/greeting.mp3") is None
    status = await line.network._post(f"{ORIGIN}/hotline/audio/fi/greeting.mp3", {}, b"")
    assert status[0] in {404, 405}
