"""The waiting line under anything that may happen: arrivals, breaks, offers missed, accepted, declined, flags, ends."""

from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from chat import absence, conversation
from chat.waiting_line import MOST_OVERTAKES, OnDuty, Waiting, offers
from contacts.committer import Decision
from contacts.contact import Contact, Refused, State
from storage.ids import ContactId, StaffId

STAFF = [StaffId(name) for name in ("anna", "bertil", "cecilia")]
SPEAKS = {"anna": frozenset({"fi", "sv"}), "bertil": frozenset({"fi", "en"}), "cecilia": frozenset({"fi"})}
CAPACITY = 2
staff_ids = st.sampled_from(STAFF)


class Lines(RuleBasedStateMachine):
    """The pure rules of contacts and of the line, with a clock; the assigner's loop is the one rule `assign`."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_800_000_000
        self.contacts: dict[ContactId, Contact] = {}
        self.here: set[StaffId] = set()
        self.overtakes: dict[ContactId, int] = {}

    # -- what people do

    @rule(language=st.sampled_from(["fi", "sv", "en", "ru"]))
    def comes(self, language: str) -> None:
        if len(self.contacts) < 30:
            contact = ContactId(f"c{len(self.contacts):02}")
            self.contacts[contact] = conversation.begun(contact=contact, language=language, tag="K7", now=self.now)
            self.now += 1

    @rule(staff=staff_ids, here=st.booleans())
    def sits_down_or_takes_a_break(self, staff: StaffId, here: bool) -> None:
        (self.here.add if here else self.here.discard)(staff)

    @rule(staff=staff_ids, number=st.integers(0, 29))
    def accepts(self, staff: StaffId, number: int) -> None:
        if self._load(staff, besides=self._id(number)) < CAPACITY:  # the guard in the transaction
            before = self.contacts.get(self._id(number))
            self._move(number, partial(conversation.operator_accepted, staff=staff))
            after = self.contacts.get(self._id(number))
            if before is not None and before.state is State.ACTIVE:
                assert after is not None
                assert after.operator == before.operator, "no double claim"

    @rule(staff=staff_ids, number=st.integers(0, 29))
    def declines(self, staff: StaffId, number: int) -> None:
        self._move(number, partial(conversation.offer_declined, staff=staff))

    @rule(number=st.integers(0, 29), on=st.booleans())
    def flags(self, number: int, on: bool) -> None:
        contact = self.contacts.get(self._id(number))
        staff = contact.operator if contact is not None and contact.operator else STAFF[0]
        self._move(number, partial(conversation.danger_flagged, staff=staff, on=on))

    @rule(number=st.integers(0, 29))
    def line_of_an_operator_breaks_for_long(self, number: int) -> None:
        contact = self.contacts.get(self._id(number))
        if contact is not None and contact.operator is not None:
            self._move(number, partial(absence.operator_lost, staff=contact.operator, since=self.now - 200))
            self._move(number, absence.operator_gone)

    @rule(number=st.integers(0, 29))
    def ends(self, number: int) -> None:
        self._move(number, conversation.visitor_ended)

    @rule(seconds=st.sampled_from([1, 30, 61, 301]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        for contact in [one for one in self.contacts.values() if one.state is State.OFFERED]:
            lapsed = conversation.offer_lapsed(contact, self.now).contact
            if lapsed.state is State.WAITING and lapsed.missed_by is not None:
                self.here.discard(lapsed.missed_by)  # who missed an offer is away
            self.contacts[contact.id] = lapsed

    # -- what the house does

    @rule()
    def assign(self) -> None:
        waiting = [one for one in self.contacts.values() if one.state is State.WAITING]
        crew = [OnDuty(one, SPEAKS[one], self._load(one), CAPACITY) for one in STAFF if one in self.here]
        made = offers([_waiting(one) for one in waiting], crew, self.now)
        for offer in made:
            assert offer.staff in self.here, "nobody is asked while away"
            contact = self.contacts[offer.contact]
            assert offer.staff != contact.missed_by or (contact.missed_at or 0) + 120 <= self.now
            if offer.overtook is not None:
                passed = self.contacts[offer.overtook]
                assert contact.danger
                assert not passed.danger
                assert (passed.opened_at, passed.id) < (contact.opened_at, contact.id)
                self.overtakes[passed.id] = self.overtakes.get(passed.id, 0) + 1
                self.contacts[passed.id] = conversation.overtaken(passed, self.now).contact
        for offer in made:
            self.contacts[offer.contact] = conversation.offered(
                self.contacts[offer.contact], self.now, staff=offer.staff
            ).contact
        self._served_in_order(waiting, {offer.contact for offer in made})

    def _served_in_order(self, waiting: list[Contact], served: set[ContactId]) -> None:
        order = sorted(waiting, key=lambda one: (one.opened_at, one.id))
        for place, earlier in enumerate(order):
            for later in order[place + 1 :]:
                alike = (earlier.language, earlier.danger) == (later.language, later.danger)
                if alike and earlier.missed_by is None and later.id in served:
                    assert earlier.id in served, "first come, first served inside language and flag"

    # -- what must never be

    @invariant()
    def nobody_has_more_than_there_is_room_for(self) -> None:
        assert all(self._load(staff) <= CAPACITY for staff in STAFF)

    @invariant()
    def nobody_is_overtaken_too_often(self) -> None:
        assert all(times <= MOST_OVERTAKES for times in self.overtakes.values())

    def teardown(self) -> None:
        """No starvation: with somebody there who ends every conversation, the line runs empty."""
        for _ in range(400):
            if not any(one.state in (State.WAITING, State.OFFERED) for one in self.contacts.values()):
                return
            self.here.update(STAFF)
            self.now += 30
            self.assign()
            for contact in list(self.contacts.values()):
                if contact.state is State.OFFERED and contact.offered_to is not None:
                    taken = conversation.operator_accepted(contact, self.now, staff=contact.offered_to).contact
                    self.contacts[contact.id] = taken
                elif contact.state is State.ACTIVE:
                    self.contacts[contact.id] = conversation.visitor_ended(contact, self.now).contact
        raise AssertionError("somebody waits for ever")

    # -- inside

    def _id(self, number: int) -> ContactId:
        return ContactId(f"c{number:02}")

    def _load(self, staff: StaffId, besides: ContactId | None = None) -> int:
        busy = [one for one in self.contacts.values() if one.id != besides]
        return sum(
            (one.state is State.ACTIVE and one.operator == staff)
            or (one.state is State.OFFERED and one.offered_to == staff)
            for one in busy
        )

    def _move(self, number: int, decide: "partial[Decision] | object") -> None:
        contact = self.contacts.get(self._id(number))
        if contact is None:
            return
        try:
            self.contacts[contact.id] = decide(contact, self.now).contact  # type: ignore[operator]
        except Refused:
            assert self.contacts[contact.id] == contact


def _waiting(contact: Contact) -> Waiting:
    plain = Waiting(contact.id, contact.language, contact.opened_at)
    return replace(
        plain,
        missed_by=contact.missed_by,
        missed_at=contact.missed_at,
        danger=contact.danger,
        overtaken=contact.overtaken,
    )


TestLines = Lines.TestCase
TestLines.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
