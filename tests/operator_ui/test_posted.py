import pytest
from starlette.requests import Request
from starlette.types import Message

from chat.form_fields import BadForm
from operator_ui.posted import LARGEST, MOST_FIELDS, Posted, read_posted

pytestmark = pytest.mark.anyio
BOUNDARY = "multipart/form-data; boundary=edge"
PLAIN = "application/x-www-form-urlencoded"


def part(name: str, content: str, more: str = "") -> str:
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


async def read(body: bytes, content_type: str) -> Posted:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode("latin-1"))]}
    return await read_posted(Request(scope, receive))


async def test_a_form_with_a_file_is_read_as_text() -> None:
    body = part("do", "take") + part("file", '\ufeff{"ä": 1}\r\n', '; filename="a.json"') + "--edge--\r\n"
    found = await read(body.encode(), BOUNDARY)
    assert (found.one("do"), found.one("file")) == ("take", '{"ä": 1}')


async def test_an_ordinary_form_is_read_as_before() -> None:
    assert list(await read(b"a=1&a=2&b=", PLAIN)) == [("a", "1"), ("a", "2"), ("b", "")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/plain"),
        (b"a=\xff", PLAIN),
        (b"x" * (LARGEST + 1), PLAIN),
        (b"a", "multipart/form-data"),
        (b"no parts", BOUNDARY),
        (b"--edge\r\n\r\nnameless\r\n--edge--\r\n", BOUNDARY),
        (b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--edge--\r\n', BOUNDARY),
        ((part("a", "") * (MOST_FIELDS + 1)).encode()[:LARGEST], BOUNDARY),
        (
            (
                b'--edge\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n'
                b"--in\r\n\r\nx\r\n--in--\r\n--edge--\r\n"
            ),
            BOUNDARY,
        ),
    ],
)
async def test_anything_else_is_no_form(body: bytes, content_type: str) -> None:
    with pytest.raises(BadForm):
        await read(body, content_type)
