import pytest
from starlette.requests import Request
from starlette.types import Message

from chat.form_fields import LARGEST_FORM, BadForm, read_fields

pytestmark = pytest.mark.anyio
FORM = "application/x-www-form-urlencoded"


def posted(*chunks: bytes, kind: str = FORM) -> Request:
    left = list(chunks)

    async def receive() -> Message:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def test_fields_are_read_across_chunks() -> None:
    assert await read_fields(posted(b"id=1&te", b"xt=%C3%A5+b%0D%0A")) == {"id": "1", "text": "å b\r\n"}


async def test_a_charset_beside_the_type_is_allowed() -> None:
    assert await read_fields(posted(b"text=", kind=FORM + ";charset=UTF-8")) == {"text": ""}


@pytest.mark.parametrize(
    "body", [b"a=1&a=2", b"text=%ff%fe", b"text=\xff", b"a=1&" * 20, b"text=" + b"x" * LARGEST_FORM]
)
async def test_a_form_that_is_not_ours_is_refused(body: bytes) -> None:
    with pytest.raises(BadForm):
        await read_fields(posted(body))


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", ""])
async def test_another_type_of_body_is_refused_unread(kind: str) -> None:
    with pytest.raises(BadForm):
        await read_fields(posted(kind=kind))


async def test_the_longest_message_fits() -> None:
    text = "%F0%9F%99%82" * 2000
    assert len((await read_fields(posted(b"text=" + text.encode())))["text"]) == 2000
