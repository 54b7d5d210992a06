import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.organisations.checks import NotAccepted, Wrong, mistakes
from contacts.organisations.hsds import MOST, Told, read, written
from contacts.organisations.organisation import Channel, Entry, Organisation, Scope
from contacts.organisations.profile import Phone, Profile, Text
from storage.ids import OrganisationId, StaffId
from tests.contacts.organisations.made import KEY, OTHER_KEY, entry

NAME = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" \n"), max_size=30)
CODE = st.sampled_from(["fi", "sv", "en", "so", "ckb", "ar"])
CODES = st.lists(CODE, unique=True, max_size=4).map(tuple)
PHONES = st.lists(
    st.builds(Phone, number=st.sampled_from(["+358 9 000 0000", "116 000", "+46-8-000 000"]), languages=CODES),
    max_size=3,
).map(tuple)
PROFILES = st.builds(
    Profile,
    texts=st.dictionaries(CODE, st.builds(Text, name=NAME, description=WORDS, hours=WORDS), max_size=3),
    phones=PHONES,
    languages=CODES,
    website=st.sampled_from(["", "https://x.example", "https://x.example/a?b=c"]),
)
ENTRIES = st.builds(
    Entry,
    name=NAME,
    profile=PROFILES,
    listed=st.booleans(),
    takes=st.frozensets(st.sampled_from(Scope)),
    channels=st.frozensets(st.sampled_from(Channel)),
    email=st.sampled_from(["", "a@b.example"]),
    recipient=st.sampled_from(["", KEY, OTHER_KEY]),
).filter(lambda made: not mistakes(made))
ORGANISATIONS = st.builds(
    Organisation,
    id=st.uuids().map(lambda found: OrganisationId(found.hex)),
    entry=ENTRIES,
    active=st.booleans(),
    revision=st.integers(1, 9),
    changed_by=st.none(),
    changed_at=st.just(0),
    verified_by=st.just(StaffId("somebody")),
    verified_at=st.just(1),
)


@given(st.lists(ORGANISATIONS, max_size=4, unique_by=lambda one: one.id))
def test_what_is_written_is_read_again_without_loss(organisations: list[Organisation]) -> None:
    found = read(written(organisations, language="fi"), language="sv")
    assert found.lost == []
    assert found.organisations == [Told(id=one.id, entry=one.entry, active=one.active) for one in organisations]


@given(st.lists(ORGANISATIONS, min_size=1, max_size=2, unique_by=lambda one: one.id))
def test_no_verification_travels(organisations: list[Organisation]) -> None:
    strangers = [replace(one, verified_by=None, verified_at=None) for one in organisations]
    assert written(organisations, language="fi") == written(strangers, language="fi")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "fi", "x@y", "age1x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "name", "email", "phones", "services", "languages", "code", "number", "quietline", "texts",
                         "takes", "channels", "schedules", "description", "active", "x"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(JSON, max_size=3))
def test_whatever_a_file_holds_it_is_read_or_refused_with_paths(rows: list[Any]) -> None:
    try:
        found = read(json.dumps({"organizations": rows}), language="fi")
    except NotAccepted as refused:
        paths = [one.path for one in refused.mistakes]
    else:
        paths = []
        assert len(found.organisations) == len(rows)
        assert not any(mistakes(told.entry) for told in found.organisations)
    assert all(path.startswith("organizations[") for path in paths)


@pytest.mark.parametrize(
    ("text", "path", "wrong"),
    [
        ("", "", Wrong.WRONG_SHAPE),
        (b"\xff\xfe", "", Wrong.WRONG_SHAPE),
        ("[]", "organizations", Wrong.WRONG_SHAPE),
        ('{"organizations": 1}', "organizations", Wrong.WRONG_SHAPE),
        ('{"quietline": 2, "organizations": []}', "quietline", Wrong.WRONG_SHAPE),
        (json.dumps({"organizations": [{}] * (MOST + 1)}), "organizations", Wrong.TOO_MANY),
        ('{"organizations": [1]}', "organizations[0]", Wrong.WRONG_SHAPE),
        ('{"organizations": [{"id": "x"}]}', "organizations[0].id", Wrong.WRONG_SHAPE),
        ('{"organizations": [{"name": ""}]}', "organizations[0].name", Wrong.MISSING),
        ('{"organizations": [{"name": 1}]}', "organizations[0].name", Wrong.WRONG_SHAPE),
        ('{"organizations": [{"name": "x", "phones": [{}]}]}', "organizations[0].phones[0].number", Wrong.NOT_NUMBER),
        ('{"organizations": [{"name": "x", "phones": {}}]}', "organizations[0].phones", Wrong.WRONG_SHAPE),
        (
            '{"organizations": [{"name": "x", "services": [{"languages": [{"code": "Finnish"}]}]}]}',
            "organizations[0].services[0].languages[0]",
            Wrong.NOT_LANGUAGE,
        ),
        (
            '{"organizations": [{"name": "x", "quietline": {"channels": ["pigeon"]}}]}',
            "organizations[0].quietline.channels[0]",
            Wrong.WRONG_SHAPE,
        ),
        (
            '{"organizations": [{"name": "x", "quietline": {"listed": "yes"}}]}',
            "organizations[0].quietline.listed",
            Wrong.WRONG_SHAPE,
        ),
        (
            '{"organizations": [{"name": "x", "quietline": {"recipient": "age1no"}}]}',
            "organizations[0].quietline.recipient",
            Wrong.NOT_KEY,
        ),
    ],
)
def test_a_mistake_in_a_file_has_its_path(text: str | bytes, path: str, wrong: Wrong) -> None:
    with pytest.raises(NotAccepted) as refused:
        read(text, language="fi")
    assert [(one.path, one.wrong) for one in refused.value.mistakes] == [(path, wrong)]


