"""A transmitter that is killed with SIGKILL around the moment of handing over (tests/contacts/forwarding/test_transmitter.py).

    python -m tests.contacts.forwarding.killed_transmitter <database> <port of the mail server> <before|after>

Standard input: `{"app_key": hex, "deployment": text, "clock": seconds since 1970}`. It runs one round; the post kills the
process before it connects (the row is committed as sent, nothing was transmitted), or after the server has taken the letter
(nobody here has noted that).
"""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from contacts.app_key import AppKey
from contacts.audit import Audit
from contacts.forwarding.composing import Composer
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.outbox_layer import OutboxLayer
from contacts.forwarding.payload import Sender
from contacts.forwarding.post import Letter
from contacts.forwarding.service_key import ServiceKey
from contacts.forwarding.smtp_post import MailServer, SmtpPost, Tls
from contacts.forwarding.transmitter import Transmitter
from contacts.forwarding.typesetting import Typesetter
from contacts.forwarding.waiting import Waiting
from contacts.framing import Deployment
from contacts.marks import Mark, MemoryMarks
from contacts.organisations.organisations import Organisations
from storage.clock import ManualClock
from storage.engine import Store


class Deadly:
    """Hands over by SMTP, and dies before or after."""

    def __init__(self, post: SmtpPost, when: str) -> None:
        self._post = post
        self._when = when

    async def hand_over(self, letter: Letter) -> None:
        if self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await self._post.hand_over(letter)
        os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    """One round."""
    url, port, when = sys.argv[1:]
    given = json.loads(sys.stdin.read())
    app_key, deployment = AppKey(bytes.fromhex(given["app_key"])), Deployment(given["deployment"])
    clock, store = ManualClock(datetime.fromtimestamp(given["clock"], UTC)), Store(url=url)
    marks = MemoryMarks()
    marks.accept(Mark())
    audit = Audit(app_key=app_key, deployment=deployment, clock=clock, alarm=print)
    server = MailServer(host="127.0.0.1", port=int(port), tls=Tls.NONE, sender="posti@palvelu.example")
    transmitter = Transmitter(
        store=store,
        clock=clock,
        forwardings=Forwardings(clock=clock, audit=audit),
        organisations=Organisations(
            app_key=app_key, marks=marks, deployment=deployment, clock=clock, alarm=print, audit=audit
        ),
        waiting=Waiting(layer=OutboxLayer(app_key=app_key, deployment=deployment), clock=clock, alarm=print),
        composer=Composer(
            typesetter=Typesetter(),
            service_key=ServiceKey(app_key=app_key, deployment=deployment),
            sender=Sender(name="Saarnilinja", telephone="+46 8 465 004 12"),
            language="fi",
        ),
        post=Deadly(SmtpPost(server=server, clock=clock), when),
        zone=ZoneInfo("Europe/Helsinki"),
    )
    await transmitter.run()


if __name__ == "__main__":
    asyncio.run(main())
