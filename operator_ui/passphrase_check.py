"""Unlocking a desk: is the person who types the one who is signed in? One argon2id run, throttled like signing in."""

from contacts.envelopes import Unopenable
from contacts.people import People, Standing
from contacts.seeds import Seeds
from contacts.session import Session
from contacts.throttle import Throttle
from contacts.words import Words
from storage.engine import Store


class PassphraseCheck:
    """Checks a passphrase against the account of a live session. The second factor was given when it began."""

    def __init__(self, *, store: Store, people: People, seeds: Seeds, throttle: Throttle) -> None:
        self._store = store
        self._people = people
        self._seeds = seeds
        self._throttle = throttle

    async def confirms(self, session: Session, passphrase: Words, *, bucket: str) -> bool:
        """Raises `TooMany` and `Overloaded` before any run; `Distrusted`."""
        async with self._store.read() as conn:
            person = (await self._people.everybody(conn)).get(session.staff_id)
        if person is None or person.state is not Standing.ACTIVE or person.seed is None or person.salt is None:
            return False
        await self._throttle.count(bucket, person.login)
        try:
            await self._seeds.opened(person.id, person.seed, passphrase, person.salt)
        except Unopenable:
            return False
        await self._throttle.forgive(bucket, person.login)
        return True
