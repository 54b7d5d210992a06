"""The desk's own files (modules, styles), read once, compressed once, served under an address made of their content.

The address is `/desk/static/<version>/<path in the repository>`: modules import each other by relative paths, on disk and
in the browser alike, and the version of one is the version of all. The few modules that desk and visitor's page share
stay in chat/page/js.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from operator_ui.headers import file_headers

ROOT = Path(__file__).parent.parent
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SHARED = ("back_off", "close_codes", "heartbeat", "message_id")
_WORKER = "operator_ui/static/js/ticker.js"
_LEADS = "operator_ui/static/js/leads/"
_NOT_THE_DESKS = (_LEADS, "operator_ui/static/css/leads.css")
#: Comments that have lines of their own; half of what we write in modules, and nothing to a browser.
_COMMENT_LINES = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    packed: bytes
    media_type: str


class Assets:
    """All files of the desk. Raises OSError when one cannot be read."""

    def __init__(self, *, root: Path = ROOT) -> None:
        own = [path for path in sorted((root / "operator_ui" / "static").rglob("*")) if path.suffix in _TYPES]
        shared = [root / "chat" / "page" / "js" / f"{name}.js" for name in _SHARED]
        self._files = {path.relative_to(root).as_posix(): _read(path) for path in own + shared}
        digest = hashlib.sha256()
        for name, file in self._files.items():
            digest.update(f"{name} {len(file.plain)}\n".encode() + file.plain)
        self.version = digest.hexdigest()[:16]

    @property
    def packed_size(self) -> int:
        """Bytes that travel when the desk fetches everything of its own, compressed."""
        return sum(len(file.packed) for name, file in self._files.items() if not name.startswith(_NOT_THE_DESKS))

    @property
    def modules(self) -> list[str]:
        """Addresses of all modules of the desk, to be fetched at once instead of one after the other."""
        others = (_WORKER, _LEADS)
        return [self.address(name) for name in self._files if name.endswith(".js") and not name.startswith(others)]

    def address(self, name: str) -> str:
        """Where a file is served. KeyError when there is none of this name."""
        if name not in self._files:
            raise KeyError(name)
        return f"/desk/static/{self.version}/{name}"

    def route(self) -> Route:
        """Serves them; any other version or name is simply not there."""
        return Route("/desk/static/{version}/{name:path}", self._serve, methods=["GET"], name="desk-static")

    async def _serve(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None or request.path_params["version"] != self.version:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        headers = file_headers()
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.packed, headers=headers | {"content-encoding": "gzip"}, media_type=file.media_type)
        return Response(file.plain, headers=headers, media_type=file.media_type)


def _read(path: Path) -> _File:
    plain = path.read_bytes()
    if path.suffix == ".js":
        plain = _COMMENT_LINES.sub(b"", plain)
    return _File(plain, gzip.compress(plain, mtime=0), _TYPES[path.suffix])
