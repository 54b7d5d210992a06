"""Rows of questions and consents as values."""

from typing import Any

from sqlalchemy import RowMapping

from contacts.forwarding.consent import (
    Ask,
    AskId,
    ChildHeard,
    Consent,
    ConsentId,
    Given,
    Giver,
    How,
    Minor,
    Question,
    Reply,
    Representative,
    Suspected,
    Withdrawer,
)
from contacts.forwarding.payload import Scope
from storage.ids import ContactId, OrganisationId, StaffId, WordingId


def _question(row: RowMapping) -> Question:
    return Question(
        contact=ContactId(row["contact"]),
        organisation=OrganisationId(row["organisation"]),
        scope=Scope(row["scope"]),
        fields=tuple(row["fields"].split(",")),
        digest=row["digest"],
        payload=row["payload"],
        wording=WordingId(row["wording"]),
        wording_version=row["wording_version"],
        language=row["language"],
        how=How(row["how"]),
        minor=Minor(row["minor"]),
        until=row["until"],
    )


def ask_of(row: RowMapping) -> Ask:
    """A row of `consent_asks`."""
    return Ask(
        id=AskId(row["id"]),
        question=_question(row),
        asked_by=StaffId(row["asked_by"]),
        asked_at=row["asked_at"],
        entry=row["entry"],
        answer=_maybe(Reply, row["answer"]),
        answered_at=row["answered_at"],
        lead=row["lead"],
        cancelled=row["cancelled_at"] is not None,
    )


def consent_of(row: RowMapping) -> Consent:
    """A row of `consents`."""
    return Consent(
        id=ConsentId(row["id"]),
        ask=AskId(row["ask"]),
        question=_question(row),
        given=Given(
            giver=Giver(row["giver"]),
            interpreter=row["interpreter"] == "yes",
            representative=_maybe(Representative, row["representative"]),
            suspected=_maybe(Suspected, row["suspected"]),
            child_heard=_maybe(ChildHeard, row["child_heard"]),
        ),
        recorded_by=StaffId(row["recorded_by"]),
        given_at=row["given_at"],
        lead=row["lead"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_by=_maybe(Withdrawer, row["withdrawn_by"]),
    )


def _maybe(kind: Any, value: str | None) -> Any:
    return None if value is None else kind(value)
