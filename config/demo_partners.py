"""The demo's organisations, which do not exist, with keys that do; and its approved wordings.

The secret halves of the keys lie in `DATA_DIR/demo/organisation-keys`, so that what the demo sends can be opened.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

from config.demo_wordings import WORDINGS
from config.office import Office
from config.partners import Partners, partners
from config.resources import Resources
from contacts.organisations.organisation import Channel, Entry, Scope
from contacts.organisations.profile import Phone, Profile, Text
from storage.engine import Connection
from storage.ids import StaffId

KEYS: Final = "organisation-keys"
_ALL = frozenset(Channel)

#: File of the key -> entry. Numbers are of the range that is kept free for stories; addresses end in .example.
ORGANISATIONS: Final = {
    "saarni": Entry(
        name="Saarnin auttamisjärjestelmä",
        profile=Profile(
            texts={
                "fi": Text(
                    name="Saarnin auttamisjärjestelmä",
                    description="Turvaa, asuminen, lakiapua ja tukea. Apu on vapaaehtoista ja maksutonta.",
                    hours="Puhelin vastaa joka päivä, yötä päivää.",
                ),
                "sv": Text(
                    name="Saarnis hjälpsystem",
                    description="Trygghet, boende, rättshjälp och stöd. Hjälpen är frivillig och gratis.",
                    hours="Telefonen svarar varje dag, dygnet runt.",
                ),
                "en": Text(
                    name="Saarni Assistance System",
                    description="Safety, housing, legal help and support. The help is voluntary and free.",
                    hours="The telephone answers every day, day and night.",
                ),
            },
            phones=(Phone(number="+46 8 465 004 21"),),
            languages=("fi", "sv", "en", "ar", "fa", "ru", "so", "th", "uk", "vi"),
            website="https://saarni.example/",
        ),
        listed=True,
        takes=frozenset({Scope.PROPOSAL}),
        channels=_ALL,
        email="esitykset@saarni.example",
    ),
    "satamatalo": Entry(
        name="Satamatalo ry",
        profile=Profile(
            texts={
                "fi": Text(
                    name="Satamatalo",
                    description="Turvallinen paikka asua, kun kotona tai työpaikalla on vaarallista. Osoite on salainen.",
                    hours="Joka päivä, yötä päivää.",
                ),
                "sv": Text(
                    name="Hamnhuset",
                    description="Ett tryggt boende när det är farligt hemma eller på jobbet. Adressen är hemlig.",
                    hours="Varje dag, dygnet runt.",
                ),
                "en": Text(
                    name="Harbour House",
                    description="A safe place to stay when home or work is dangerous. The address is secret.",
                    hours="Every day, day and night.",
                ),
            },
            phones=(Phone(number="+46 8 465 004 22"), Phone(number="+46 8 465 004 23", languages=("ar", "ckb", "fa"))),
            languages=("fi", "sv", "en", "ar", "ckb", "fa"),
            website="https://satamatalo.example/",
        ),
        listed=True,
        takes=frozenset({Scope.REFERRAL}),
        channels=_ALL,
        email="apua@satamatalo.example",
    ),
    "pihlaja": Entry(
        name="Lakituki Pihlaja",
        profile=Profile(
            texts={
                "fi": Text(
                    description="Lakimies neuvoo työstä, palkasta ja oleskeluluvasta. Neuvonta ei maksa mitään.",
                    hours="Maanantaista torstaihin kello 10–15.",
                ),
                "sv": Text(
                    description="En jurist ger råd om arbete, lön och uppehållstillstånd. Rådgivningen kostar ingenting.",
                    hours="Måndag till torsdag klockan 10–15.",
                ),
                "en": Text(
                    name="Pihlaja Legal Aid",
                    description="A lawyer gives advice about work, pay and residence permits. It costs nothing.",
                    hours="Monday to Thursday, 10:00–15:00.",
                ),
            },
            phones=(Phone(number="+46 8 465 004 24"),),
            languages=("fi", "en", "ru", "vi"),
            website="https://pihlaja.example/",
        ),
        listed=True,
        takes=frozenset({Scope.REFERRAL}),
        channels=frozenset({Channel.SPOKEN, Channel.DOWNLOAD}),
        email="posti@pihlaja.example",
    ),
}
#: Whose key the demo's lead has compared; the other one waits for it.
_COMPARED = ("saarni", "satamatalo")


async def partnered(held: Resources, people: Office, *, folder: Path) -> None:
    """Write organisations, keys and wordings. `folder`: the demo's own."""
    made = partners(held, people)
    keys = folder / KEYS
    keys.mkdir(mode=0o700, exist_ok=True)
    async with held.store.write() as conn:
        lead = next(one.id for one in (await people.people.everybody(conn)).values() if one.login == "kaisa")
        for name, entry in ORGANISATIONS.items():
            await _organisation(conn, made, replace(entry, recipient=_key(keys / f"{name}.txt")), name, lead)
        for language, texts in WORDINGS.items():
            for purpose, text in texts.items():
                draft = await made.wordings.draft(conn, purpose, language, text, by=None, revision=None)
                await made.wordings.approve(conn, purpose, language, revision=draft.revision, by=lead)


async def _organisation(conn: Connection, made: Partners, entry: Entry, name: str, lead: StaffId) -> None:
    """Added without secure e-mail, which waits for the comparison of the key."""
    first = replace(entry, channels=entry.channels - {Channel.EMAIL})
    one = await made.organisations.add(conn, first, by=lead)
    if name in _COMPARED:
        one = await made.organisations.verify(conn, one.id, revision=one.revision, by=lead)
        await made.organisations.change(conn, one.id, entry, revision=one.revision, by=lead)


def _key(path: Path) -> str:
    """A fresh age key: the secret half into a file of its own, as `age-keygen` writes it; the public half."""
    from pyrage import x25519  # noqa: PLC0415 - loads a library of its own

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public
