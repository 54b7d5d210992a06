"""Handing over: every version keeps one contract, and SMTP tells what is certain from what is not."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from contacts.forwarding.post import (
    ATTACHMENT,
    BODY,
    SUBJECT,
    FolderPost,
    Letter,
    MemoryPost,
    NoPost,
    NotHandedOver,
    Post,
    Reason,
    Unconfirmed,
)
from contacts.forwarding.smtp_post import MailServer, SmtpPost, Tls, is_this_machine
from contacts.words import Words
from storage.clock import ManualClock
from tests.mail import PASSWORD, USER, Catcher, Certificate, anything, catching
from tests.stores import NOON

TO = "turva@majakka.example"
SENDER = "posti@palvelu.example"
LETTER = Letter(TO, b"age-encryption.org/v1\n\x00\xff" * 500)
CERTIFICATE = Certificate()


def smtp(
    port: int, tls: Tls = Tls.NONE, *, password: str | None = None, trusting: bool = True, host: str = "127.0.0.1"
) -> SmtpPost:
    server = MailServer(
        host=host,
        port=port,
        tls=tls,
        sender=SENDER,
        user=USER,
        password=None if password is None else Words(password),
    )
    return SmtpPost(server=server, clock=ManualClock(NOON), trust=CERTIFICATE.trusting if trusting else None, seconds=5)


@asynccontextmanager
async def version(name: str, folder: Path) -> AsyncIterator[tuple[Post, Callable[[], list[bytes]]]]:
    """A post, and what has arrived through it."""
    async with AsyncExitStack() as stack:
        if name == "memory":
            memory = MemoryPost()
            yield memory, lambda: [letter.content for letter in memory.arrived]
        elif name == "folder":
            yield FolderPost(folder / "post"), lambda: [path.read_bytes() for path in sorted(folder.rglob("*.age"))]
        else:
            tls = Tls(name)
            certificate = None if tls is Tls.NONE else CERTIFICATE
            catcher = await stack.enter_async_context(
                catching(anything(TO), tls=certificate, implicit=tls is Tls.IMPLICIT)
            )
            yield smtp(catcher.port, tls), catcher.contents


@pytest.mark.parametrize("name", ["memory", "folder", "none", "starttls", "implicit"])
async def test_what_is_handed_over_arrives_once_as_it_was(name: str, tmp_path: Path) -> None:
    async with version(name, tmp_path) as (post, arrived):
        await post.hand_over(LETTER)
        assert arrived() == [LETTER.content]


async def test_a_message_says_the_same_whoever_it_is_about() -> None:
    async with catching(anything(TO)) as catcher:
        for content in (b"one", b"two" * 1000):
            await smtp(catcher.port).hand_over(Letter(TO, content))
        assert catcher.greetings == ["palvelu.example"] * 2, "not this machine's name"
    messages = [message for _, message in catcher.arrived]
    for message in messages:
        assert isinstance(message, EmailMessage)
        assert (message["Subject"], message["From"], message["To"]) == (SUBJECT, SENDER, TO)
        body, attachment = message.iter_parts()
        assert isinstance(body, EmailMessage)
        assert body.get_content().split() == BODY.split()
        assert attachment.get_filename() == ATTACHMENT
        assert message["Auto-Submitted"] == "auto-generated"
        assert socket.gethostname() not in str(message["Message-ID"])
        assert message.keys() == messages[0].keys()


async def test_signing_in_happens_inside_tls() -> None:
    async with catching(anything(TO), tls=CERTIFICATE, sign_in=True) as catcher:
        await smtp(catcher.port, Tls.STARTTLS, password=PASSWORD).hand_over(LETTER)
        assert len(catcher.arrived) == 1
        with pytest.raises(NotHandedOver) as refused:
            await smtp(catcher.port, Tls.STARTTLS, password="wrong").hand_over(LETTER)
        assert refused.value.reason is Reason.NOT_ADMITTED


async def test_a_certificate_of_somebody_else_gets_nothing() -> None:
    for implicit in (True, False):
        async with catching(anything(), tls=CERTIFICATE, implicit=implicit) as catcher:
            with pytest.raises(NotHandedOver) as refused:
                await smtp(catcher.port, Tls.IMPLICIT if implicit else Tls.STARTTLS, trusting=False).hand_over(LETTER)
            assert refused.value.reason is Reason.NOT_SECURE
            assert catcher.arrived == []


async def test_a_server_without_tls_gets_nothing() -> None:
    async with catching(anything()) as catcher:
        with pytest.raises(NotHandedOver) as refused:
            await smtp(catcher.port, Tls.STARTTLS).hand_over(LETTER)
        assert refused.value.reason is Reason.NOT_SECURE


def test_without_tls_only_to_this_machine() -> None:
    with pytest.raises(ValueError, match="this machine"):
        MailServer(host="mail.example", port=25, tls=Tls.NONE, sender=SENDER)
    assert is_this_machine("localhost")
    assert is_this_machine("::1")
    assert not is_this_machine("10.0.0.1")


async def test_nobody_listening_is_certain() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotHandedOver) as refused:
        await smtp(port).hand_over(LETTER)
    assert refused.value.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"to_recipient": "550 no such box"}, Reason.REFUSED),
        ({"to_recipient": "450 later"}, Reason.LATER),
        ({"answer": "554 not this"}, Reason.REFUSED),
        ({"answer": "451 later"}, Reason.LATER),
    ],
)
async def test_a_refusal_is_certain(change: dict[str, str], reason: Reason) -> None:
    async with catching(anything(TO)) as catcher:
        for name, value in change.items():
            setattr(catcher, name, value)
        with pytest.raises(NotHandedOver) as refused:
            await smtp(catcher.port).hand_over(LETTER)
        assert refused.value.reason is reason
        assert catcher.arrived == []


async def test_a_line_that_is_cut_while_the_message_travels_leaves_it_unconfirmed() -> None:
    async with catching(anything(TO)) as catcher:
        catcher.cut = True
        with pytest.raises(Unconfirmed):
            await smtp(catcher.port).hand_over(LETTER)
        assert isinstance(catcher, Catcher)
        assert len(catcher.arrived) == 1, "it may have arrived, and here it has"


async def test_a_post_that_is_not_set_up_hands_nothing_over() -> None:
    with pytest.raises(NotHandedOver) as refused:
        await NoPost().hand_over(LETTER)
    assert refused.value.reason is Reason.NOT_SET_UP


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file stands there")
    with pytest.raises(Unconfirmed):
        await FolderPost(tmp_path / "post").hand_over(LETTER)


async def test_memory_can_be_told_to_fail() -> None:
    post = MemoryPost()
    post.fails = [NotHandedOver(Reason.LATER), None]
    with pytest.raises(NotHandedOver):
        await post.hand_over(LETTER)
    await post.hand_over(LETTER)
    assert post.arrived == [LETTER]
