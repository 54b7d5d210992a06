"""What the public may read about this deployment: name, numbers, addresses."""

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of an absolute http(s) address, as a browser writes it in `Origin` (RFC 6454, section 6.2).

    Raises ValueError when it has no host or another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("an absolute http or https address is needed")
    host = parts.hostname.encode("idna").decode("ascii") if ":" not in parts.hostname else f"[{parts.hostname}]"
    port = parts.port
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """The facts every visitor's page shows or obeys.

    `name`: of the service. `phone_display`: the telephone number as people read it. `phone_tel`: the same for a
    `tel:` link (RFC 3966: `+358...`). `neutral_url`: where Leave goes. `public_url`: our own address, origin only.
    `languages`: in the order shown; the first is the default. `secure`: served over https.
    `transcript_days`, `record_months`, `resume_minutes`: how long things are kept, for the confidentiality page.
    `feedback`: where to report an obstacle; empty means the telephone.

    Raises ValueError when a fact is missing, or when Leave would lead back to us.
    """

    name: str
    phone_display: str
    phone_tel: str
    neutral_url: str
    public_url: str
    languages: tuple[str, ...]
    secure: bool
    emergency: str = "112"
    transcript_days: int = 30
    record_months: int = 12
    resume_minutes: int = 10
    feedback: str = ""

    def __post_init__(self) -> None:
        for fact in ("name", "phone_display", "phone_tel", "emergency", "languages"):
            if not getattr(self, fact):
                raise ValueError(f"the visitor's page needs {fact}")
        ours, neutral = urlsplit(self.public_url).hostname, urlsplit(self.neutral_url).hostname
        origin_of(self.public_url)
        origin_of(self.neutral_url)
        if ours == neutral:
            raise ValueError("neutral_url must not be on our own host: Leave would lead back to us")

    @property
    def origin(self) -> str:
        """Our own origin, compared with the `Origin` header letter by letter."""
        return origin_of(self.public_url)

    @property
    def socket_origin(self) -> str:
        """The same for a WebSocket, named in the content security policy for browsers whose 'self' excludes it."""
        return "ws" + self.origin.removeprefix("http")

    @property
    def neutral_origins(self) -> tuple[str, ...]:
        """Where a form may be redirected by Leave: Chromium checks `form-action` again after a redirect.

        With and without `www.`, because that is the one redirect such sites commonly make.
        """
        origin = origin_of(self.neutral_url)
        scheme, host = origin.split("://")
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        return origin, f"{scheme}://{other}"
