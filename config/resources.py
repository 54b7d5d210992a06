"""What a process holds open: app key, store, bus, clock, and the id of this deployment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from config.migrate import known_revisions, newest_revision
from config.schema import metadata, triggers
from config.settings import Settings
from config.stopping import CannotStart, Hindrance
from contacts.app_key import AppKey, AppKeyRefused
from contacts.distrust import Distrusted, Fault
from contacts.framing import Deployment
from contacts.marks import FileMarks, Marks
from contacts.people import deployment_of
from storage.bus import Bus, MemoryBus
from storage.clock import Clock, SystemClock
from storage.engine import Store
from storage.fingerprint import differences, expected
from storage.fingerprint import found as schema_found
from storage.redis_bus import RedisBus
from storage.schema import revision_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Open until the block of `resources` ends."""

    settings: Settings
    clock: Clock
    store: Store
    bus: Bus
    app_key: AppKey
    marks: Marks
    deployment: Deployment


def alarm(fault: Fault) -> None:
    """Somebody wrote into the database around us, or a promise cannot be kept now: the log says so, loudly."""
    structlog.get_logger().critical("alarm", code=fault)


def private_folder(path: Path) -> Path:
    """A folder that only its owner may enter; made when it is not there. Raises `CannotStart`."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise CannotStart(Hindrance.FOLDER, "DATA_DIR cannot be made or is not a folder.") from None
    return path


def make_app_key(settings: Settings) -> None:
    """Make the key file of a new deployment; an existing key is kept."""
    private_folder(settings.folder)
    if not settings.app_key.get_secret_value() and not settings.key_file.exists():
        private_folder(settings.key_file.parent)
        AppKey.make_file(settings.key_file)


def read_app_key(settings: Settings) -> AppKey:
    """From the environment or the file. Raises `CannotStart`."""
    text = settings.app_key.get_secret_value()
    try:
        return AppKey.from_text(text) if text else AppKey.from_file(settings.key_file)
    except AppKeyRefused as refused:
        raise CannotStart(
            Hindrance.APP_KEY, f"{str(refused).capitalize()}. `python -m config.cli setup` makes one for a new service."
        ) from None


#: What a person has to put right when the database is not believed.
DISTRUST = {
    Fault.FORGED: (
        Hindrance.FORGED,
        "This app key does not belong to this database, or somebody altered the database.",
    ),
    Fault.ROLLED_BACK: (
        Hindrance.MARKS,
        "The database is older than what this machine has seen. If you restored a backup: `config.cli marks`.",
    ),
    Fault.MARK_MISSING: (
        Hindrance.MARKS,
        "The file `marks` beside the app key is missing. If you restored a backup: `config.cli marks`.",
    ),
}


@asynccontextmanager
async def resources(settings: Settings, *, altered: bool = False) -> AsyncIterator[Resources]:
    """Open everything; close it when the block ends. Raises `CannotStart`; errors of the store when it is away.

    `altered`: open a database whose guards were altered too, for whoever wants to know what was done to it.
    """
    app_key = read_app_key(settings)
    marks = FileMarks(path=private_folder(settings.marks_file.parent) / settings.marks_file.name, app_key=app_key)
    private_folder(settings.folder)
    store = Store(url=settings.store_url)
    redis_url = settings.redis_url.get_secret_value()
    bus: Bus = RedisBus(url=redis_url, key=app_key.derive("bus")) if redis_url else MemoryBus()
    try:
        await _migrated(store)
        if not altered:
            await _unchanged(store)
        deployment = await _deployment(store, app_key, marks)
        await bus.start()
        yield Resources(
            settings=settings,
            clock=SystemClock(),
            store=store,
            bus=bus,
            app_key=app_key,
            marks=marks,
            deployment=deployment,
        )
    finally:
        await bus.close()
        await store.close()


async def _migrated(store: Store) -> None:
    found = await revision_of(store)
    if found == newest_revision():
        return
    if found is None or found in known_revisions():
        raise CannotStart(
            Hindrance.NOT_MIGRATED, "The database is not up to date: run `python -m config.cli migrate` first."
        )
    raise CannotStart(Hindrance.NEWER_SCHEMA, "The database belongs to a newer version of this program.")


async def _unchanged(store: Store) -> None:
    """Nobody has altered columns or triggers by hand: what guards consents and the audit log is there as it was made."""
    async with store.read() as conn:
        there = await schema_found(conn, metadata)
    changed = differences(expected(metadata, triggers(store.dialect), store.dialect), there)
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise CannotStart(
            Hindrance.SCHEMA_CHANGED,
            f"The database's schema is not the one this version makes ({changed[0]}{more}):"
            " nothing is served until it is put right (docs/decisions/consent-gate.md).",
        )


async def _deployment(store: Store, app_key: AppKey, marks: Marks) -> Deployment:
    try:
        async with store.write() as conn:
            found = await deployment_of(conn, app_key=app_key, marks=marks)
        marks.read()  # asked here, so that a missing file is said at the start and not by every request
    except Distrusted as refused:
        alarm(refused.fault)
        raise CannotStart(*DISTRUST[refused.fault]) from None
    return found
