"""Posted forms of the staff's pages: larger than the visitor's, and a name may repeat (a row of check boxes)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from chat.form_fields import BadForm

LARGEST = 48 * 1024
MOST_FIELDS = 1500
_FORM = "application/x-www-form-urlencoded"


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
    """From the query of an address, or anything else that has names and values."""
    return Posted(tuple(pairs))


async def read_posted(request: Request) -> Posted:
    """The form of a request. Raises `BadForm` when it is too large, of another type or not UTF-8."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise BadForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise BadForm
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm from None
    return Posted(tuple(pairs))
