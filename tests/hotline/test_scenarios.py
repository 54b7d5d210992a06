"""What callers hear and who is rung, from the first ring to the last: the whole house behind a telephone network."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts.contact import EndedBy, Klass, State
from hotline.simulator.network import LATE, NEVER, TWICE, Delivery
from hotline.simulator.phones import Phone, answering, ignoring, voicemail
from storage.clock import ManualClock
from tests.hotline.exchange import CALLER, NUMBERS, Exchange

AINO, EERO, KAISA = NUMBERS["aino"], NUMBERS["eero"], NUMBERS["kaisa"]
ROOT = Path(__file__).parents[2]
WITHHELD = ["+266696687", "anonymous", "Restricted", "", "sip:someone@example.org", "client:web", "+7378742833"]


async def everybody(line: Exchange, *, aino: Phone | None = None, eero: Phone | None = None) -> None:
    """Aino in the first tier, Eero in the second."""
    await line.on_call("aino", aino or ignoring("aino", AINO), tier=1)
    await line.on_call("eero", eero or answering("eero", EERO), tier=2)


# --- answered ---


async def test_a_call_is_answered_by_a_person_who_pressed_a_key(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="3", hangs_up_after=60)
    await line.call.until_over()
    assert line.call.dialled == ["aino"]
    assert line.call.connected == ["aino"]
    kept = await line.only()
    assert (kept.call.outcome, kept.call.waited, kept.call.talked) == ("talked", 10, 60)
    assert (kept.contact.state, kept.contact.ended_by, kept.contact.language) == (State.ENDED, EndedBy.VISITOR, "en")
    assert kept.contact.operator == line.staff["aino"]


async def test_staff_phones_ring_while_the_caller_still_hears_the_menu(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER)
    await line.call.after(2)
    assert line.call.ring_times()["aino"] < 1
    assert line.call.hears() == ["Hei, hyvä että soitit.", "Jos olet vaarassa, soita hätänumeroon yksi yksi kaksi."]


async def test_the_greeting_does_not_name_the_service(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER)
    await line.call.until_over(60)
    assert not line.call.heard("Saarnilinja")
    assert line.call.heard("yksi yksi kaksi")


async def test_who_presses_nothing_is_served_in_the_default_language(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=20))
    await line.call.dials(CALLER, hangs_up_after=30)
    await line.call.until_over()
    assert line.call.connected == ["aino"]
    assert line.call.heard("Kiitos. Soitamme nyt päivystäjälle.")


async def test_an_operator_who_accepts_during_the_menu_waits_for_the_caller(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=1))
    await line.call.dials(CALLER, hangs_up_after=20)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_a_whole_tier_rings_at_once(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    await line.on_call("eero", answering("eero", EERO, after=5))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.ring_times()["aino"] == line.call.ring_times()["eero"]
    assert line.call.connected == ["eero"]


async def test_the_next_tier_rings_when_the_first_did_not_answer_for_25_seconds(line: Exchange) -> None:
    await everybody(line)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert 25 <= line.call.ring_times()["eero"] <= 27
    assert line.call.connected == ["eero"]
    assert line.call.ended("aino")[0].text in {"canceled", "no-answer"}


async def test_a_busy_phone_lets_the_next_tier_ring_at_once(line: Exchange) -> None:
    await everybody(line, aino=Phone(name="aino", number=AINO, busy=True))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.ring_times()["eero"] <= 2
    assert line.call.connected == ["eero"]


async def test_staff_hang_up_first_and_the_caller_hears_that_it_is_over(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, hangs_up_after=30.0))
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.heard("The call has ended.")
    assert (await line.contact()).ended_by is EndedBy.WORKER


async def test_only_the_hotlines_own_number_is_shown_to_staff(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=5)
    await line.call.until_over()
    shown = {leg.origin for leg in line.network.legs.values() if leg.who == "aino"}
    assert shown == {line.network.number}


# --- mistakes others made ---


async def test_a_voicemail_never_gets_the_caller(line: Exchange) -> None:
    await everybody(line, aino=voicemail("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert line.call.heard("Sinulle on puhelu", who="aino")


async def test_a_phone_that_answers_and_presses_the_wrong_key_never_gets_the_caller(line: Exchange) -> None:
    await everybody(line, aino=Phone(name="aino", number=AINO, answers_after=2, presses="9"))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["eero"]


async def test_a_voicemail_that_plays_a_tone_for_another_key_never_gets_the_caller(line: Exchange) -> None:
    await line.on_call("aino", Phone(name="aino", number=AINO, answers_after=2, presses="#"))
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.connected == []
    assert line.call.heard("We are sorry")


async def test_of_two_who_accept_in_the_same_millisecond_one_gets_the_call_and_the_other_is_told(
    line: Exchange,
) -> None:
    await line.on_call("aino", answering("aino", AINO, after=4))
    await line.on_call("eero", answering("eero", EERO, after=4))
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.until_over()
    assert len(line.call.connected) == 1
    [winner] = line.call.connected
    loser = "eero" if winner == "aino" else "aino"
    assert line.call.heard("Joku toinen ehti vastata", who=loser)


async def test_losing_phones_stop_ringing(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=2))
    await line.on_call("eero", ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=60)
    await line.call.after(8)
    assert [one.event for one in line.call.ended("eero")] == ["cancelled"]


async def test_hanging_up_losing_phones_is_tried_until_it_succeeds(line: Exchange) -> None:
    failures = iter([503, 429, 503])
    line.rest.fails = lambda _method, path: next(failures, 0) if "/CA" in path else 0
    await line.on_call("aino", answering("aino", AINO, after=2))
    await line.on_call("eero", ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=60)
    await line.call.after(18)
    assert [one.event for one in line.call.ended("eero")] == ["cancelled"]


async def test_one_bad_number_stops_nobody_elses_phone(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO), number="12345")
    await line.on_call("eero", answering("eero", EERO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["eero"]


async def test_a_number_that_does_not_exist_lets_the_ladder_go_on(line: Exchange) -> None:
    await everybody(line, aino=Phone(name="aino", number=AINO, exists=False))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.ring_times()["eero"] <= 3
    assert line.call.connected == ["eero"]


async def test_somebody_without_a_number_is_skipped(line: Exchange) -> None:
    await line.on_call("aino", None, tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled == ["eero"]


async def test_the_wanted_language_decides_who_is_dialled(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=9), languages="fi", tier=1)
    await line.on_call("eero", answering("eero", EERO), languages="sv", tier=2)
    await line.call.dials(CALLER, presses="2", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert [one.event for one in line.call.ended("aino")] == ["cancelled"]


async def test_nobody_off_shift_is_rung(line: Exchange) -> None:
    over = datetime(2026, 11, 24, 6, 0), datetime(2026, 11, 24, 13, 59)  # noqa: DTZ001 - the wall clock's, in Helsinki
    await line.on_call("aino", answering("aino", AINO), shift=over)
    await line.on_call("eero", answering("eero", EERO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.dialled == ["eero"]


async def test_an_operator_who_goes_off_shift_while_others_ring_is_not_rung_any_more(
    line: Exchange, clock: ManualClock
) -> None:
    ends = datetime(2026, 11, 24, 7, 0), datetime(2026, 11, 24, 14, 1)  # noqa: DTZ001
    await line.on_call("aino", ignoring("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2, shift=ends)
    clock.advance(45)
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert line.call.dialled == ["aino"]
    assert line.call.heard("We are sorry, nobody can come to the telephone now.")


async def test_a_night_shift_across_midnight_is_rung_in_the_small_hours(line: Exchange, clock: ManualClock) -> None:
    night = datetime(2026, 11, 24, 22, 0), datetime(2026, 11, 25, 7, 0)  # noqa: DTZ001
    await line.on_call("aino", answering("aino", AINO), shift=night)
    clock.advance((datetime(2026, 11, 25, 3, 30, tzinfo=UTC) - clock.now()).total_seconds())  # 05:30 in Helsinki
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_whoever_is_on_another_call_is_rung_last(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO), tier=1)
    await line.on_call("eero", answering("eero", EERO), tier=2)
    await line.call.dials(CALLER, presses="1")
    await line.call.after(15)
    await line.call.dials("+46313900602", presses="1", who="second")
    await line.call.after(15)
    assert line.call.connected == ["aino", "eero"]
    assert line.call.dialled == ["aino", "eero"]


async def test_accepting_is_not_used_up_by_an_earlier_report_of_the_same_leg(line: Exchange) -> None:
    line.network.delivery = lambda _leg, _status: Delivery((0.0, 0.5, 6.0))
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


# --- nobody ---


async def test_with_nobody_on_call_the_truth_is_told_within_five_seconds(line: Exchange) -> None:
    await line.call.dials(CALLER)
    await line.call.until_over()
    assert line.call.heard_at("Juuri nyt kukaan ei päivystä") < 5
    assert line.call.heard("Just nu har ingen jour")
    assert line.call.heard("Right now nobody is on duty")
    kept = await line.only()
    assert (kept.call.outcome, kept.contact.ended_by) == ("unserved", EndedBy.UNSERVED)


async def test_when_nobody_answers_the_caller_is_told_and_the_call_does_not_ring_for_ever(line: Exchange) -> None:
    await everybody(line, eero=ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="3")
    await line.call.until_over()
    assert 50 <= line.call.heard_at("We are sorry") <= 70
    assert (await line.only()).call.outcome == "unserved"


async def test_a_caller_who_waits_hears_human_sentences_again_and_again(line: Exchange) -> None:
    await everybody(line, eero=ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="3")
    await line.call.after(45)
    assert line.call.heard("One moment, the telephone of the person on duty is ringing.")
    assert line.call.heard("Thank you for waiting.")


async def test_who_hangs_up_in_the_menu_is_counted_and_no_phone_rings_on(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    await line.call.dials(CALLER)
    await line.call.after(2)
    await line.call.hangs_up()
    assert (await line.only()).call.outcome == "hung_up"
    assert [one.event for one in line.call.ended("aino")] == ["cancelled"]


async def test_who_hangs_up_while_waiting_is_counted_and_staff_who_answer_are_told(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=12))
    line.rest.fails = lambda _method, path: 503 if "/CA" in path else 0  # hanging up fails: the phone rings on
    await line.call.dials(CALLER, presses="1")
    await line.call.after(10)
    await line.call.hangs_up()
    await line.call.after(10)
    assert line.call.heard("Soittaja ei enää odota", who="aino")
    assert (await line.only()).call.outcome == "hung_up"


# --- to be called back ---


async def test_a_caller_who_waits_may_ask_to_be_called_back_at_this_number(line: Exchange) -> None:
    await everybody(line, eero=ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="31131")
    await line.call.until_over()
    assert line.call.heard("Shall we call the number you are calling from?")
    assert line.call.heard("Thank you. We will call you.")
    kept = await line.only()
    assert (kept.call.outcome, kept.call.back_when, kept.call.back_named) == ("call_back", "afternoon", 1)
    [entry] = await line.worker.house.log.entries_after(kept.contact.id, Klass.CALLBACK, 0)
    assert entry.sealed is not None
    assert CALLER.encode() not in entry.sealed


async def test_the_number_is_not_kept_unless_the_caller_says_so(line: Exchange) -> None:
    await everybody(line, eero=ignoring("eero", EERO))
    await line.call.dials(CALLER, presses="31")
    await line.call.until_over()
    kept = await line.only()
    assert (kept.call.outcome, kept.call.taken) == ("unserved", 0)
    assert await line.worker.house.log.entries_after(kept.contact.id, Klass.CALLBACK, 0) == []


async def test_with_nobody_on_call_a_call_back_can_be_asked_for_in_ones_own_language(line: Exchange) -> None:
    await line.call.dials(CALLER, presses="2112")
    await line.call.until_over()
    assert line.call.heard("Tack. Vi ringer upp dig.")
    kept = await line.only()
    assert (kept.call.outcome, kept.contact.language, kept.call.back_when) == ("call_back", "sv", "soon")


@pytest.mark.parametrize("number", WITHHELD)
async def test_withheld_numbers_are_served_like_any_other(line: Exchange, number: str) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(number, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["aino"]
    assert (await line.only()).call.outcome == "talked"


@pytest.mark.parametrize("number", [*WITHHELD[:4], "sip:someone@example.org"])
async def test_who_withholds_the_number_may_key_one(line: Exchange, number: str) -> None:
    await line.call.dials(number, presses="30313900601#12")
    await line.call.until_over()
    assert not line.call.heard("Shall we call the number you are calling from?")
    assert line.call.heard("Key in the number")
    kept = await line.only()
    assert (kept.call.outcome, kept.call.taken) == ("call_back", 1)


@pytest.mark.parametrize("number", ["+3725550100", "+12025550143", "+447700900123", "+4915550100200"])
async def test_foreign_numbers_are_served_like_any_other(line: Exchange, number: str) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(number, presses="3", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


# --- reports that come badly ---


@pytest.mark.parametrize("delivery", [TWICE, LATE, NEVER], ids=["twice", "late", "never"])
async def test_however_state_reports_come_the_caller_is_connected_and_counted_once(
    line: Exchange, delivery: Delivery
) -> None:
    line.network.delivery = lambda _leg, _status: delivery
    await everybody(line)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    await line.call.after(200)
    assert line.call.connected == ["eero"]
    assert len(await line.kept()) == 1
    assert (await line.only()).call.bridged_at is not None


async def test_every_question_asked_twice_gets_the_same_answer_and_changes_nothing(line: Exchange) -> None:
    line.network.repeats_questions = True
    await everybody(line)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert line.call.dialled == ["aino", "eero"]
    answers: dict[tuple[str, bytes], set[str]] = {}
    for sent in line.network.sent:
        answers.setdefault((sent.url, sent.body), set()).add(sent.answer)
    assert all(len(given) == 1 for given in answers.values())


async def test_a_call_of_which_nothing_is_heard_any_more_has_ended(line: Exchange) -> None:
    line.network.delivery = lambda _leg, _status: NEVER
    await line.on_call("aino", ignoring("aino", AINO))
    await line.call.dials(CALLER, presses="1")
    await line.call.after(10)
    await line.call.hangs_up()
    await line.call.after(200)
    assert (await line.only()).call.outcome == "hung_up"


async def test_the_provider_that_asks_us_to_wait_is_asked_again(line: Exchange) -> None:
    failures = iter([429, 503])
    line.rest.fails = lambda _method, _path: next(failures, 0)
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_two_callers_at_once_reach_two_people(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO, after=4))
    await line.on_call("eero", answering("eero", EERO, after=9))
    await asyncio.gather(
        line.call.dials(CALLER, presses="1"), line.call.dials("+46313900602", presses="1", who="second")
    )
    await line.call.after(40)
    assert sorted(line.call.connected) in [["aino", "eero"], ["aino", "aino"]]
    assert len(await line.kept()) == 2


# --- without a database ---


async def test_with_the_database_down_the_caller_still_reaches_a_phone_and_is_counted_once_later(
    line: Exchange,
) -> None:
    await everybody(line)
    line.store.away = True
    await line.call.dials(CALLER, hangs_up_after=20)
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.connected == ["eero"]
    line.store.away = False
    await line.line.reconcile()
    await line.line.reconcile()
    kept = await line.only()
    assert (kept.call.outcome, kept.contact.state) == ("talked", State.ENDED)
    assert line.call.dialled == ["aino", "eero"]  # nobody is rung for what is past


async def test_with_the_database_down_a_voicemail_does_not_get_the_caller(line: Exchange) -> None:
    await everybody(line, aino=voicemail("aino", AINO))
    line.store.away = True
    await line.call.dials(CALLER, hangs_up_after=20)
    await line.call.until_over()
    assert line.call.connected == ["eero"]


async def test_with_the_database_down_and_nobody_answering_the_truth_is_told(line: Exchange) -> None:
    await everybody(line, eero=ignoring("eero", EERO))
    line.store.away = True
    await line.call.dials(CALLER)
    await line.call.until_over()
    assert line.call.heard("Olemme pahoillamme, kukaan ei nyt pääse puhelimeen.")
    line.store.away = False
    await line.line.reconcile()
    assert (await line.only()).call.outcome == "unserved"


async def test_a_database_that_goes_away_while_a_caller_waits_costs_nobody_the_connection(line: Exchange) -> None:
    await everybody(line, aino=answering("aino", AINO, after=18))
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.after(10)
    line.store.away = True
    await line.call.until_over()
    assert line.call.connected
    line.store.away = False
    await line.line.reconcile()
    assert len(await line.kept()) == 1


# --- a process that dies ---


async def test_a_server_killed_while_a_caller_waits_goes_on_where_it_was(line: Exchange) -> None:
    await everybody(line)
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.after(12)
    line.dies()
    line.restarted()
    await line.call.until_over()
    assert line.call.dialled == ["aino", "eero"]
    assert line.call.connected == ["eero"]
    assert (await line.only()).call.outcome == "talked"


async def test_a_server_killed_between_the_answer_and_the_ring_rings_when_it_is_back(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    line.rest.fails = lambda _method, _path: 503
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    line.dies()
    line.rest.fails = lambda _method, _path: 0
    line.restarted()
    await line.call.until_over()
    assert line.call.connected == ["aino"]


async def test_a_server_killed_in_the_talk_cuts_nobody_off_and_the_call_is_counted(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", AINO))
    await line.call.dials(CALLER, presses="1", hangs_up_after=60)
    await line.call.after(20)
    line.dies()
    await line.call.until_over()
    line.restarted()
    await line.call.after(200)
    assert line.call.connected == ["aino"]
    assert (await line.only()).call.outcome == "talked"


async def test_when_the_application_does_not_answer_the_fallback_document_dials_the_duty_phone(line: Exchange) -> None:
    line.call.has(answering("duty", "+46846500429"))
    shipped = (ROOT / "deploy/fallback.xml").read_text()
    line.network.fallback = shipped.replace("+00000000000", "+46846500429")
    line.dies()
    await line.call.dials(CALLER, hangs_up_after=10)
    await line.call.until_over()
    assert line.call.heard("yksi yksi kaksi")
    assert line.call.connected == ["duty"]


# --- from the console ---


async def test_an_operator_who_is_not_on_call_answers_at_the_console_with_their_own_phone(line: Exchange) -> None:
    await line.on_call("aino", ignoring("aino", AINO))
    over = datetime(2026, 11, 24, 6, 0), datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001
    await line.on_call("eero", answering("eero", EERO), shift=over)
    await line.call.dials(CALLER, presses="1", hangs_up_after=10)
    await line.call.after(5)
    contact = (await line.contact()).id
    assert await line.line.switchboard.answered_at_desk(contact, line.staff["eero"])
    await line.call.until_over()
    assert line.call.connected == ["eero"]
    assert not await line.line.switchboard.answered_at_desk(contact, line.staff["eero"])
