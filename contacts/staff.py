"""Staff accounts: set-up, inviting, leaving, changing role, enrolling anew, granting older keys.

Only a lead's session invites, resets, promotes and grants; taking access away (`leave`) needs none, so that an
administrator can do it at the console. Whatever changes the circle of key holders makes a new epoch in one commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contacts.audit import Action, Audit
from contacts.chance import fresh_key
from contacts.circle import Change, Circle
from contacts.enrolment_codes import EnrolmentCodes, IssuedCode
from contacts.epochs import Epochs
from contacts.passphrase import WordList
from contacts.people import Person, Role, Standing, normalised_login
from contacts.recovery import recovery_pair
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.staff_numbers import forget_number
from contacts.words import Words
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId, new_id


class NotAllowed(Exception):
    """Only a lead who is signed in may do this, and not to themself."""


class NoSuchPerson(Exception):
    """Nobody has this id, or not in a state where this can be done."""


class LoginTaken(Exception):
    """Somebody has this login name, or had it."""


class LastLead(Exception):
    """Without this person nobody could invite, reset or grant any more."""


class AlreadySetUp(Exception):
    """There is staff already."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a lead tells the new colleague."""

    staff_id: StaffId
    login: str
    code: Words
    until: int


@dataclass(frozen=True, slots=True)
class SetUp:
    """The first lead's invitation, and the recovery words to print: they are shown this once."""

    invitation: Invitation
    recovery: Words


