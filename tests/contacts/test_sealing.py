import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.chance import fresh_key, fresh_nonce
from contacts.contact import Author, Kind, Klass
from contacts.envelopes import Unopenable
from contacts.framing import Deployment
from contacts.padding import LONGEST, padded
from contacts.sealing import ContentKey, EntryName
from contacts.words import Words
from storage.ids import ContactId

CONTACT = ContactId("c" * 32)
HERE = Deployment("d" * 32)
SECRET = fresh_key()
NAME = EntryName(CONTACT, Klass.TRANSCRIPT, 1, 7, 0, Kind.MESSAGE, Author.VISITOR)


def key(
    *,
    deployment: Deployment = HERE,
    contact: ContactId = CONTACT,
    klass: Klass = Klass.TRANSCRIPT,
    segment: int = 1,
    secret: bytes = SECRET,
) -> ContentKey:
    return ContentKey(deployment=deployment, contact=contact, klass=klass, segment=segment, secret=secret)


@given(st.text(max_size=2_000))
def test_any_message_comes_back_unchanged(text: str) -> None:
    assert key().open(NAME, key().seal(NAME, Words(text))).reveal() == text


def test_the_size_tells_only_one_of_four_buckets() -> None:
    sizes = {len(key().seal(NAME, Words("x" * length))) for length in range(0, 2_000, 50)}
    assert sizes == {1 + 12 + bucket + 16 for bucket in (256, 1024, 4096)}


def test_the_same_words_are_never_sealed_alike() -> None:
    assert key().seal(NAME, Words("hei")) != key().seal(NAME, Words("hei"))


def test_words_that_fit_no_bucket_are_refused() -> None:
    with pytest.raises(ValueError, match="largest"):
        key().seal(NAME, Words("x" * (LONGEST + 1)))


def test_every_flipped_bit_of_a_sealed_entry_fails_closed() -> None:
    sealed = key().seal(NAME, Words("hei"))
    for bit in range(8 * len(sealed)):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            key().open(NAME, bytes(flipped))


def test_every_shortened_entry_fails_closed() -> None:
    sealed = key().seal(NAME, Words("hei"))
    for length in range(len(sealed)):
        with pytest.raises(Unopenable):
            key().open(NAME, sealed[:length])


@pytest.mark.parametrize(
    "elsewhere",
    [
        NAME._replace(kind=Kind.NOTE),
        NAME._replace(author=Author.WORKER),
        NAME._replace(seq=8),
        NAME._replace(revision=1),
        NAME._replace(table="notes"),
        NAME._replace(column="other"),
    ],
)
def test_an_entry_opens_in_its_own_place_only(elsewhere: EntryName) -> None:
    sealed = key().seal(NAME, Words("hei"))
    with pytest.raises(Unopenable):
        key().open(elsewhere, sealed)


def test_a_note_does_not_become_a_message() -> None:
    note = NAME._replace(kind=Kind.NOTE, author=Author.WORKER)
    sealed = key().seal(note, Words("for colleagues only"))
    with pytest.raises(Unopenable):
        key().open(note._replace(kind=Kind.MESSAGE), sealed)


@pytest.mark.parametrize(
    ("other", "name"),
    [
        (key(contact=ContactId("e" * 32)), NAME._replace(contact=ContactId("e" * 32))),
        (key(klass=Klass.RECORD), NAME._replace(klass=Klass.RECORD)),
        (key(segment=2), NAME._replace(segment=2)),
        (key(deployment=Deployment("f" * 32)), NAME),
        (key(secret=fresh_key()), NAME),
    ],
)
def test_even_the_same_secret_opens_no_entry_of_another_place(other: ContentKey, name: EntryName) -> None:
    sealed = key().seal(NAME, Words("hei"))
    with pytest.raises(Unopenable):
        other.open(name, sealed)


@pytest.mark.parametrize(
    "name", [NAME._replace(contact=ContactId("e" * 32)), NAME._replace(klass=Klass.RECORD), NAME._replace(segment=2)]
)
def test_a_key_seals_nothing_for_another_contact_class_or_segment(name: EntryName) -> None:
    with pytest.raises(ValueError, match="another key"):
        key().seal(name, Words("hei"))


def test_a_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(Unopenable):
        key(secret=b"short")


def test_bytes_that_are_no_text_do_not_open() -> None:
    content = key()
    nonce = fresh_nonce()
    sealed = b"\x01" + nonce + content._aead.encrypt(nonce, padded(b"\xff"), content._associated(NAME))
    with pytest.raises(Unopenable):
        content.open(NAME, sealed)


def test_one_key_seals_many_entries() -> None:
    content = key()
    names = [NAME._replace(seq=seq) for seq in range(5)]
    sealed = [content.seal(name, Words(str(name.seq))) for name in names]
    assert [content.open(*both).reveal() for both in zip(names, sealed, strict=True)] == ["0", "1", "2", "3", "4"]


def test_a_key_prints_nothing_of_itself() -> None:
    assert SECRET.hex() not in repr(key())
    assert repr(key()) == "ContentKey(transcript, 1)"


def test_a_fresh_key_is_like_no_other() -> None:
    fresh = [ContentKey.fresh(deployment=HERE, contact=CONTACT, klass=Klass.RECORD, segment=1) for _ in range(2)]
    assert fresh[0].secret() != fresh[1].secret()
