import pytest
from starlette.requests import Request

from chat.headers import comes_from_our_page, data_headers, frame_headers, page_headers
from tests.chat.visitor_site import ORIGIN, facts


def policy(headers: dict[str, str]) -> dict[str, str]:
    parts = (part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def test_a_page_allows_its_own_script_and_style_and_nothing_else() -> None:
    found = policy(page_headers(facts(), scripts=("sha256-a",), styles=("sha256-b",)))
    assert found == {
        "default-src": "'none'",
        "script-src": "'sha256-a'",
        "style-src": "'sha256-b'",
        "img-src": "data:",
        "connect-src": "'self' wss://help.example",
        "frame-src": "'self'",
        "form-action": "'self' https://www.weather.example https://weather.example",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_the_frames_run_no_script_and_stand_in_our_own_page_only() -> None:
    headers = frame_headers(styles=("sha256-b",))
    found = policy(headers)
    assert "script-src" not in found
    assert found["frame-ancestors"] == "'self'"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    "headers", [page_headers(facts(), scripts=(), styles=()), frame_headers(styles=()), data_headers()]
)
def test_nothing_is_stored_framed_found_or_referred_to_by_others(headers: dict[str, str]) -> None:
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "noindex" in headers["x-robots-tag"]
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("origins", "ours"),
    [
        ([ORIGIN], True),
        ([], False),
        (["null"], False),
        (["https://help.example.evil.example"], False),
        (["http://help.example"], False),
        (["https://HELP.example"], False),
        (["https://help.example:443"], False),
        ([ORIGIN, ORIGIN], False),
    ],
)
def test_only_our_own_origin_letter_by_letter_is_ours(origins: list[str], ours: bool) -> None:
    scope = {"type": "http", "headers": [(b"origin", origin.encode()) for origin in origins]}
    assert comes_from_our_page(Request(scope), facts()) is ours
