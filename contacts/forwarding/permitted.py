"""Why something may leave at this moment, and the very bytes: for one's own contact, with its opening on record."""

from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Refusal, Refused
from contacts.envelopes import Unopenable
from contacts.forwarding.consent import AskId, Consent, ConsentId, Denial, Denied, EmergencyId
from contacts.forwarding.consents import Consents
from contacts.forwarding.document import Acted, Agreed, Cover, reference_of
from contacts.forwarding.emergencies import Emergencies, Emergency
from contacts.forwarding.payloads import Kept, NoPayload, Payloads
from contacts.forwarding.transmitter import day_of
from contacts.forwarding.veil import refuse_veiled
from contacts.keyring import NoKey
from contacts.openings import Opening
from contacts.staff_keys import Closed
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import OrganisationId, StaffId


class Allowed(Struct, frozen=True, kw_only=True):
    """What may leave, and why. `by`: who recorded that it may."""

    id: str
    by: StaffId
    organisation: OrganisationId
    payload: int
    digest: bytes
    cover: Cover
    consent: ConsentId | None = None
    emergency: EmergencyId | None = None


class Permitted:
    """Finds the consent or the emergency. `zone`: the helpline's, for days."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        consents: Consents,
        emergencies: Emergencies,
        payloads: Payloads,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._consents = consents
        self._emergencies = emergencies
        self._payloads = payloads

    async def allowed(self, opening: Opening, permission: str) -> tuple[Allowed, bytes]:
        """What may leave because of this consent or emergency, and its bytes; the database decides again at each step.

        Raises `Denied`: not_there, not_live; `Refused`: not_yours, cannot_open.
        """
        async with self._store.read() as conn:
            consent = await self._consents.find(conn, ConsentId(permission))
            emergency = None if consent else await self._emergencies.find(conn, EmergencyId(permission))
            allowed = self._by_consent(consent) if consent else self._by_emergency(emergency)
            contact = consent.question.contact if consent else None if emergency is None else emergency.act.contact
            if allowed is None or contact != opening.contact:
                raise Denied(Denial.NOT_THERE)
            await refuse_veiled(conn, opening, allowed.by)
            octets = await self._octets(conn, opening, Kept(allowed.payload, allowed.digest))
        return allowed, octets

    async def asked(self, opening: Opening, ask: AskId) -> tuple[Cover, bytes]:
        """What a question is about, before anybody has said yes: as it would be received if they did today.

        Once there is a consent, its own cover. Raises `Denied`: not_there; `Refused`.
        """
        async with self._store.read() as conn:
            found = await self._consents.find_ask(conn, ask)
            if found is None or found.question.contact != opening.contact:
                raise Denied(Denial.NOT_THERE)
            await refuse_veiled(conn, opening, found.asked_by)
            given = await self._consents.of_contact(conn, opening.contact)
            octets = await self._octets(conn, opening, Kept(found.question.payload, found.question.digest))
        consent = next((one for one in given if one.ask == ask), None)
        if consent is not None:
            return self._cover(consent), octets
        today = day_of(epoch_seconds(self._clock.now()), self._zone)
        agreed = Agreed(giver="self", how=found.question.how.value, on=today)
        return Cover(reference=reference_of(ask), permission=agreed), octets

    def _by_consent(self, consent: Consent) -> Allowed:
        if not consent.live(epoch_seconds(self._clock.now())):
            raise Denied(Denial.NOT_LIVE)
        question = consent.question
        return Allowed(
            id=consent.id,
            by=consent.recorded_by,
            organisation=question.organisation,
            payload=question.payload,
            digest=question.digest,
            cover=self._cover(consent),
            consent=consent.id,
        )

    def _by_emergency(self, emergency: Emergency | None) -> Allowed | None:
        if emergency is None or emergency.act.organisation is None:
            return None
        if emergency.act.payload is None or emergency.act.digest is None:
            return None
        act = emergency.act
        acted = Acted(reason=act.reason.value, basis=act.basis.value, on=day_of(emergency.acted_at, self._zone))
        return Allowed(
            id=emergency.id,
            by=emergency.acted_by,
            organisation=emergency.act.organisation,
            payload=emergency.act.payload,
            digest=emergency.act.digest,
            cover=Cover(reference=reference_of(emergency.id), permission=acted),
            emergency=emergency.id,
        )

    def _cover(self, consent: Consent) -> Cover:
        agreed = Agreed(
            giver=consent.given.giver.value,
            how=consent.question.how.value,
            on=day_of(consent.given_at, self._zone),
        )
        return Cover(reference=reference_of(consent.id), permission=agreed)

    async def _octets(self, conn: AsyncConnection, opening: Opening, kept: Kept) -> bytes:
        try:
            return await self._payloads.payload(conn, opening, kept)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        except NoKey:
            raise Refused(Refusal.CANNOT_OPEN) from None
        except (NoPayload, Unopenable):
            raise Denied(Denial.NOT_THERE) from None
