"""Proof at the whole application's edge: whatever is not signed for this address gets an empty 403 and goes nowhere."""

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.datastructures import FormData
from structlog.types import EventDict

from hotline.signature import Signature
from tests.hotline.exchange import TOKEN, Exchange
from tests.sockets import ORIGIN

Fields = Sequence[tuple[str, str]]
#: Stands in every field of a refused request; found nowhere afterwards.
WORD = "KUKKAKIMPPU"
CALL = "CA" + "5" * 32
ARRIVED: Fields = (("CallSid", CALL), ("CallStatus", "ringing"), ("From", f"+46313900601{WORD}"), ("CallerName", WORD))
VOICE = f"{ORIGIN}/hotline/voice"
FORM = "application/x-www-form-urlencoded"


def signed(url: str, fields: Fields, token: str = TOKEN) -> str:
    """As the provider documents it, written anew: names bytewise, values of a repeated name once each, sorted."""
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(values, key=str.encode) for value in sorted(values[name]))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def request(
    url: str, fields: Fields, *, proof: str | None = None, kind: str = FORM, **headers: str
) -> tuple[str, dict[str, str], bytes]:
    """A report as the provider would send it, if nothing else is said."""
    given = {"content-type": kind, "x-twilio-signature": signed(url, fields) if proof is None else proof}
    return (
        url,
        {**given, **{name.replace("_", "-"): value for name, value in headers.items()}},
        urlencode(fields).encode(),
    )


async def sent(line: Exchange, url: str, headers: dict[str, str], body: bytes) -> httpx2.Response:
    """To the whole application, as it is served."""
    transport = httpx2.ASGITransport(app=line.worker.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        given = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        return await http.post(url, headers=given, content=body)


@contextmanager
def everything_logged(events: list[EventDict]) -> Iterator[Callable[[], str]]:
    """All that any logger is told, ours and other libraries'."""
    records: list[logging.LogRecord] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("httpx"):  # the test's own client
                records.append(record)

    handler, root = Listening(level=0), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(0)
    try:
        yield lambda: " ".join([*map(repr, events), *(record.getMessage() for record in records)])
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


LONGER = (*ARRIVED, *((f"Field{number}", WORD) for number in range(120)))
REFUSED = {
    "forged": request(VOICE, ARRIVED, proof="AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    "without a signature": request(VOICE, ARRIVED, proof=""),
    "signature of no form at all": request(VOICE, ARRIVED, proof="\N{LATIN SMALL LETTER E WITH ACUTE}"),
    "another token": request(VOICE, ARRIVED, proof=signed(VOICE, ARRIVED, "another token")),
    "altered": request(VOICE, (*ARRIVED, ("Digits", "1")), proof=signed(VOICE, ARRIVED)),
    "a field left out": request(VOICE, ARRIVED[:3], proof=signed(VOICE, ARRIVED)),
    "a blank field added": request(VOICE, (*ARRIVED, ("Blank", "")), proof=signed(VOICE, (*ARRIVED, ("Blank", "x")))),
    "sent to another route": request(f"{ORIGIN}/hotline/status", ARRIVED, proof=signed(VOICE, ARRIVED)),
    "another query": request(f"{VOICE}?c={'0' * 32}", ARRIVED, proof=signed(VOICE, ARRIVED)),
    "signed for http where https is public": request(
        VOICE, ARRIVED, proof=signed(VOICE.replace("http:", "https:"), ARRIVED)
    ),
    "signed for another host": request(
        VOICE, ARRIVED, proof=signed("https://elsewhere.example/hotline/voice", ARRIVED), host="elsewhere.example"
    ),
    "signed for a forwarded host": request(
        VOICE,
        ARRIVED,
        proof=signed("https://elsewhere.example/hotline/voice", ARRIVED),
        x_forwarded_host="elsewhere.example",
        x_forwarded_proto="https",
        forwarded="host=elsewhere.example;proto=https",
        x_original_url="https://elsewhere.example/hotline/voice",
    ),
    "JSON": request(VOICE, ARRIVED, kind="application/json"),
    "no content type": request(VOICE, ARRIVED, kind=""),
    "a form in parts": request(VOICE, ARRIVED, kind="multipart/form-data; boundary=x"),
    "more fields than anybody sends": request(VOICE, LONGER),
    "a call without a name": request(VOICE, (("CallStatus", WORD),)),
    "a call with a strange name": request(VOICE, (("CallSid", f"{WORD} {WORD}"), ("From", WORD))),
    "an id that is none of ours": request(f"{VOICE}?c={WORD}", ARRIVED),
    "a leg that is none of ours": request(f"{ORIGIN}/hotline/accept?c={'1' * 32}&l={'2' * 32}", ARRIVED),
}


@pytest.mark.parametrize("attack", REFUSED.values(), ids=REFUSED)
async def test_refused_with_an_empty_403_and_nothing_of_it_in_any_log(
    line: Exchange, told: list[EventDict], attack: tuple[str, dict[str, str], bytes]
) -> None:
    told.clear()
    with everything_logged(told) as logged:
        answer = await sent(line, *attack)
        assert (answer.status_code, answer.content) == (403, b"")
        assert WORD not in logged()
        assert "46313900601" not in logged()
    assert await line.kept() == []
    assert line.line.spool.waiting == []


async def test_a_body_longer_than_anybody_sends_is_refused_unread_and_unlogged(
    line: Exchange, told: list[EventDict]
) -> None:
    with everything_logged(told) as logged:
        answer = await sent(line, *request(VOICE, (*ARRIVED, ("SpeechResult", WORD * 7000))))
        assert answer.status_code == 413
        assert WORD.encode() not in answer.content
        assert WORD not in logged()
    assert await line.kept() == []


async def test_what_is_signed_for_this_address_is_served_whatever_host_and_forwarding_say(line: Exchange) -> None:
    report = request(
        VOICE, ARRIVED, host="elsewhere.example", x_forwarded_host="elsewhere.example", x_forwarded_proto="http"
    )
    answer = await sent(line, *report)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert WORD not in answer.text
    assert len(await line.kept()) == 1


async def test_repeated_names_and_blank_values_are_part_of_what_is_signed(line: Exchange) -> None:
    fields = (*ARRIVED, ("Twice", "2"), ("Twice", "1"), ("Twice", "2"), ("Blank", ""), ("CallToken", ""))
    assert (await sent(line, *request(VOICE, fields))).status_code == 200
    without = tuple(pair for pair in fields if pair[1])
    assert (await sent(line, *request(VOICE, fields, proof=signed(VOICE, without)))).status_code == 403
    once = (*ARRIVED, ("Twice", "2"))
    assert (await sent(line, *request(VOICE, fields, proof=signed(VOICE, once)))).status_code == 403


async def test_a_replay_is_the_same_report_for_an_hour_and_refused_after_that(line: Exchange) -> None:
    first = await sent(line, *request(VOICE, ARRIVED))
    again = await sent(line, *request(VOICE, ARRIVED))
    assert (again.status_code, again.content) == (200, first.content)
    assert len(await line.kept()) == 1
    line.clock.advance(3601)
    await line.line.forget()
    late = await sent(line, *request(VOICE, ARRIVED))
    assert (late.status_code, late.content) == (403, b"")
    assert len(await line.kept()) == 1


async def test_both_tokens_prove_while_one_replaces_the_other(line: Exchange) -> None:
    for token in ("the next token", TOKEN):
        proof = Signature(tokens=["the next token", TOKEN], base=ORIGIN)
        assert proof.proves("/hotline/voice", FormData(list(ARRIVED)), signed(VOICE, ARRIVED, token))
