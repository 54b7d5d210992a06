"""Recovery: the words on paper, for the day when no lead can sign in any more.

Two steps, both with the words in hand: a lead is enrolled anew without another lead (`reset_lead`), and once enrolled is
given every epoch (`grant`). Then the words are used up and new ones are printed.
"""

from dataclasses import dataclass, replace

from contacts.audit import Action, Audit
from contacts.chance import fresh_key
from contacts.circle import Change, Circle
from contacts.enrolment_codes import EnrolmentCodes
from contacts.envelopes import KeyPair, derived
from contacts.epochs import RECOVERY, Epochs
from contacts.passphrase import WordList
from contacts.people import People, Role, Standing
from contacts.statistics.keys import StatisticsKeys
from contacts.words import Words
from storage.ids import StaffId


class RecoveryRefused(Exception):
    """These are not the words, or this person is not a lead in the state this step needs."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many epochs were given back, and the new words to print: they are shown this once."""

    granted: int
    words: Words


def recovery_pair(seed: bytes) -> KeyPair:
    """The key pair of a recovery seed. Independent of the deployment: paper outlives databases."""
    return KeyPair(derived(seed, salt=b"", bound_to=("ql1/recovery",)))


class Recovery:
    """What the words allow."""

    def __init__(
        self,
        *,
        people: People,
        circle: Circle,
        epochs: Epochs,
        audit: Audit,
        codes: EnrolmentCodes,
        words: WordList,
        statistics: StatisticsKeys,
    ) -> None:
        self._people = people
        self._circle = circle
        self._epochs = epochs
        self._audit = audit
        self._codes = codes
        self._words = words
        self._statistics = statistics

    async def reset_lead(self, words: Words, staff: StaffId) -> Words:
        """A fresh enrolment code for a lead who lost the passphrase. Raises `RecoveryRefused`, `NotRecoveryWords`."""
        async with self._circle.changing() as change:
            await self._proven(change, words)
            person, code = change.everybody.get(staff), self._codes.issued()
            if person is None or person.role is not Role.LEAD or person.state is Standing.LEFT:
                raise RecoveryRefused
            await change.save(
                replace(
                    person,
                    state=Standing.INVITED,
                    exchange_public=None,
                    signing_public=None,
                    salt=None,
                    seed=None,
                    enrolment=code.mac,
                    enrolment_until=code.until,
                )
            )
            await change.sign_out(staff)
            await change.take_keys(staff)
            await change.forget_second_factor(staff)
            await self._audit.append(change.conn, Action.RECOVERY, subject=staff)
        return code.words

    async def grant(self, words: Words, staff: StaffId) -> Recovered:
        """Give an enrolled lead every epoch, and replace the words. Raises `RecoveryRefused`, `NotRecoveryWords`."""
        fresh = fresh_key()
        new = recovery_pair(fresh)
        async with self._circle.changing() as change:
            pair = await self._proven(change, words)
            person = change.everybody.get(staff)
            if person is None or person.role is not Role.LEAD or person.exchange_public is None:
                raise RecoveryRefused
            held = set(await self._epochs.numbers(change.conn, staff))
            opened = [
                (number, await self._epochs.unwrapped(change.conn, RECOVERY, pair, number))
                for number in await self._epochs.numbers(change.conn, RECOVERY)
            ]
            await change.take_keys(StaffId(RECOVERY))
            granted = 0
            for number, private in opened:
                if private is None:
                    continue
                holders = {RECOVERY: new.public}
                if number not in held:
                    holders[staff] = person.exchange_public
                    granted += 1
                await self._epochs.wrap(change.conn, number, private, holders)
            await self._statistics.recovered(change.conn, pair, new.public, staff)
            await change.keep_recovery(new.public)
            await self._audit.append(change.conn, Action.RECOVERY, subject=staff)
        return Recovered(granted, self._words.recovery_words(fresh))

    async def _proven(self, change: Change, words: Words) -> KeyPair:
        pair = recovery_pair(self._words.recovery_seed(words))
        if pair.public != await self._people.recovery_public(change.conn):
            raise RecoveryRefused
        return pair
