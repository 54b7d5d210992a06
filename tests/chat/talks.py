"""One conversation in each of its states, for the tests of its rules."""

from chat import conversation
from contacts.committer import Decision
from contacts.contact import Line
from storage.ids import ContactId, StaffId

ANNA, BERTIL = StaffId("anna"), StaffId("bertil")
START = 1_800_000_000

WAITING = conversation.begun(contact=ContactId("c" * 32), language="fi", tag="K7", now=START)
OFFERED = conversation.offered(WAITING, START + 1, staff=ANNA).contact
ACTIVE = conversation.operator_accepted(OFFERED, START + 2, staff=ANNA).contact
ENDED = conversation.visitor_ended(ACTIVE, START + 3).contact


def lines(decision: Decision) -> list[Line | None]:
    return [entry.code for entry in decision.entries]