def test_every_mistake_is_named_at_once() -> None:
    rows = [{"name": ""}, {"name": "x", "email": "y"}, {"name": "z", "website": "http://z.example"}]
    with pytest.raises(NotAccepted) as refused:
        read(json.dumps({"organizations": rows}), language="fi")
    assert [one.path for one in refused.value.mistakes] == [
        "organizations[0].name",
        "organizations[1].email",
        "organizations[2].website",
    ]


def test_an_organisation_is_in_a_file_once() -> None:
    identity = "0b1f9bde-2f1f-4a51-8f0e-3d8b1f8d7a10"
    rows = [{"id": identity, "name": "x"}, {"id": identity, "name": "y"}]
    with pytest.raises(NotAccepted) as refused:
        read(json.dumps({"organizations": rows}), language="fi")
    assert [(one.path, one.wrong) for one in refused.value.mistakes] == [("organizations[1].id", Wrong.TWICE)]


def test_a_file_of_somebody_else_is_read_and_what_has_no_place_is_named() -> None:
    theirs = {
        "organizations": [
            {
                "id": "0b1f9bde-2f1f-4a51-8f0e-3d8b1f8d7a10",
                "name": "Harbour House",
                "description": "A safe place to stay.",
                "year_incorporated": 1999,
                "phones": [
                    {"number": "+358 9 000 0000", "type": "voice", "languages": [{"code": "fi", "name": "Finnish"}]}
                ],
                "services": [
                    {
                        "name": "Shelter",
                        "status": "active",
                        "fees_description": "free",
                        "languages": [{"code": "fi"}, {"code": "en"}],
                        "schedules": [{"description": "Every day 8-20"}, {"byday": "MO", "opens_at": "09:00"}],
                    },
                    {"name": "Advice"},
                ],
            }
        ],
        "total_items": 1,
    }
    found = read(json.dumps(theirs), language="en")
    told = found.organisations[0]
    assert told.entry == Entry(
        name="Harbour House",
        profile=Profile(
            texts={"en": Text(description="A safe place to stay.", hours="Every day 8-20")},
            phones=(Phone(number="+358 9 000 0000", languages=("fi",)),),
            languages=("fi", "en"),
        ),
    )
    assert sorted(found.lost) == [
        "organizations[0].phones[0].languages[0].name",
        "organizations[0].phones[0].type",
        "organizations[0].services[0].fees_description",
        "organizations[0].services[0].schedules[1].byday",
        "organizations[0].services[0].schedules[1].opens_at",
        "organizations[0].services[1]",
        "organizations[0].year_incorporated",
        "total_items",
    ]


def test_a_file_says_what_hsds_asks_for() -> None:
    one = Organisation(
        id=OrganisationId("0b" * 16), entry=entry(), active=True, revision=1, changed_by=None, changed_at=0
    )
    row = json.loads(written([one], language="fi"))["organizations"][0]
    assert (row["name"], row["description"], row["website"]) == (
        "Satamatalo ry", "Turvallinen paikka.", "https://satamatalo.example/apua",
    )  # fmt: skip
    assert [phone["number"] for phone in row["phones"]] == ["+358 9 000 0000", "116 000"]
    service = row["services"][0]
    assert service["organization_id"] == row["id"]
    assert (service["status"], service["schedules"]) == ("active", [{"description": "Joka päivä 8-20"}])
    assert [language["code"] for language in service["languages"]] == ["fi", "en", "so"]
