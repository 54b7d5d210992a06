import pytest

from contacts.chance import fresh_key
from contacts.framing import Deployment
from contacts.people import Person, Role, Standing
from contacts.session import Ended, Session
from contacts.staff_keys import Closed, StaffKeys
from storage.ids import StaffId


@pytest.fixture
def session() -> Session:
    anna = StaffId("a" * 32)
    person = Person(
        id=anna, login="anna", alias="Anna", role=Role.OPERATOR, languages=("fi",), state=Standing.ACTIVE, made_at=0
    )
    keys = StaffKeys(staff=anna, seed=fresh_key(), deployment=Deployment("d"))
    return Session(session_id="s" * 32, person=person, keys=keys, made_at=0)


def test_a_session_that_ends_forgets_its_keys(session: Session) -> None:
    session.end(Ended.REVOKED)
    with pytest.raises(Closed):
        _ = session.keys.exchange


def test_listeners_hear_of_the_end_once_and_why(session: Session) -> None:
    heard: list[Ended] = []
    session.on_end(heard.append)
    session.end(Ended.REPLACED)
    session.end(Ended.IDLE)
    assert heard == [Ended.REPLACED]
    assert session.ended is Ended.REPLACED


def test_who_stopped_listening_hears_nothing(session: Session) -> None:
    heard: list[Ended] = []
    stop = session.on_end(heard.append)
    stop()
    stop()
    session.end(Ended.IDLE)
    assert heard == []


def test_who_listens_too_late_hears_at_once(session: Session) -> None:
    session.end(Ended.SIGNED_OUT)
    heard: list[Ended] = []
    session.on_end(heard.append)()
    assert heard == [Ended.SIGNED_OUT]


def test_a_session_prints_no_key_and_no_name(session: Session) -> None:
    assert repr(session) == "Session(ssssss, operator)"


def test_the_desk_locks_and_unlocks_with_its_turns_and_tells_who_listens(session: Session) -> None:
    heard: list[bool] = []
    stop = session.on_turn(lambda: heard.append(session.locked))
    session.turned(1)
    session.turned(1)  # told again
    session.turned(2)
    session.turned(1)  # told late
    session.turned(4)  # locked and unlocked again in between: nothing is different
    assert (heard, session.locked) == ([True, False], False)
    stop()
    stop()
    session.turned(5)
    assert (heard, session.locked) == ([True, False], True)
