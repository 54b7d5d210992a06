"""A house in which somebody has agreed to a referral: what every test of sending begins with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pyrage

from config.consents import sender
from config.forwarding import Leaving, leaving
from contacts.forwarding.consent import ConsentId, Given, How, Minor, Question
from contacts.forwarding.payload import Item, Payload, Purpose, Receiver, Scope, canonical
from contacts.forwarding.post import MemoryPost, Post
from contacts.organisations.organisation import Channel, Entry, Organisation
from contacts.organisations.organisation import Scope as Taken
from contacts.organisations.purposes import Purpose as Why
from contacts.organisations.wordings import Wording
from contacts.people import Role
from contacts.session import Session
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from tests.house import Worker, opened_house

ADDRESS = "turva@majakka.example"
TOLD = "Zvitorp haluaa turvaa Tampereella, poika 4 v."
SUMMARY = "Grendlvik on ollut ravintolatyössä Vantaalla."


@dataclass
class Scene:
    """`otso` is the operator whose contact it is. `identity`: the receiver's private age key."""

    worker: Worker
    post: Post
    lead: Session
    otso: Session
    wording: Wording
    organisation: Organisation
    identity: str
    contact: ContactId
    leaving: Leaving = field(init=False)

    def __post_init__(self) -> None:
        self.leaving = self.another(self.post)

    def another(self, post: Post) -> Leaving:
        """The same services as another process has them, with another way to the mail."""
        house = self.worker.house
        return leaving(
            house.resources,
            house.gate,
            house.partners,
            sender=sender(house.facts),
            door=house.recording.door,
            post=post,
        )

    @property
    def store(self) -> Store:
        return self.worker.house.resources.store

    def payload(self, *, shown: str = TOLD, summary: str = SUMMARY) -> Payload:
        return Payload(
            scope=Scope.REFERRAL,
            language="fi",
            sender=sender(self.worker.house.facts),
            receiver=Receiver(id=self.organisation.id, name=self.organisation.name),
            purpose=Purpose(
                wording=self.wording.id, version=self.wording.version, language="fi", text="Saamme lähettää tämän."
            ),
            until=(self.worker.clock.now() + timedelta(days=14)).date().isoformat(),
            items=(Item(field="needs", label="Tarvitsee", shown=shown),),
            summary=summary,
        )

    async def consent(self, *, how: How = How.SPOKEN, days: float = 14) -> ConsentId:
        """Asked, answered with yes, recorded."""
        house = self.worker.house
        opening = await house.recording.door.opening(self.otso, self.contact)
        async with self.store.write() as conn:
            kept = await house.gate.payloads.keep_payload(conn, opening, canonical(self.payload()))
            question = Question(
                contact=self.contact,
                organisation=self.organisation.id,
                scope=Scope.REFERRAL,
                fields=("needs", "summary"),
                digest=kept.digest,
                payload=kept.number,
                wording=self.wording.id,
                wording_version=self.wording.version,
                language="fi",
                how=how,
                minor=Minor.NO,
                until=int((self.worker.clock.now() + timedelta(days=days)).timestamp()),
            )
            ask = await house.gate.consents.ask(conn, question, by=self.otso)
            await house.gate.consents.answered(conn, self.contact, ask=ask, said="yes")
            return await house.gate.consents.record(conn, ask, Given(), by=self.otso)


@asynccontextmanager
async def scene(store: Store, post: Post | None = None) -> AsyncIterator[Scene]:
    """On this store, from now on: the database looks at its own clock as well."""
    clock = ManualClock(datetime.now(UTC))
    identity = pyrage.x25519.Identity.generate()
    async with opened_house(store, clock) as worker:
        lead = await worker.signed_in("kaisa", Role.LEAD)
        otso = await worker.on_duty("otso")
        _, talk = await worker.conversation(otso)
        yield Scene(
            worker=worker,
            post=post if post is not None else MemoryPost(),
            lead=lead,
            otso=otso,
            wording=await _wording(worker, lead),
            organisation=await _organisation(worker, lead, str(identity.to_public())),
            identity=str(identity),
            contact=talk.contact,
        )


async def _wording(worker: Worker, lead: Session) -> Wording:
    wordings, text = worker.house.partners.wordings, "Saammeko lähettää: {organisation}, viimeistään {until}?"
    async with worker.house.resources.store.write() as conn:
        draft = await wordings.draft(conn, Why.REFERRAL, "fi", text, by=None, revision=None)
        return await wordings.approve(conn, Why.REFERRAL, "fi", revision=draft.revision, by=lead.staff_id)


async def _organisation(worker: Worker, lead: Session, recipient: str) -> Organisation:
    """Reached in every way; its key was read aloud."""
    organisations, by = worker.house.partners.organisations, lead.staff_id
    entry = Entry(
        name="Majakka ry",
        takes=frozenset({Taken.REFERRAL, Taken.PROPOSAL}),
        channels=frozenset({Channel.SPOKEN, Channel.DOWNLOAD}),
        email=ADDRESS,
        recipient=recipient,
    )
    async with worker.house.resources.store.write() as conn:
        made = await organisations.add(conn, entry, by=by)
        verified = await organisations.verify(conn, made.id, revision=made.revision, by=by)
        everything = replace(entry, channels=frozenset(Channel))
        return await organisations.change(conn, made.id, everything, revision=verified.revision, by=by)
