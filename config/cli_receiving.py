"""Commands about what organisations receive: `service-key` prints ours for them; `open-referral` opens and checks a file.

`open-referral` needs no deployment: whoever receives may run it on a machine of their own. docs/receiving.md does the same
with the `age` and `openssl` programs.
"""

import asyncio
import base64
from pathlib import Path
from typing import Annotated

import typer

from config.resources import resources
from config.settings import Settings
from config.speaking import ready_settings, say, stop
from contacts.forwarding.age import NotForThisKey, decrypted
from contacts.forwarding.parcel import BadParcel, Parcel, check, unpacked
from contacts.forwarding.service_key import ServiceKey

app = typer.Typer()
_PEM = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
#: SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): these bytes, then the 32 of the key.
_SPKI = bytes.fromhex("302a300506032b6570032100")


@app.command("open-referral")
def open_referral(
    file: Annotated[Path, typer.Argument(help="The .age file.")],
    key: Annotated[Path, typer.Option(help="File with your private key, AGE-SECRET-KEY-1...")],
    service: Annotated[Path, typer.Option(help="File with the service's public key, as you were given it once.")],
    into: Annotated[Path, typer.Option(help="New folder for what is inside.")],
) -> None:
    """Open what was received, check who signed it, and put it into a new folder."""
    parcel = _opened(file, key)
    try:
        check(parcel, _public(service))
    except BadParcel as refused:
        stop(f"Not trusted: {refused}.")
    try:
        into.mkdir(mode=0o700)
    except OSError:
        stop("The folder is there already, or cannot be made.")
    for name, content in parcel.files.items():
        (into / Path(name).name).write_bytes(content)
    manifest = parcel.manifest
    say(
        f"{manifest.kind} {manifest.reference} from {manifest.service} to {manifest.receiver}: both signatures are right."
    )


@app.command("service-key")
def service_key() -> None:
    """Print this service's public key, for those who receive; they compare the fingerprint with you by telephone."""
    key = asyncio.run(_service_key(ready_settings()))
    say(key.pem().strip(), "", f"Fingerprint: {key.fingerprint()}")


async def _service_key(settings: Settings) -> ServiceKey:
    async with resources(settings) as held:
        return ServiceKey(app_key=held.app_key, deployment=held.deployment)


def _opened(file: Path, key: Path) -> Parcel:
    try:
        identity = next(
            line for line in key.read_text(encoding="ascii").splitlines() if line.startswith("AGE-SECRET-KEY-")
        )
        return unpacked(decrypted(identity, file.read_bytes()))
    except (OSError, UnicodeDecodeError, StopIteration):
        stop("The file or the key cannot be read.")
    except NotForThisKey:
        stop("This key does not open it, or the file was changed on its way.")
    except BadParcel as refused:
        stop(f"Not trusted: {refused}.")


def _public(path: Path) -> bytes:
    try:
        octets = base64.b64decode("".join(_within(path.read_text(encoding="ascii"))), validate=True)
    except (OSError, ValueError):
        stop("The service's public key cannot be read.")
    if not octets.startswith(_SPKI) or len(octets) != len(_SPKI) + 32:
        stop("That is not a public key of a service.")
    return octets.removeprefix(_SPKI)


def _within(text: str) -> list[str]:
    """The lines of the key alone: `service-key` prints a fingerprint below it, and people keep what was printed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    begins, ends = _PEM
    if begins in lines and ends in lines:
        return lines[lines.index(begins) + 1 : lines.index(ends)]
    return lines
