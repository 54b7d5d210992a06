"""Organisations that visitors see in tests."""

from contacts.organisations.organisation import Entry
from contacts.organisations.profile import Phone, Profile, Text

HARBOUR = Entry(
    name="Satamatalo ry",
    listed=True,
    email="secret-address@satamatalo.example",
    profile=Profile(
        texts={
            "en": Text(name="Harbour House", description="A safe place to stay.\nWe can fetch you.", hours="Every day"),
            "fi": Text(name="Satamatalo", description="Turvallinen paikka.", hours="Joka päivä klo 8–20"),
        },
        phones=(Phone(number="+358 9 000 0000", languages=("fi", "so")), Phone(number="116 000")),
        languages=("en", "fi", "so"),
        website="https://www.satamatalo.example/apua",
    ),
)
ISLAND = Entry(
    name="Abo <b>Hjälp</b>",
    listed=True,
    profile=Profile(
        texts={"sv": Text(description="Råd & stöd.")}, phones=(Phone(number="116 001"),), languages=("sv",)
    ),
)


async def organisations() -> list[Entry]:
    """Both of them."""
    return [ISLAND, HARBOUR]
