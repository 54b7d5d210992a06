"""Fields of a posted form, read with a limit: `application/x-www-form-urlencoded` only (HTML, section 4.10.21.8)."""

from urllib.parse import parse_qsl

from starlette.requests import Request

#: 2,000 characters of four bytes, each written as three, and the other field.
LARGEST_FORM = 32 * 1024
MOST_FIELDS = 8


class BadForm(Exception):
    """Not a form of ours; carries no part of it."""


async def read_fields(request: Request, *, largest: int = LARGEST_FORM, most: int = MOST_FIELDS) -> dict[str, str]:
    """Names and values. Raises BadForm when it is too large, of another type, not UTF-8, or repeats a name."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise BadForm
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most)
    except ValueError:
        raise BadForm from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadForm
    return fields
