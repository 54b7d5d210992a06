"""Signing in: passphrase, second factor, session. One answer for everything that is wrong, at one price."""

from dataclasses import dataclass

from contacts.audit import Action, Audit
from contacts.envelopes import Unopenable
from contacts.people import People, Person, Standing, normalised_login
from contacts.second_factor import SecondFactors
from contacts.seeds import Seeds
from contacts.sessions import Sessions
from contacts.throttle import Throttle
from contacts.words import Words
from storage.engine import Store
from storage.ids import StaffId, new_id


class SignInRefused(Exception):
    """Unknown, not active, wrong passphrase, wrong or used code: the same answer."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The cookie of the new session, and whether it took over from an older one."""

    cookie: str
    staff_id: StaffId
    replaced: bool

    def __repr__(self) -> str:
        return "SignedIn(...)"


class SignIn:
    """Checks who is there."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        audit: Audit,
        seeds: Seeds,
        second_factors: SecondFactors,
        sessions: Sessions,
        throttle: Throttle,
    ) -> None:
        self._store = store
        self._people = people
        self._audit = audit
        self._seeds = seeds
        self._second_factors = second_factors
        self._sessions = sessions
        self._throttle = throttle

    async def sign_in(self, *, login: str, passphrase: Words, code: str, bucket: str) -> SignedIn:
        """Exactly one argon2id run, whoever it is.

        `code`: six digits of the second factor, anything where it is switched off. `bucket`: where the attempt comes
        from, an opaque name. Raises `SignInRefused`; `TooMany` and `Overloaded` before any run; `Distrusted`.
        """
        name = normalised_login(login)
        await self._throttle.count(bucket, name)
        async with self._store.read() as conn:
            person = await self._people.by_login(conn, name)
        seed = await self._seed(person, name, passphrase)
        signed_in = None if person is None or seed is None else await self._let_in(person, seed, code)
        if signed_in is None:
            async with self._store.write() as conn:
                await self._audit.append(conn, Action.SIGN_IN_FAILED, subject=person.id if person else None)
            raise SignInRefused
        await self._throttle.forgive(bucket, name)
        return signed_in

    async def _seed(self, person: Person | None, name: str, passphrase: Words) -> bytes | None:
        if person is None or person.state is not Standing.ACTIVE or person.seed is None or person.salt is None:
            staff, (sealed, salt) = StaffId(new_id()), self._seeds.decoy(name)
        else:
            staff, sealed, salt = person.id, person.seed, person.salt
        try:
            return await self._seeds.opened(staff, sealed, passphrase, salt)
        except Unopenable:
            return None

    async def _let_in(self, person: Person, seed: bytes, code: str) -> SignedIn | None:
        async with self._store.write() as conn:
            # The account may have been reset, or may have left, while argon2id ran.
            if (await self._people.everybody(conn, lock=True)).get(person.id) != person:
                return None
            if not await self._second_factors.passed(conn, person.id, seed, code):
                return None
            cookie, replaced = await self._sessions.begin(conn, person, seed)
            await self._audit.append(conn, Action.SIGN_IN_OK, actor=person.id)
        await self._sessions.announce(replaced)
        return SignedIn(cookie, person.id, bool(replaced))
