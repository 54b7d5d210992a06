"""The provider's adapter: what each answer of its recordings' interface means to us."""

from typing import Any

import pytest

from hotline.provider import RefusedByProvider, Unreached
from hotline.twilio_rest import MOST_BYTES, TwilioProvider
from hotline.twiml import Links
from tests.hotline.exchange import ACCOUNT, TOKEN

NAME = "RE" + "0" * 32


class Answers:
    """An HTTP client that gives one answer."""

    def __init__(self, answer: tuple[int, bytes] | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, tuple[str, str]]] = []

    async def fetched(self, url: str, auth: tuple[str, str]) -> tuple[int, bytes]:
        self.asked.append((url, auth))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def provider(http: Any) -> TwilioProvider:
    return TwilioProvider(
        account=ACCOUNT,
        token=TOKEN,
        own_number="+46846500412",
        links=Links(base="https://line.example"),
        http=lambda: http,
    )


@pytest.mark.parametrize(("answer", "sound"), [((200, b"sound"), b"sound"), ((404, b""), None)])
async def test_a_recording_is_fetched_as_mp3_by_its_name_with_our_account(
    answer: tuple[int, bytes], sound: bytes | None
) -> None:
    http = Answers(answer)
    assert await provider(http).recording(NAME) == sound
    address = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{NAME}.mp3"
    assert http.asked == [(address, (ACCOUNT, TOKEN))]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((429, b""), Unreached),
        ((503, b""), Unreached),
        (ConnectionResetError(), Unreached),
        (TimeoutError(), Unreached),
        ((401, b""), RefusedByProvider),
        ((200, bytes(MOST_BYTES + 1)), RefusedByProvider),
    ],
)
async def test_what_may_pass_is_asked_again_and_what_will_not_is_refused(
    answer: tuple[int, bytes] | Exception, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await provider(Answers(answer)).recording(NAME)
