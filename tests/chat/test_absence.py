"""Somebody's line breaks, comes back or stays away: each rule by itself; in any order: test_conversation.py."""

import pytest
from msgspec.structs import replace

from chat import absence
from contacts.committer import Decision
from contacts.contact import Contact, EndedBy, Line, State
from tests.chat.talks import ACTIVE, ANNA, BERTIL, ENDED, OFFERED, START, WAITING, lines


def test_a_visitor_is_lost_and_back_once_each() -> None:
    lost = absence.visitor_lost(ACTIVE, START + 5)
    assert lines(lost) == [Line.VISITOR_LOST]
    assert lost.contact.visitor_away_since == START + 5
    assert absence.visitor_lost(lost.contact, START + 6) == Decision(lost.contact)
    back = absence.visitor_returned(lost.contact, START + 7)
    assert lines(back) == [Line.VISITOR_BACK]
    assert back.contact == ACTIVE
    assert absence.visitor_returned(back.contact, START + 8) == Decision(ACTIVE)


def test_a_worker_is_lost_and_back_once_each() -> None:
    lost = absence.operator_lost(ACTIVE, START + 5, staff=ANNA)
    assert lines(lost) == [Line.WORKER_LOST]
    assert lost.contact.operator_away_since == START + 5
    assert absence.operator_lost(lost.contact, START + 6, staff=ANNA) == Decision(lost.contact)
    back = absence.operator_returned(lost.contact, START + 7, staff=ANNA)
    assert lines(back) == [Line.WORKER_BACK]
    assert back.contact == ACTIVE
    assert absence.operator_returned(back.contact, START + 8, staff=ANNA) == Decision(ACTIVE)


@pytest.mark.parametrize("contact", [WAITING, OFFERED, ENDED, replace(ACTIVE, operator=BERTIL)])
def test_only_the_worker_of_a_running_conversation_is_lost_or_back(contact: Contact) -> None:
    away = replace(contact, operator_away_since=START)
    assert absence.operator_lost(contact, START + 5, staff=ANNA) == Decision(contact)
    assert absence.operator_returned(away, START + 5, staff=ANNA) == Decision(away)


def test_after_the_end_nobody_is_lost_or_back() -> None:
    away = replace(ENDED, visitor_away_since=START)
    assert absence.visitor_lost(ENDED, START + 5) == Decision(ENDED)
    assert absence.visitor_returned(away, START + 5) == Decision(away)
    assert absence.visitor_silent(away, START + 5000) == Decision(away)


def test_ten_minutes_of_silence_end_a_conversation_and_nine_do_not() -> None:
    away = absence.visitor_lost(ACTIVE, START + 5).contact
    almost = START + 5 + absence.RESUME_WINDOW - 1
    assert absence.visitor_silent(ACTIVE, almost) == Decision(ACTIVE)
    assert absence.visitor_silent(away, almost) == Decision(away)
    over = absence.visitor_silent(away, almost + 1)
    assert lines(over) == [Line.ENDED_SILENT]
    assert over.contact.ended_by is EndedBy.SILENCE


@pytest.mark.parametrize("contact", [WAITING, ACTIVE, ENDED], ids=lambda c: c.state)
def test_a_worker_who_is_there_is_not_gone(contact: Contact) -> None:
    assert absence.operator_gone(contact, START + 1000).contact is contact


def test_a_worker_who_comes_back_gets_whom_nobody_accepted_meanwhile() -> None:
    away = absence.operator_lost(ACTIVE, START + 5, staff=ANNA).contact
    gone = absence.operator_gone(away, START + 5 + absence.REPLACED_AFTER).contact
    back = absence.operator_returned(gone, START + 400, staff=ANNA)
    assert (back.contact.state, back.contact.operator, lines(back)) == (State.ACTIVE, ANNA, [Line.WORKER_BACK])
    assert absence.operator_returned(gone, START + 400, staff=BERTIL).contact is gone
    still_there = absence.operator_returned(away, START + 6, staff=ANNA)
    assert (still_there.contact, lines(still_there)) == (ACTIVE, [Line.WORKER_BACK])
    assert absence.operator_returned(ACTIVE, START + 6, staff=ANNA).contact is ACTIVE
