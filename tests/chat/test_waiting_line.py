"""Who is offered to whom: fair, bounded, and never blocked by somebody whom nobody can serve."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat.waiting_line import MISSED_FOR, MOST_OVERTAKES, PATIENCE, Offer, OnDuty, Waiting, Why, offers
from storage.ids import ContactId, StaffId

LANGUAGES = ["fi", "sv", "en", "ru"]


def waiting(
    contact: str, language: str = "fi", *, since: int = 0, missed_by: str | None = None, danger: bool = False
) -> Waiting:
    return Waiting(ContactId(contact), language, since, StaffId(missed_by) if missed_by else None, danger=danger)


def on_duty(staff: str, *languages: str, load: int = 0, capacity: int = 2, minutes: int = 0) -> OnDuty:
    return OnDuty(StaffId(staff), frozenset(languages or ["fi"]), load, capacity, minutes)


def pairs(made: list[Offer]) -> list[tuple[str, str]]:
    return [(offer.contact, offer.staff) for offer in made]


def test_first_come_is_first_served_whatever_order_the_line_is_read_in() -> None:
    line = [waiting("late", since=9), waiting("early", since=1), waiting("between", since=5)]
    assert pairs(offers(line, [on_duty("anna")])) == [("early", "anna"), ("between", "anna")]


def test_two_who_came_in_the_same_second_have_a_fixed_order() -> None:
    assert pairs(offers([waiting("b"), waiting("a")], [on_duty("anna", capacity=1)])) == [("a", "anna")]


def test_whoever_cannot_be_served_now_blocks_nobody_behind() -> None:
    line = [waiting("head", "sv", since=1), waiting("next", "fi", since=2)]
    full_swedish = on_duty("sven", "sv", load=2)
    assert pairs(offers(line, [full_swedish, on_duty("anna", "fi")])) == [("next", "anna")]


def test_the_same_language_goes_before_a_smaller_load() -> None:
    made = offers([waiting("c", "sv")], [on_duty("anna", "fi"), on_duty("sven", "sv", load=1)])
    assert made == [Offer(ContactId("c"), StaffId("sven"), 1, same_language=True, why=Why.LANGUAGE)]


def test_when_nobody_writes_the_language_anybody_with_room_is_asked() -> None:
    made = offers([waiting("c", "ru")], [on_duty("anna", "fi"), on_duty("sven", "sv", load=1)])
    assert made == [Offer(ContactId("c"), StaffId("anna"), 2, same_language=False, why=Why.ANYBODY)]


def test_the_least_loaded_is_asked_first() -> None:
    assert pairs(offers([waiting("c")], [on_duty("anna", load=1), on_duty("bertil")])) == [("c", "bertil")]


def test_who_just_missed_somebody_is_not_asked_again() -> None:
    line = [waiting("c", missed_by="anna")]
    assert offers(line, [on_duty("anna")]) == []
    assert pairs(offers(line, [on_duty("anna"), on_duty("bertil", load=1)])) == [("c", "bertil")]


def test_just_missed_wears_off_after_two_minutes() -> None:
    line = [replace(waiting("c", missed_by="anna"), missed_at=100)]
    assert offers(line, [on_duty("anna")], 100 + MISSED_FOR - 1) == []
    assert pairs(offers(line, [on_duty("anna")], 100 + MISSED_FOR)) == [("c", "anna")]


def test_a_fallback_language_goes_before_anybody() -> None:
    made = offers([waiting("c", "ru")], [on_duty("anna", "fi"), on_duty("emma", "en", load=1)])
    assert (made[0].staff, made[0].why, made[0].eligible) == ("emma", Why.FALLBACK, 1)


def test_a_full_speaker_is_waited_for_but_not_for_ever() -> None:
    crew = [on_duty("sven", "sv", load=2), on_duty("anna", "fi")]
    assert offers([waiting("c", "sv")], crew, PATIENCE - 1) == []
    assert pairs(offers([waiting("c", "sv")], crew, PATIENCE)) == [("c", "anna")]


def test_fewer_minutes_of_late_decide_between_equal_loads() -> None:
    made = offers([waiting("c")], [on_duty("anna", minutes=50), on_duty("bertil", minutes=20)])
    assert pairs(made) == [("c", "bertil")]


def test_a_flagged_visitor_goes_first_and_says_whom_it_overtook() -> None:
    line = [waiting("early", since=1), waiting("flagged", since=5, danger=True)]
    (made,) = offers(line, [on_duty("anna", capacity=1)])
    assert (made.contact, made.overtook) == ("flagged", "early")


def test_three_times_overtaken_is_enough() -> None:
    line = [waiting("early", since=1), *(waiting(f"f{n}", since=5 + n, danger=True) for n in range(5))]
    made = offers(line, [on_duty("anna", capacity=10)])
    assert [offer.contact for offer in made] == ["f0", "f1", "f2", "early", "f3", "f4"]
    again = [replace(line[0], overtaken=MOST_OVERTAKES), *line[1:]]
    assert [offer.contact for offer in offers(again, [on_duty("anna", capacity=1)])] == ["early"]


def test_whom_this_operator_cannot_serve_is_not_overtaken_by_it() -> None:
    line = [waiting("russian", "ru", since=1), waiting("flagged", since=5, danger=True)]
    crew = [on_duty("anna", capacity=1), on_duty("rita", "ru", load=2)]
    (made,) = offers(line, crew)
    assert (made.contact, made.overtook) == ("flagged", None)


def test_an_offer_counts_as_load_for_the_next() -> None:
    line = [waiting(str(number), since=number) for number in range(5)]
    made = pairs(offers(line, [on_duty("anna"), on_duty("bertil")]))
    assert made == [("0", "anna"), ("1", "bertil"), ("2", "anna"), ("3", "bertil")]


def test_nobody_waiting_or_nobody_here_is_no_offer() -> None:
    assert offers([], [on_duty("anna")]) == []
    assert offers([waiting("c")], []) == []


staff_ids = st.sampled_from([StaffId(name) for name in ("anna", "bertil", "cecilia", "daavid")])
lines = st.lists(
    st.builds(
        Waiting,
        contact=st.text("abcdef", min_size=4, max_size=4).map(ContactId),
        language=st.sampled_from(LANGUAGES),
        since=st.integers(0, 5),
        missed_by=st.none() | staff_ids,
    ),
    max_size=12,
    unique_by=lambda visitor: visitor.contact,
)
crews = st.lists(
    st.builds(
        OnDuty,
        staff=staff_ids,
        languages=st.frozensets(st.sampled_from(LANGUAGES), max_size=3),
        load=st.integers(0, 3),
        capacity=st.integers(0, 3),
    ),
    max_size=4,
    unique_by=lambda operator: operator.staff,
)


@given(lines, crews)
def test_any_line_meets_any_crew(line: list[Waiting], crew: list[OnDuty]) -> None:
    made = offers(line, crew)
    visitors = {visitor.contact: visitor for visitor in line}
    operators = {operator.staff: operator for operator in crew}
    chosen = {offer.contact: offer.staff for offer in made}
    assert len(chosen) == len(made), "nobody is offered twice"

    load = {staff: operator.load for staff, operator in operators.items()}
    for offer in made:
        visitor, operator = visitors[offer.contact], operators[offer.staff]
        assert offer.staff != visitor.missed_by
        assert load[offer.staff] < operator.capacity, "never more than there is room for"
        speakers = [one for one in crew if visitor.language in one.languages]
        assert offer.same_language == bool(speakers)
        assert not offer.same_language or visitor.language in operator.languages
        able = speakers or [one for one in crew if "en" in one.languages and one.staff != visitor.missed_by]
        idle = [one for one in able if load[one.staff] < one.capacity and one.staff != visitor.missed_by]
        assert all(load[offer.staff] <= load[other.staff] for other in idle), "the least loaded is asked"
        assert offer.eligible == len(idle) or offer.why is Why.ANYBODY
        load[offer.staff] += 1

    for visitor in line:
        if visitor.contact in chosen:
            continue
        speakers = [one for one in crew if visitor.language in one.languages]
        idle = [one for one in speakers or crew if load[one.staff] < one.capacity and one.staff != visitor.missed_by]
        assert idle == [], "nobody who could take this visitor is left idle"

    order = sorted(line, key=lambda visitor: (visitor.since, visitor.contact))
    assert [offer.contact for offer in made] == [one.contact for one in order if one.contact in chosen]
    for earlier, later in pairwise(order):
        if (earlier.language, earlier.missed_by) == (later.language, later.missed_by):
            assert earlier.contact in chosen or later.contact not in chosen, "first come, first served in a language"


@given(lines, crews)
def test_the_answer_does_not_depend_on_the_order_of_the_question(line: list[Waiting], crew: list[OnDuty]) -> None:
    assert pairs(offers(line, crew)) == pairs(offers(line[::-1], crew[::-1]))


def test_who_just_missed_the_earlier_visitor_overtakes_nobody() -> None:
    line = [waiting("early", since=1, missed_by="anna"), waiting("flagged", since=5, danger=True)]
    (made,) = offers(line, [on_duty("anna", capacity=1)])
    assert (made.contact, made.overtook) == ("flagged", None)


def test_a_visitor_for_whom_somebody_nearer_is_free_is_not_overtaken() -> None:
    line = [waiting("russian", "ru", since=1), waiting("flagged", since=5, danger=True)]
    made = offers(line, [on_duty("anna", capacity=1), on_duty("rita", "ru")])
    assert sorted((offer.contact, offer.staff, offer.overtook) for offer in made) == [
        ("flagged", "anna", None),
        ("russian", "rita", None),
    ]
