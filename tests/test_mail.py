"""The check of the whole session has teeth: a letter that no row allows is noticed."""

from contacts.forwarding.post import Letter
from contacts.forwarding.smtp_post import MailServer, SmtpPost, Tls
from storage.clock import ManualClock
from tests.mail import anything, catching
from tests.stores import NOON
from tests.trespasses import TRESPASSES


async def test_a_letter_without_a_row_is_noticed() -> None:
    async with catching(anything("allowed@majakka.example", most=1)) as catcher:
        server = MailServer(host="127.0.0.1", port=catcher.port, tls=Tls.NONE, sender="posti@palvelu.example")
        post = SmtpPost(server=server, clock=ManualClock(NOON), seconds=5)
        await post.hand_over(Letter("allowed@majakka.example", b"x"))
        assert TRESPASSES == []
        await post.hand_over(Letter("allowed@majakka.example", b"x"))
        await post.hand_over(Letter("another@majakka.example", b"x"))
        assert len(TRESPASSES) == 2
        TRESPASSES.clear()
