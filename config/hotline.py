"""The hotline's services, built; None where no telephone company is configured. The demo has a network of its own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.health import Sign
from config.jobs import Job
from config.office import Office
from config.resources import Resources
from config.settings import Mode, Settings
from contacts.app_key import AppKey, SettingSecrets
from contacts.calls import Calls
from contacts.committer import Ended
from contacts.erasure import Erasure
from contacts.interpreters import Interpreters
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.openings import Openings
from contacts.recordings import Recordings
from duty.roster import Roster
from hotline.apart import Apart
from hotline.call_desk import CallDesk
from hotline.call_list import Alias, CallList
from hotline.dialler import Dialler
from hotline.forgetting import Forgetting
from hotline.intake import Foreign, Manner, Stale
from hotline.mailbox import Mailbox
from hotline.on_call import OnCall
from hotline.prompts import Prompts, read_prompts
from hotline.provider import Provider
from hotline.reports import Report
from hotline.signature import Signature
from hotline.spool import Spool
from hotline.switchboard import Switchboard
from hotline.twilio_rest import API, TwilioProvider
from hotline.twiml import Links, Twiml
from hotline.urgent import Took, UrgentForms
from storage.clock import epoch_seconds
from storage.engine import OUTAGES

#: The provider asks something every few seconds while somebody waits; silent for so long, the call is over.
SILENCE_SECONDS = 180
DUE_SECONDS = 1.0
SPOOL_SECONDS = 5.0
#: How often it is asked whether an urgent message has come.
URGENT_SECONDS = 2.0
#: How often it is asked whether a recorded message is to be fetched.
MAILBOX_SECONDS = 5.0
HOUR = 3600.0
#: A report repeated later than this is refused; its name is known for longer than the provider knows the call.
ANSWERS_KEPT = 3600
NAMES_KEPT = 30 * 24 * 3600
#: Where the demo's telephone network answers what we ask of it.
DEMO_API = "/demo/network"


@dataclass(frozen=True, slots=True)
class Company:
    """The account at the telephone company. `token_before`: the other valid token while it is being rotated."""

    account: str
    token: str
    api: str
    token_before: str = ""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Tokens that sign reports."""
        return tuple(token for token in (self.token, self.token_before) if token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """Everything about calls in one process."""

    company: Company
    calls: Calls
    on_call: OnCall
    switchboard: Switchboard
    dialler: Dialler
    interpreters: Interpreters
    desk: CallDesk
    listed: CallList
    forgetting: Forgetting
    mailbox: Mailbox
    urgent: UrgentForms
    provider: Provider
    apart: Apart
    spool: Spool
    prompts: Prompts
    signature: Signature
    resources: Resources

    async def due(self) -> None:
        """Rungs of the ladder that are over, and calls the provider has forgotten."""
        await self.switchboard.tick(SILENCE_SECONDS)
        await self.switchboard.look_after(self.provider.is_over, SILENCE_SECONDS)

    async def reconcile(self) -> None:
        """Take over what came while the database was away; each report once, and no phone rings for what is past."""

        async def take(report: Report, at: int) -> None:
            try:
                await self.switchboard.reported(report, at=at, ring=False)
            except (Foreign, Stale):
                return

        try:
            await self.spool.take_over(take)
        except OUTAGES:
            return  # still away

    def jobs(self) -> tuple[Job, ...]:
        """Behind the lease: what the telephone company keeps is fetched, if somebody left it for us, and deleted there."""
        return Job("provider", HOUR, self.forgetting.run), Job("mailbox", MAILBOX_SECONDS, self.mailbox.round)

    async def kept_elsewhere(self) -> Sign:
        """Whether the telephone company has confirmed in time what it deleted."""
        return Sign.LATE if await self.forgetting.overdue() else Sign.OK

    async def forget(self) -> None:
        """Answers that are given no more."""
        now = epoch_seconds(self.resources.clock.now())
        async with self.resources.store.write() as conn:
            await self.calls.forget_answers(conn, answers_before=now - ANSWERS_KEPT, names_before=now - NAMES_KEPT)


def company(settings: Settings, app_key: AppKey) -> Company | None:
    """Whom calls come from; in the demo our own network, at whatever this process listens on."""
    token = settings.telephony_token.get_secret_value()
    if settings.telephony_account and token:
        before = settings.telephony_token_before.get_secret_value()
        return Company(settings.telephony_account, token, settings.telephony_api or API, before)
    if settings.mode is not Mode.DEMO:
        return None
    secret = app_key.derive("demo-telephony").hex()
    return Company("AC" + secret[:32], secret[32:], own_address(settings) + DEMO_API)


def own_address(settings: Settings) -> str:
    """Where this machine reaches this process."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", "localhost"} else settings.host  # noqa: S104 - compared
    return f"http://{host}:{settings.port}"


def hotline(
    res: Resources,
    *,
    people: Office,
    keyring: Keyring,
    log: Log,
    roster: Roster,
    ended: Ended,
    openings: Openings,
    erasure: Erasure,
    alias: Alias,
    took: Took,
    http: Callable[[], Any] | None = None,
) -> Hotline | None:
    """Build them. `ended`: who counts; `http`: for a telephone network without sockets."""
    settings, store, clock = res.settings, res.store, res.clock
    carrier = company(settings, res.app_key)
    if carrier is None:
        return None
    prompts = read_prompts(settings.ordered_languages, settings.folder / "prompts")
    links = Links(base=settings.address)
    own_number = settings.telephone.e164
    twiml = Twiml(links=links, prompts=prompts, own_number=own_number)
    calls = Calls(app_key=res.app_key, keyring=keyring, ended=ended)
    on_call = OnCall(store=store, clock=clock, roster=roster, numbers=people.numbers, loads=log.loads, calls=calls)
    spool = Spool(
        folder=settings.folder / "spool", secrets=SettingSecrets(app_key=res.app_key, deployment=res.deployment)
    )
    manner = Manner(
        languages=prompts.languages,
        staff_language=prompts.languages[0],
        ring_seconds=settings.ring_seconds,
        voicemail=settings.voicemail,
    )
    recordings = Recordings(keyring=keyring)
    secrets = SettingSecrets(app_key=res.app_key, deployment=res.deployment)
    interpreters = Interpreters(secrets=secrets, audit=people.audit)
    work = asyncio.Event()  # set when phones are to be rung or hung up
    switchboard = Switchboard(
        store=store,
        clock=clock,
        bus=res.bus,
        calls=calls,
        on_call=on_call,
        twiml=twiml,
        manner=manner,
        changed=work.set,
    )
    provider = TwilioProvider(
        account=carrier.account, token=carrier.token, own_number=own_number, links=links, api=carrier.api, http=http
    )
    dialler = Dialler(
        store=store,
        clock=clock,
        calls=calls,
        on_call=on_call,
        interpreters=interpreters,
        provider=provider,
        failed=switchboard.legs_failed,
        ring_seconds=settings.ring_seconds,
        work=work,
    )
    return Hotline(
        company=carrier,
        calls=calls,
        on_call=on_call,
        switchboard=switchboard,
        dialler=dialler,
        interpreters=interpreters,
        desk=CallDesk(
            store=store,
            clock=clock,
            bus=res.bus,
            log=log,
            calls=calls,
            switchboard=switchboard,
            dialler=dialler,
            on_call=on_call,
            interpreters=interpreters,
            keyring=keyring,
            openings=openings,
            erasure=erasure,
            recordings=recordings,
            changed=work.set,
        ),
        forgetting=Forgetting(store=store, clock=clock, provider=provider),
        mailbox=Mailbox(store=store, clock=clock, bus=res.bus, calls=calls, recordings=recordings, provider=provider),
        urgent=UrgentForms(
            store=store,
            clock=clock,
            calls=calls,
            on_call=on_call,
            manner=manner,
            took=took,
            changed=work.set,
        ),
        listed=CallList(store=store, clock=clock, interpreters=interpreters, alias=alias, bus=res.bus),
        provider=provider,
        apart=Apart(
            clock=clock,
            spool=spool,
            on_call=on_call,
            twiml=twiml,
            languages=manner.languages,
            staff_language=manner.staff_language,
            ring_seconds=settings.ring_seconds,
        ),
        spool=spool,
        prompts=prompts,
        signature=Signature(tokens=carrier.tokens, base=settings.address),
        resources=res,
    )
