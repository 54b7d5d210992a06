"""Response headers of everything a visitor's browser receives.

Sources: Content Security Policy Level 3, Fetch (CORP, COEP), HTML (COOP), Clear-Site-Data, Permissions Policy.
"""

from starlette.requests import HTTPConnection

from chat.public_facts import PublicFacts

# Named one by one: there is no "deny all" in this header. What a chat could be made to misuse, and what tracks.
DENIED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi",
    "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip

COMMON = {
    "cache-control": "no-store",
    # `no-referrer` would make form posts send `Origin: null`.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
    "x-robots-tag": "noindex, nofollow, noarchive",
}

CLEAR_DEVICE = '"cookies", "storage"'


def page_headers(facts: PublicFacts, *, scripts: tuple[str, ...], styles: tuple[str, ...]) -> dict[str, str]:
    """Headers of a whole page. `scripts`, `styles`: hashes as the policy writes them, `sha256-...` without quotes."""
    policy = [
        "default-src 'none'",
        _allowed("script-src", scripts),
        _allowed("style-src", styles),
        # The empty icon, so that the browser does not ask for /favicon.ico.
        "img-src data:",
        f"connect-src 'self' {facts.socket_origin}",
        "frame-src 'self'",
        # The neutral site too: Chromium checks where Leave redirects a form to.
        f"form-action 'self' {' '.join(facts.neutral_origins)}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    return COMMON | {"content-security-policy": "; ".join(policy), "x-frame-options": "DENY"}


def frame_headers(*, styles: tuple[str, ...]) -> dict[str, str]:
    """Headers of the documents inside our own page without JavaScript: the stream and the composer."""
    policy = [
        "default-src 'none'",
        _allowed("style-src", styles),
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
    return COMMON | {
        "content-security-policy": "; ".join(policy),
        "x-frame-options": "SAMEORIGIN",
        # nginx and those that copy it would otherwise hold the stream back.
        "x-accel-buffering": "no",
    }


def data_headers() -> dict[str, str]:
    """Headers of JSON and of answers without a body."""
    return COMMON | {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}


def comes_from_our_page(connection: HTTPConnection, facts: PublicFacts) -> bool:
    """Whether `Origin` is ours, letter by letter. A missing, `null`, foreign or repeated one is not."""
    return connection.headers.getlist("origin") == [facts.origin]


def _allowed(directive: str, hashes: tuple[str, ...]) -> str:
    sources = [f"'{value}'" for value in hashes] or ["'none'"]
    return " ".join([directive, *sources])
