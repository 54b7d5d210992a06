"""The demo's organisations and wordings, made without its people's passphrases being stretched for long."""

import asyncio
import stat

import pytest
from pyrage import decrypt, encrypt, x25519

from config.demo import prepare
from config.demo_partners import KEYS
from config.demo_wordings import WORDINGS
from config.office import office
from config.partners import partners
from config.resources import resources
from config.settings import Mode, Settings
from contacts.organisations.organisation import Channel, Organisation, Scope
from contacts.organisations.purposes import Purpose, wording_mistakes
from contacts.organisations.wordings import Wording


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(mode=Mode.DEMO, data_dir=tmp_path_factory.mktemp("demo"))
    prepare(settings)
    return settings


def made(demo: Settings) -> tuple[list[Organisation], list[Wording]]:
    async def ask() -> tuple[list[Organisation], list[Wording]]:
        async with resources(demo) as held, held.store.read() as conn:
            kept = partners(held, office(held))
            return (await kept.organisations.believed(conn))[0], await kept.wordings.everything(conn)

    return asyncio.run(ask())


def test_three_organisations_can_be_chosen_and_one_takes_proposals(demo: Settings) -> None:
    organisations, _ = made(demo)
    assert len(organisations) == 3
    assert all(one.entry.listed and one.active for one in organisations)
    assert [one.name for one in organisations if one.takes(Scope.PROPOSAL)] == ["Saarnin auttamisjärjestelmä"]
    assert [one.reached_by(Channel.EMAIL) for one in organisations] == [False, True, True]


def test_what_is_sealed_to_a_demo_organisation_opens_with_the_key_in_its_folder(demo: Settings) -> None:
    organisations, _ = made(demo)
    folder = demo.folder / KEYS
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    by_key = {one.entry.recipient: one for one in organisations}
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        secret = x25519.Identity.from_str(path.read_text().splitlines()[-1])
        public = str(secret.to_public())
        assert public in by_key
        assert decrypt(encrypt(b"hei", [x25519.Recipient.from_str(public)]), [secret]) == b"hei"
    assert len(list(folder.iterdir())) == 3


def test_every_purpose_has_an_approved_wording_in_every_language(demo: Settings) -> None:
    _, wordings = made(demo)
    assert {(one.purpose, one.language) for one in wordings} == {
        (purpose, language) for purpose in Purpose for language in ("fi", "sv", "en")
    }
    assert all(one.approved for one in wordings)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("purpose", Purpose)
def test_a_wording_is_short_and_whole(purpose: Purpose, language: str) -> None:
    text = WORDINGS[language][purpose]
    assert wording_mistakes(purpose, text) == []
    assert max(len(sentence.split()) for sentence in text.replace("?", ".").replace(":", ".").split(".")) <= 25
    assert len(text.split()) <= 130