class Staff:
    """Changes accounts."""

    def __init__(
        self, *, clock: Clock, circle: Circle, epochs: Epochs, audit: Audit, codes: EnrolmentCodes, words: WordList
    ) -> None:
        self._clock = clock
        self._circle = circle
        self._epochs = epochs
        self._audit = audit
        self._codes = codes
        self._words = words

    async def set_up(self, *, login: str, alias: str, languages: Iterable[str]) -> SetUp:
        """Make the recovery key and invite the first lead. Raises `AlreadySetUp`."""
        seed = fresh_key()
        async with self._circle.changing() as change:
            if change.everybody:
                raise AlreadySetUp
            await change.keep_recovery(recovery_pair(seed).public)
            invitation = await self._invited(change, login, alias, Role.LEAD, languages)
            await self._audit.append(change.conn, Action.INVITED, subject=invitation.staff_id, detail=Role.LEAD)
        return SetUp(invitation, self._words.recovery_words(seed))

    async def invite(self, by: Session, *, login: str, alias: str, role: Role, languages: Iterable[str]) -> Invitation:
        """A new account and its enrolment code. Raises `NotAllowed`, `LoginTaken`, `Closed`."""
        async with self._circle.changing() as change:
            _lead(change, by)
            invitation = await self._invited(change, login, alias, role, languages)
            await self._audit.append(
                change.conn, Action.INVITED, actor=by.staff_id, subject=invitation.staff_id, detail=role
            )
        return invitation

    async def leave(self, staff: StaffId, *, by: Session | None = None) -> None:
        """Off-board: sessions end, keys and wraps are deleted, a new epoch begins. `by` None: at the console.

        Raises `NoSuchPerson`, `LastLead`; with a session that is not a lead's, `NotAllowed`.
        """
        async with self._circle.changing() as change:
            if by is not None:
                _lead(change, by)
            person = _somebody(change, staff)
            _keep_a_lead(change, staff)
            await self._shut_out(change, _without_keys(person, Standing.LEFT))
            await forget_number(change.conn, staff)
            await self._audit.append(
                change.conn, Action.LEFT, actor=by.staff_id if by is not None else None, subject=staff
            )

    async def reset(self, staff: StaffId, *, by: Session) -> Invitation:
        """A lost passphrase: the old keys are gone; a fresh code to enrol with, in person.

        Raises `NotAllowed` (also for oneself), `NoSuchPerson`, `LastLead`, `Closed`.
        """
        async with self._circle.changing() as change:
            _lead(change, by)
            if staff == by.staff_id:
                raise NotAllowed
            person, code = _somebody(change, staff), self._codes.issued()
            await self._shut_out(change, _with_code(person, code))
            await self._audit.append(change.conn, Action.RESET, actor=by.staff_id, subject=staff)
        return Invitation(staff, person.login, code.words, code.until)

    async def change_role(self, staff: StaffId, role: Role, *, by: Session) -> None:
        """Another role: the person signs in again and holds the keys of the new role only.

        Raises `NotAllowed` (also for oneself), `NoSuchPerson`, `Closed`.
        """
        async with self._circle.changing() as change:
            _lead(change, by)
            if staff == by.staff_id:
                raise NotAllowed
            person = replace(_somebody(change, staff), role=role)
            await change.save(person)
            await change.sign_out(staff)
            if not person.holds_keys:
                await change.take_keys(staff)
            await self._audit.append(change.conn, Action.ROLE_CHANGE, actor=by.staff_id, subject=staff, detail=role)

    async def grant_older_epochs(self, staff: StaffId, *, by: Session) -> int:
        """Wrap to this operator or lead every epoch the lead can open and they cannot; how many that were.

        Raises `NotAllowed`, `NoSuchPerson` (also for roles that hold no keys), `Closed`.
        """
        async with self._circle.changing() as change:
            _lead(change, by)
            person = _somebody(change, staff)
            if not person.holds_keys or person.exchange_public is None:
                raise NoSuchPerson
            granted = 0
            held = set(await self._epochs.numbers(change.conn, staff))
            for number in await self._epochs.numbers(change.conn, by.staff_id):
                private = None if number in held else await self._epochs.open(change.conn, by.keys, number)
                if private is not None:
                    await self._epochs.wrap(change.conn, number, private, {staff: person.exchange_public})
                    granted += 1
            await self._audit.append(change.conn, Action.KEY_GRANT, actor=by.staff_id, subject=staff)
        return granted

    async def _invited(
        self, change: Change, login: str, alias: str, role: Role, languages: Iterable[str]
    ) -> Invitation:
        name, code = normalised_login(login), self._codes.issued()
        if any(one.login == name for one in change.everybody.values()):
            raise LoginTaken
        person = Person(
            id=StaffId(new_id()),
            login=name,
            alias=alias.strip(),
            role=role,
            languages=tuple(languages),
            state=Standing.INVITED,
            made_at=epoch_seconds(self._clock.now()),
        )
        await change.save(_with_code(person, code))
        return Invitation(person.id, name, code.words, code.until)

    async def _shut_out(self, change: Change, person: Person) -> None:
        await change.save(person)
        await change.sign_out(person.id)
        await change.take_keys(person.id)
        await change.forget_second_factor(person.id)


def _lead(change: Change, by: Session) -> None:
    if by.ended is not None:
        raise Closed
    person = change.everybody.get(by.staff_id)
    if person is None or person.state is not Standing.ACTIVE or person.role is not Role.LEAD:
        raise NotAllowed


def _somebody(change: Change, staff: StaffId) -> Person:
    person = change.everybody.get(staff)
    if person is None or person.state is Standing.LEFT:
        raise NoSuchPerson
    return person


def _keep_a_lead(change: Change, leaving: StaffId) -> None:
    leads = {one.id for one in change.everybody.values() if one.holds_keys and one.role is Role.LEAD}
    if leads == {leaving}:
        raise LastLead


def _without_keys(person: Person, state: Standing) -> Person:
    return replace(
        person,
        state=state,
        exchange_public=None,
        signing_public=None,
        salt=None,
        seed=None,
        enrolment=None,
        enrolment_until=None,
    )


def _with_code(person: Person, code: IssuedCode) -> Person:
    return replace(_without_keys(person, Standing.INVITED), enrolment=code.mac, enrolment_until=code.until)
