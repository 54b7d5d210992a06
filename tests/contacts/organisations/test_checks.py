from typing import Any

import pytest

from contacts.organisations.checks import Mistake, Wrong, is_email, is_number, is_website, mistakes
from contacts.organisations.fingerprint import fingerprint
from contacts.organisations.organisation import Channel, Entry
from contacts.organisations.profile import Phone, Profile, Text, profile_text, read_profile
from tests.contacts.organisations.made import entry


def test_an_entry_may_be_right_in_everything() -> None:
    assert mistakes(entry()) == []
    assert mistakes(Entry(name="Only a name")) == []


@pytest.mark.parametrize(
    ("changes", "path", "wrong"),
    [
        ({"name": " "}, "name", Wrong.MISSING),
        ({"name": "x" * 121}, "name", Wrong.TOO_LONG),
        ({"name": "a\nb"}, "name", Wrong.UNPRINTABLE),
        ({"email": "no"}, "email", Wrong.NOT_EMAIL),
        ({"recipient": "age1no"}, "recipient", Wrong.NOT_KEY),
        ({"recipient": "AGE-SECRET-KEY-1"}, "recipient", Wrong.PRIVATE_KEY),
        ({"recipient": "", "channels": frozenset({Channel.EMAIL})}, "recipient", Wrong.MISSING),
        ({"email": "", "channels": frozenset({Channel.EMAIL})}, "email", Wrong.MISSING),
        ({"profile": Profile()}, "listed", Wrong.NOTHING_SAID),
        ({"profile": Profile(texts={"xx": Text(name="x")}), "listed": False}, "texts.xx", Wrong.NOT_LANGUAGE),
        ({"profile": Profile(texts={"fi": Text(name="a\nb")}), "listed": False}, "texts.fi.name", Wrong.UNPRINTABLE),
        ({"profile": Profile(texts={"fi": Text(hours="x" * 301)}), "listed": False}, "texts.fi.hours", Wrong.TOO_LONG),
        ({"profile": Profile(phones=(Phone(number="call"),))}, "phones[0].number", Wrong.NOT_NUMBER),
        (
            {"profile": Profile(phones=(Phone(number="116 000", languages=("fi", "fi")),))},
            "phones[0].languages",
            Wrong.TWICE,
        ),
        ({"profile": Profile(phones=(Phone(number="116 000"),) * 5)}, "phones", Wrong.TOO_MANY),
        ({"profile": Profile(languages=("Finnish",)), "listed": False}, "languages[0]", Wrong.NOT_LANGUAGE),
        ({"profile": Profile(languages=("fi",) * 61), "listed": False}, "languages", Wrong.TOO_MANY),
        ({"profile": Profile(website="http://x.example")}, "website", Wrong.NOT_ADDRESS),
        (
            {"profile": Profile(texts={f"a{letter}": Text(name="x") for letter in "abcdefghijklm"}), "listed": False},
            "texts",
            Wrong.TOO_MANY,
        ),
    ],
)
def test_a_mistake_has_its_path(changes: dict[str, Any], path: str, wrong: Wrong) -> None:
    assert Mistake(path, wrong) in mistakes(entry(**changes))


@pytest.mark.parametrize("good", ["a@b.example", "first.last+x@mail.kunta.example", "o'neil@x.example"])
def test_an_address_stands_in_an_envelope_as_it_is(good: str) -> None:
    assert is_email(good)


@pytest.mark.parametrize(
    "bad",
    ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example\n", "a@b.example,c@d.example", "<a@b.example>",
     '"a"@b.example', "ä@b.example", "a..b@c.example", "a@-b.example", f"{'x' * 65}@b.example", f"a@{'b.' * 130}example"],
)  # fmt: skip
def test_anything_else_is_no_address(bad: str) -> None:
    assert not is_email(bad)


def test_numbers_have_a_country_code_or_are_short() -> None:
    assert all(is_number(good) for good in ("+358 9 000 0000", "+358 (9) 000-0000", "116 006", "116006"))
    for bad in (
        "09 000 0000",
        "112 ",
        "+0 123 4567",
        "12",
        "1234567",
        "+358",
        "+358 9 000 0000 0000 000",
        "++358 9 000 0000",
        "٣٣٣",
    ):
        assert not is_number(bad)
    assert Phone(number="+358 (9) 000-0000").dialled == "+35890000000"


def test_websites_are_https_and_plain() -> None:
    assert all(is_website(good) for good in ("https://x.example", "https://X.example/a?b=c#d"))
    for bad in ("http://x.example", "https://u@x.example", "https://x.example:1", "https://x", "https://x.example/ä",
                "javascript:alert(1)", "https://x.example/a b", "https://[", "https://x.example/" + "a" * 300):  # fmt: skip
        assert not is_website(bad)


def test_a_fingerprint_is_eight_groups_that_another_key_does_not_have() -> None:
    groups = fingerprint("age1x").split()
    assert [len(group) for group in groups] == [4] * 8
    assert fingerprint("age1y").split() != groups


def test_a_fingerprint_is_what_a_partner_computes_with_ordinary_tools() -> None:
    """The first 32 digits of `printf %s age1... | sha256sum`."""
    assert fingerprint("abc") == "ba78 16bf 8f01 cfea 4141 40de 5dae 2223"


def test_what_is_said_in_no_language_of_the_reader_is_said_in_the_nearest() -> None:
    profile = Profile(texts={"fi": Text(name="Talo", hours="9-17"), "sv": Text(name="Huset")})
    assert profile.said("sv", "name") == ("Huset", "sv")
    assert profile.said("sv", "hours") == ("9-17", "fi")
    assert profile.said("en", "name", ("sv",)) == ("Huset", "sv")
    assert profile.said("en", "description") == ("", "en")
    assert (Text().empty, Text(hours="x").empty) == (True, False)


def test_a_profile_is_kept_as_one_text() -> None:
    profile = entry().profile
    assert read_profile(profile_text(profile)) == profile
