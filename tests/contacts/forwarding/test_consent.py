import pytest

from contacts.forwarding.consent import (
    DAY,
    AskId,
    ChildHeard,
    Consent,
    ConsentId,
    Denial,
    Denied,
    Given,
    Giver,
    How,
    Minor,
    Question,
    Representative,
    Suspected,
    Withdrawer,
    check_given,
    check_term,
    listed_fields,
)
from contacts.forwarding.payload import Scope
from storage.ids import ContactId, OrganisationId, StaffId, WordingId

MOTHER = {
    "giver": Giver.REPRESENTATIVE,
    "representative": Representative.PARENT,
    "suspected": Suspected.NO,
    "child_heard": ChildHeard.HEARD,
}
QUESTION = Question(
    contact=ContactId("c"),
    organisation=OrganisationId("o"),
    scope=Scope.REFERRAL,
    fields=("age",),
    digest=b"d",
    payload=1,
    wording=WordingId("w"),
    wording_version=1,
    language="fi",
    how=How.CARD,
    minor=Minor.NO,
    until=200,
)


def denial(given: Given, minor: Minor = Minor.NO) -> Denial | None:
    try:
        check_given(given, minor)
    except Denied as denied:
        return denied.code
    return None


@pytest.mark.parametrize("giver", [Giver.SELF, Giver.PROFESSIONAL])
def test_for_oneself_nothing_more_is_needed(giver: Giver) -> None:
    assert denial(Given(giver=giver)) is None
    for extra in (
        {"representative": Representative.PARENT},
        {"suspected": Suspected.NO},
        {"child_heard": ChildHeard.HEARD},
    ):
        assert denial(Given(giver=giver, **extra)) is Denial.REPRESENTATIVE_UNCLEAR


@pytest.mark.parametrize(
    ("change", "minor", "said"),
    [
        ({}, Minor.YES, None),
        ({"child_heard": ChildHeard.TOO_YOUNG}, Minor.YES, None),
        ({"child_heard": ChildHeard.NO_CHILD}, Minor.NO, None),
        ({"child_heard": ChildHeard.NO_CHILD}, Minor.YES, Denial.CHILD_NOT_HEARD),
        ({"child_heard": None}, Minor.YES, Denial.CHILD_NOT_HEARD),
        ({"suspected": Suspected.YES}, Minor.YES, Denial.SUSPECTED),
        ({"suspected": Suspected.UNKNOWN}, Minor.YES, Denial.SUSPECTED),
        ({"suspected": None}, Minor.NO, Denial.SUSPECTED),
        ({"representative": None}, Minor.YES, Denial.REPRESENTATIVE_UNCLEAR),
    ],
)
def test_for_somebody_else_only_who_is_not_suspected(
    change: dict[str, object], minor: Minor, said: Denial | None
) -> None:
    assert denial(Given(**{**MOTHER, **change}), minor) is said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("until", "fine"), [(101, True), (100 + 90 * DAY, True), (100, False), (101 + 90 * DAY, False)]
)
def test_a_consent_is_for_ninety_days_at_most_and_not_over(until: int, fine: bool) -> None:
    if fine:
        check_term(100, until)
        return
    with pytest.raises(Denied) as denied:
        check_term(100, until)
    assert denied.value.code is Denial.TOO_LONG


def test_fields_are_named_in_one_order() -> None:
    assert listed_fields(("needs", "age")) == "age,needs"
    for wrong in ((), ("a,b",), ("",), ("age", "age")):
        with pytest.raises(Denied):
            listed_fields(wrong)


def test_a_consent_lives_from_its_giving_to_its_end_unless_withdrawn() -> None:
    consent = Consent(
        id=ConsentId("k"), ask=AskId("a"), question=QUESTION, given=Given(), recorded_by=StaffId("s"), given_at=100
    )
    assert [consent.live(at) for at in (99, 100, 199, 200)] == [False, True, True, False]
    gone = Consent(
        id=ConsentId("k"),
        ask=AskId("a"),
        question=QUESTION,
        given=Given(),
        recorded_by=StaffId("s"),
        given_at=100,
        withdrawn_at=150,
        withdrawn_by=Withdrawer.VISITOR,
    )
    assert not gone.live(120)
