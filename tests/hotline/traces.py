"""P1 for every scenario: when it is over, the numbers in it are looked for wherever anything came to rest or went out."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from structlog.types import EventDict

from hotline.simulator.network import Network
from storage.engine import Store
from storage.metadata import metadata
from tests.promises.canaries import betrayed, files_below

_KEYED = re.compile(r"[0-9]{7,}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}\Z")
#: Words in the place of a number that stand in everybody's source.
_WORDS = frozenset({"+266696687", "+7378742833", "+86282452253"})


def written(number: str, country_code: str = "46") -> list[str]:
    """An E.164 number as people and machines write it; `betrayed` adds UTF-16, base64, hexadecimal and more of each."""
    digits = number.lstrip("+")
    national = digits.removeprefix(country_code).lstrip("0")
    pairs = [national[at : at + 2] for at in range(0, len(national), 2)]
    threes = [national[at : at + 3] for at in range(0, len(national), 3)]
    grouped = f"{national[:2]} {national[2:5]} {national[5:7]} {national[7:]}"
    return [
        national,
        *{*map(" ".join, (pairs, threes)), grouped, grouped.replace(" ", "-"), f"{national[:2]}-{national[2:]}"},
    ]


def callers(network: Network) -> set[str]:
    """Numbers that callers called from, and numbers that they keyed."""
    staff = set(network.phones) | {network.number}
    shown = {leg.origin for leg in network.legs.values() if leg.direction == "inbound" and _NUMBER.match(leg.origin)}
    keys = "".join(one.text for one in network.transcript.of("pressed"))
    return {*(shown - _WORDS - staff), *_KEYED.findall(keys)}


async def no_traces(*, network: Network, store: Store, folder: Path, logged: Iterable[EventDict], away: bool) -> None:
    """Fails when a number is found. Staff numbers may stand in answers (`<Number>`), and nowhere else."""
    theirs = [one for number in callers(network) for one in written(number)]
    ours = [one for number in network.phones for one in written(number)]
    resting: list[tuple[str, bytes]] = [(path.name, content) for path, content in files_below(folder)]
    if not away and store.dialect != "sqlite":
        resting += await _rows(store)
    resting.append(("log", " ".join(map(repr, logged)).encode()))
    said = [(sent.url, f"{sent.url} {sent.answer}".encode()) for sent in network.sent]
    _silent(resting, [*theirs, *ours])
    _silent(said, theirs)


def _silent(places: Sequence[tuple[str, bytes]], numbers: Sequence[str]) -> None:
    found = [(name, spelling) for name, content in places for _, spelling in betrayed(content, numbers)]
    assert not found, found


async def _rows(store: Store) -> list[tuple[str, bytes]]:
    found = []
    async with store.read() as conn:
        for table in metadata.sorted_tables:
            for row in await conn.execute(select(table)):
                values = [value if isinstance(value, bytes) else str(value).encode() for value in row]
                found.append((table.name, b" ".join(values)))
    return found
