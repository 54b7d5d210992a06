"""Posted forms of the staff's pages: larger than the visitor's, and a name may repeat (a row of check boxes)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from chat.form_fields import BadForm

LARGEST = 48 * 1024
MOST_FIELDS = 1500
_FORM = "application/x-www-form-urlencoded"
_WITH_FILES = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Posted:
    """Names and values in the order sent."""

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """The first value, without spaces around it; empty when there is none."""
        return next((value.strip() for said, value in self.pairs if said == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a name."""
        return [value for said, value in self.pairs if said == name]

    def __contains__(self, name: str) -> bool:
        return any(said == name for said, _ in self.pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


def posted(pairs: Iterable[tuple[str, str]]) -> Posted:
    """From the query of an address, or anything else that has names and values; without those that hold a NUL."""
    return Posted(tuple((name, value) for name, value in pairs if "\0" not in value))


async def read_posted(request: Request) -> Posted:
    """The form of a request; a file is its text. Raises `BadForm`: too large, of another type, not UTF-8, or with a NUL."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip()
    if kind not in {_FORM, _WITH_FILES}:
        raise BadForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise BadForm
    if kind == _WITH_FILES:
        return _whole(_parts(bytes(body), content_type))
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm from None
    return _whole(pairs)


def _whole(pairs: Iterable[tuple[str, str]]) -> Posted:
    """PostgreSQL keeps no NUL, and nobody types one."""
    found = tuple(pairs)
    if any("\0" in name or "\0" in value for name, value in found):
        raise BadForm
    return Posted(found)


def _parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """Names and texts of a form with files (RFC 7578)."""
    found = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    parts = found.get_payload()
    if not isinstance(parts, list) or len(parts) > MOST_FIELDS:
        raise BadForm
    for part in parts:
        if not isinstance(part, Message):
            raise BadForm
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BadForm
        try:
            yield name, content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadForm from None
