"""Enrolment: the person types the one-time code, is given a passphrase and a second factor, and proves to have both.

Between the two steps nothing is stored here: the page carries a ticket, sealed under the app key and bound to the code.
"""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from hmac import compare_digest

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.chance import fresh_key, fresh_salt
from contacts.circle import Circle
from contacts.enrolment_codes import EnrolmentCodes
from contacts.envelopes import Unopenable, unwrapped, wrapped
from contacts.framing import Deployment
from contacts.passphrase import WordList, normalised
from contacts.people import People, Person, Standing
from contacts.second_factor import SecondFactors
from contacts.seeds import Seeds
from contacts.staff_keys import StaffKeys
from contacts.throttle import Throttle
from contacts.words import Words
from storage.engine import Store
from storage.ids import StaffId


class Slip(StrEnum):
    """What was not right; the person may try again."""

    CODE = "code"
    """Unknown, used or older than seven days, or the page is too old."""
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slip
    SECOND_FACTOR = "second_factor"


class EnrolmentRefused(Exception):
    """Not enrolled; nothing changed."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.value)
        self.slip = slip


@dataclass(frozen=True, slots=True)
class EnrolmentOffer:
    """What to show: the passphrase to write down, the second factor to scan (None where it is switched off)."""

    login: str
    alias: str
    passphrase: Words
    second_factor: Words | None
    """The secret in base32, to type where scanning does not work."""
    second_factor_address: Words | None
    """The `otpauth:` address, to show as a QR code."""
    ticket: str
    """To be sent back with the form."""


class Enrolment:
    """The two steps."""

    def __init__(
        self,
        *,
        store: Store,
        app_key: AppKey,
        deployment: Deployment,
        people: People,
        circle: Circle,
        audit: Audit,
        codes: EnrolmentCodes,
        seeds: Seeds,
        second_factors: SecondFactors,
        throttle: Throttle,
        words: WordList,
    ) -> None:
        self._store = store
        self._key = app_key.derive("enrolment-ticket")
        self._deployment = deployment
        self._people = people
        self._circle = circle
        self._audit = audit
        self._codes = codes
        self._seeds = seeds
        self._second_factors = second_factors
        self._throttle = throttle
        self._words = words

    async def begin(self, code: Words, *, bucket: str) -> EnrolmentOffer:
        """Whose code it is, and a fresh passphrase. Raises `EnrolmentRefused(CODE)`, `TooMany`, `Distrusted`."""
        person = await self._invited(code, bucket)
        passphrase = self._words.passphrase()
        secret = self._second_factors.new_secret() if self._second_factors.required else None
        content = json.dumps([passphrase.reveal(), secret and secret.reveal()]).encode()
        ticket = wrapped(self._key, content, *self._place(person, code))
        return EnrolmentOffer(
            login=person.login,
            alias=person.alias,
            passphrase=passphrase,
            second_factor=secret,
            second_factor_address=secret and self._second_factors.address(secret, person.login),
            ticket=base64.urlsafe_b64encode(ticket).decode(),
        )

    async def finish(self, code: Words, *, ticket: str, passphrase: Words, second_factor: str, bucket: str) -> StaffId:
        """Make the person's keys, once they have typed the passphrase and a code of the second factor.

        A new epoch begins in the same commit if they are to hold keys. Raises `EnrolmentRefused`, `TooMany`,
        `Overloaded`, `Distrusted`.
        """
        person = await self._invited(code, bucket)
        given, secret = self._offered(person, code, ticket)
        typed = normalised(passphrase.reveal()).encode()
        if not compare_digest(typed, given.encode()):
            raise EnrolmentRefused(Slip.PASSPHRASE)
        step = None if secret is None else self._second_factors.step(secret, second_factor)
        if secret is not None and step is None:
            raise EnrolmentRefused(Slip.SECOND_FACTOR)
        seed, salt = fresh_key(), fresh_salt()
        keys = StaffKeys(staff=person.id, seed=seed, deployment=self._deployment)
        enrolled = replace(
            person,
            state=Standing.ACTIVE,
            exchange_public=keys.exchange_public,
            signing_public=keys.signing_public,
            salt=salt,
            seed=await self._seeds.closed(person.id, seed, passphrase, salt),
            enrolment=None,
            enrolment_until=None,
        )
        async with self._circle.changing() as change:
            if change.everybody.get(person.id) != person:
                raise EnrolmentRefused(Slip.CODE)  # used, or changed, while argon2id ran
            await change.save(enrolled)
            if secret is not None and step is not None:
                await self._second_factors.keep(change.conn, person.id, seed, secret, step)
            await self._audit.append(change.conn, Action.ENROLLED, actor=person.id, detail=person.role)
        return person.id

    async def _invited(self, code: Words, bucket: str) -> Person:
        await self._throttle.count(bucket)
        mac = self._codes.mac(code)
        async with self._store.read() as conn:
            everybody = await self._people.everybody(conn)
        for person in everybody.values():
            if self._codes.good_for(person, mac):
                return person
        raise EnrolmentRefused(Slip.CODE)

    def _offered(self, person: Person, code: Words, ticket: str) -> tuple[str, Words | None]:
        try:
            envelope = base64.b64decode(ticket, altchars=b"-_", validate=True)
            passphrase, secret = json.loads(unwrapped(self._key, envelope, *self._place(person, code)))
        except (binascii.Error, ValueError, Unopenable):
            raise EnrolmentRefused(Slip.CODE) from None
        return passphrase, None if secret is None else Words(secret)

    def _place(self, person: Person, code: Words) -> tuple[str | bytes, ...]:
        return ("ql1/enrolment-ticket", self._deployment, person.id, self._codes.mac(code))
