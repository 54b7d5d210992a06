"""The one place that builds the house: settings and open resources in, every service out.

`opened` gives a House whose services are ready to be called; nothing runs until `House.tasks` are run.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from chat.assigner import Assigner
from chat.cards import Cards
from chat.colleagues import Colleagues
from chat.desk_door import DeskDoor
from chat.live import Live
from chat.outlook import Outlook
from chat.places import Places
from chat.public_facts import PublicFacts
from chat.sentences import Sentences
from chat.socket import Pulse
from chat.sweeper import Sweeper
from chat.translations import read_translations
from chat.visitor_door import VisitorDoor
from chat.visitor_presence import VisitorPresence
from chat.visitor_status import VisitorStatus
from chat.waits import RECENT, pace_of
from config.aliases import Aliases
from config.consents import gate, sender
from config.counting import counting
from config.forms import forms, took_by_phone
from config.forwarding import leaving
from config.hotline import hotline
from config.house import House
from config.keeping import keeping
from config.office import office
from config.partners import partners
from config.recording import recording
from config.resources import Resources, alarm, resources
from config.reviewing import reviewing
from config.rosters import rosters
from config.settings import Settings
from config.sweeps import Sweeps
from contacts.committer import Also, Committer
from contacts.keyring import Keyring
from contacts.log import Log
from contacts.openings import Openings
from contacts.statistics.composed import ComposedProposals
from contacts.visitor_keys import LIFE_WITHOUT_CONNECTION, VisitorKeys
from duty.drafts import Drafts
from duty.holidays import Holidays
from duty.line import Line
from duty.opening import Duty
from duty.presence import Presence
from duty.schedule import Schedule
from hotline.switchboard import TOPIC as CALLS_TOPIC
from operator_ui.attendance import TOPIC as PRESENCE_TOPIC
from operator_ui.attendance import Attendance
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """The house, for as long as the block lasts. Raises `CannotStart`."""
    async with resources(settings) as held_open:
        yield house(held_open)


def house(res: Resources) -> House:
    """Build every service on open resources."""
    store, clock, bus, settings = res.store, res.clock, res.bus, res.settings
    people = office(res)
    facts = public_facts(settings)
    translations = read_translations(facts.languages)
    sentences = Sentences(translations=translations)
    log = Log(store=store)
    presence, schedule = Presence(clock=clock), Schedule()
    kept = rosters(clock=clock, people=people.people)
    duty = Duty(
        store=store,
        schedule=schedule,
        presence=presence,
        clock=clock,
        loads=log.loads,
        line=partial(_line, log, clock),
        faulty=lambda: store.failing,
        report=_unanswered,
    )
    bus.subscribe(PRESENCE_TOPIC, lambda _: duty.forget())
    bus.subscribe(CALLS_TOPIC, lambda _: duty.forget())  # whoever is on the telephone takes no chat
    live = Live(bus=bus, log=log, clock=clock)
    places = Places(log=log, live=live)
    outlook = Outlook(store=store, clock=clock, log=log, duty=duty, changed=places.tell)
    keyring = Keyring(app_key=res.app_key, deployment=res.deployment, epochs=people.epochs, alarm=alarm)
    visitor_keys = VisitorKeys(app_key=res.app_key, deployment=res.deployment, clock=clock, alarm=alarm)
    counted = counting(res, people, keyring=keyring)
    committer = Committer(
        store=store,
        clock=clock,
        effects={Also.FORGET_VISITOR: visitor_keys.lock},
        listener=live,
        ended=counted.facts.closed,
    )
    openings = Openings(
        store=store, audit=people.audit, clock=clock, alarm=alarm, most_per_hour=settings.openings_per_hour
    )
    aliases = Aliases(store=store, people=people.people, clock=clock)
    alias = aliases.of
    recorded = recording(
        res,
        people,
        log=log,
        keyring=keyring,
        openings=openings,
        facts=counted.recorded,
        given=counted.proposals.given,
    )
    proposing = ComposedProposals(proposals=counted.proposals, codes=recorded.records.codes)
    kept_for = keeping(
        res, people, log=log, keyring=keyring, visitor_keys=visitor_keys, openings=openings, proposing=proposing
    )
    guarded = gate(res, people, keyring=keyring, proposing=proposing)
    asking = Cards(committer=committer, log=log, asks=guarded.consents)
    partnered = partners(res, people)
    out = leaving(res, guarded, partnered, sender=sender(facts), door=recorded.door, proposing=proposing)
    telephone = hotline(
        res,
        people=people,
        keyring=keyring,
        log=log,
        roster=kept.roster,
        ended=counted.facts.closed,
        openings=openings,
        erasure=kept_for.erasure,
        alias=alias,
        took=partial(took_by_phone, committer, bus),
    )
    if telephone is not None:
        kept_for.health.watch("telephone_company", telephone.kept_elsewhere)
    return House(
        resources=res,
        office=people,
        facts=facts,
        translations=translations,
        sentences=sentences,
        duty=duty,
        presence=presence,
        schedule=schedule,
        drafts=Drafts(schedule=schedule, clock=clock),
        holidays=Holidays(schedule=schedule, clock=clock),
        rosters=kept,
        log=log,
        committer=committer,
        live=live,
        places=places,
        outlook=outlook,
        pulse=Pulse(clock=clock),
        visitor_door=VisitorDoor(
            store=store,
            clock=clock,
            log=log,
            committer=committer,
            live=live,
            places=places,
            keyring=keyring,
            visitor_keys=visitor_keys,
            duty=duty,
            sentences=sentences,
            status=VisitorStatus(log=log, places=places, outlook=outlook, sentences=sentences, alias=alias),
            presence=VisitorPresence(
                store=store, clock=clock, log=log, committer=committer, live=live, visitor_keys=visitor_keys
            ),
            cards=asking,
        ),
        cards=asking,
        gate=guarded,
        desk_door=DeskDoor(
            store=store,
            clock=clock,
            log=log,
            committer=committer,
            live=live,
            places=places,
            outlook=outlook,
            colleagues=Colleagues(store=store, clock=clock, presence=presence, alias=alias),
            keyring=keyring,
            openings=openings,
            visitor_keys=visitor_keys,
            capacity=settings.conversations_at_once,
        ),
        hotline=telephone,
        forms=forms(
            res,
            committer=committer,
            log=log,
            keyring=keyring,
            openings=openings,
            presence=presence,
            presence_topic=PRESENCE_TOPIC,
            duty=duty,
            alias=alias,
            proposals=counted.proposals,
        ),
        counting=counted,
        reviewing=reviewing(res, people, counted),
        openings=openings,
        partners=partnered,
        recording=recorded,
        leaving=out,
        aliases=aliases,
        attendance=Attendance(
            store=store,
            presence=presence,
            duty=duty,
            bus=bus,
            sessions=people.sessions,
            capacity=settings.conversations_at_once,
        ),
        assigner=Assigner(
            store=store,
            clock=clock,
            log=log,
            committer=committer,
            presence=presence,
            duty=duty,
            live=live,
            bus=bus,
            presence_topic=PRESENCE_TOPIC,
        ),
        keeping=kept_for,
        sweeps=Sweeps(
            store=store,
            clock=clock,
            bus=bus,
            presence_topic=PRESENCE_TOPIC,
            sweeper=Sweeper(
                store=store,
                clock=clock,
                log=log,
                committer=committer,
                visitor_keys=visitor_keys,
                presence=presence,
                duty=duty,
            ),
            presence=presence,
            epochs=people.epochs,
            sessions=people.sessions,
            erasure=kept_for.erasure,
            roster=kept.roster,
            more=(*kept_for.jobs, *out.jobs(), *(telephone.jobs() if telephone is not None else ())),
            statistics=people.statistics,
            people=people.people,
            mover=counted.mover,
        ),
        stopping=asyncio.Event(),
        written=asyncio.Event(),
    )


def public_facts(settings: Settings) -> PublicFacts:
    """What the public may read."""
    return PublicFacts(
        name=settings.service_name,
        phone_display=settings.telephone.display,
        phone_tel=settings.telephone.e164,
        neutral_url=settings.neutral_url,
        public_url=settings.address,
        languages=settings.ordered_languages,
        secure=settings.secure,
        transcript_days=settings.transcript_days,
        record_months=settings.record_months,
        resume_minutes=LIFE_WITHOUT_CONNECTION // 60,
        feedback=settings.feedback,
    )


async def _line(log: Log, clock: Clock, conn: Connection) -> Line:
    """Those who wait without an offer, and how fast the line has moved of late."""
    waits = await log.waits(conn, epoch_seconds(clock.now()) - RECENT)
    return Line(waiting=await log.count_waiting(conn), pace=pace_of(waits))


def _unanswered(error: BaseException) -> None:
    structlog.get_logger().error("availability_unknown", exc_info=error)
