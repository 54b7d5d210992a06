"""Response headers of the staff's pages. The common ones are those of the visitor's page (`chat.headers`)."""

from chat.headers import COMMON
from chat.public_facts import PublicFacts


def page_headers(facts: PublicFacts) -> dict[str, str]:
    """Headers of a whole page: our own files only, no inline script or style, one Trusted Types policy.

    The policy `quietline-desk` admits a single address, that of the ticker's worker (static/js/main.js).
    """
    policy = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",  # recorded messages of callers
        f"connect-src 'self' {facts.socket_origin}",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types quietline-desk",
    ]
    return COMMON | {"content-security-policy": "; ".join(policy), "x-frame-options": "DENY"}


def file_headers() -> dict[str, str]:
    """Headers of a file whose address changes with its content: it may be kept for a year."""
    return COMMON | {
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "vary": "accept-encoding",
    }
