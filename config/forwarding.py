"""How what was agreed to leaves: composing, the outbox and the way to the mail, built on the gate."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.consents import Gate
from config.jobs import Job
from config.partners import Partners
from config.resources import Resources, alarm
from config.settings import Mode, Settings
from contacts.forwarding.age import PassphraseLock
from contacts.forwarding.composing import Composer
from contacts.forwarding.document_words import WORDS
from contacts.forwarding.following import Following
from contacts.forwarding.outbox_layer import OutboxLayer
from contacts.forwarding.payload import Sender
from contacts.forwarding.permitted import Permitted
from contacts.forwarding.post import FolderPost, NoPost, Post
from contacts.forwarding.proposing import Proposing
from contacts.forwarding.sending import Sending
from contacts.forwarding.service_key import ServiceKey
from contacts.forwarding.smtp_post import MailServer, SmtpPost
from contacts.forwarding.transmitter import EVERY_SECONDS, Transmitter
from contacts.forwarding.typesetting import Typesetter
from contacts.forwarding.waiting import Waiting
from contacts.passphrase import WordList
from contacts.record_door import RecordDoor
from contacts.words import Words
from storage.clock import Clock

#: Inside DATA_DIR/demo: where the demo puts what would have been mailed.
DEMO_POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """`sending`, `following`: for the desk. `service_key`: by which receivers know us.

    `to_folder`: nothing is really mailed, and pages have to say so.
    """

    service_key: ServiceKey
    sending: Sending
    following: Following
    transmitter: Transmitter
    to_folder: bool

    def jobs(self) -> tuple[Job, ...]:
        """What one process does for all."""
        return (Job("transmit", EVERY_SECONDS, self.transmitter.run),)


def leaving(
    held: Resources,
    gate: Gate,
    partners: Partners,
    *,
    sender: Sender,
    door: RecordDoor,
    post: Post | None = None,
    proposing: Proposing | None = None,
) -> Leaving:
    """Build them. `post`: another way to the mail than the settings say."""
    store, clock, settings = held.store, held.clock, held.settings
    zone = ZoneInfo(settings.zone)
    way = post or post_of(settings, clock)
    service_key = ServiceKey(app_key=held.app_key, deployment=held.deployment)
    composer = Composer(
        typesetter=Typesetter(),
        service_key=service_key,
        sender=sender,
        language=settings.default_language if settings.default_language in WORDS else "en",
    )
    layer = OutboxLayer(app_key=held.app_key, deployment=held.deployment)
    waiting = Waiting(layer=layer, clock=clock, alarm=alarm)
    following = Following(
        store=store,
        door=door,
        forwardings=gate.forwardings,
        payloads=gate.payloads,
        organisations=partners.organisations,
        waiting=waiting,
    )
    sending = Sending(
        store=store,
        door=door,
        permitted=Permitted(
            store=store,
            clock=clock,
            zone=zone,
            consents=gate.consents,
            emergencies=gate.emergencies,
            payloads=gate.payloads,
        ),
        following=following,
        forwardings=gate.forwardings,
        payloads=gate.payloads,
        organisations=partners.organisations,
        composer=composer,
        waiting=waiting,
        lock=PassphraseLock(),
        words=WordList(),
        proposing=proposing,
    )
    transmitter = Transmitter(
        store=store,
        clock=clock,
        forwardings=gate.forwardings,
        organisations=partners.organisations,
        waiting=waiting,
        composer=composer,
        post=way,
        zone=zone,
    )
    return Leaving(
        service_key=service_key,
        sending=sending,
        following=following,
        transmitter=transmitter,
        to_folder=isinstance(way, FolderPost),
    )


def post_of(settings: Settings, clock: Clock) -> Post:
    """The way to the mail that the settings name: a server; in the demo a folder; otherwise none."""
    if settings.smtp_host:
        password = settings.smtp_password.get_secret_value()
        server = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            tls=settings.smtp_tls,
            sender=settings.smtp_sender,
            user=settings.smtp_user,
            password=Words(password) if password else None,
        )
        return SmtpPost(server=server, clock=clock)
    return FolderPost(settings.folder / DEMO_POST) if settings.mode is Mode.DEMO else NoPost()
