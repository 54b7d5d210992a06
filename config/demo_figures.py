"""The demo's two half-years of figures: everybody in them is made up. The same at every start."""

import random
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from config.counting import counting
from config.office import Office
from config.resources import Resources, alarm
from config.reviewing import reviewing
from contacts.keyring import Keyring
from contacts.statistics.fact import Fact, Unit
from contacts.statistics.periods import Period

Shares = Mapping[str, int]
Codes = dict[str, tuple[str, ...]]


class _Half(Struct, frozen=True, kw_only=True):
    """A half-year. Numbers by code; together they make the number of people or contacts."""

    proposals: Shares
    others: Shares
    children: int
    forms: Shares
    places: Shares
    nationalities: Shares
    residence: Shares
    ages: Shares
    genders: Shares
    channels: Shares
    unserved: Shares
    ended: int


_SPRING_2025: Final = _Half(
    proposals={
        "immigration_service": 21, "legal_counsel": 13, "reception_centre": 11, "police": 8, "self": 7, "ngo_other": 6,
        "health": 3, "congregation": 2,
    },
    others={"not_admitted": 9, "lapsed": 3},
    children=8,
    forms={"forced_labour": 26, "sexual_exploitation": 12, "forced_marriage": 6, "forced_criminality": 3, "unclear": 2},
    places={"finland": 25, "abroad_home_country": 13, "abroad_other": 11},
    nationalities={"NG": 9, "NP": 8, "UA": 7, "BD": 6, "VN": 6, "IQ": 5, "SO": 3, "TH": 2, "PH": 2, "MA": 1},
    residence={"permit_work": 17, "asylum_pending": 13, "none_expired": 9, "citizen": 5, "temporary_protection": 5},
    ages={"18-29": 19, "30-39": 17, "40-49": 8, "50-59": 3, "u18": 2},
    genders={"female": 26, "male": 21, "other": 2},
    channels={"phone": 196, "chat": 109, "form": 51},
    unserved={"phone": 4, "chat": 2},
    ended=12,
)  # fmt: skip
_SPRING_2026: Final = _Half(
    proposals={
        "immigration_service": 24, "legal_counsel": 16, "reception_centre": 12, "police": 10, "self": 8, "ngo_other": 6,
        "health": 3, "shelter": 3, "trade_union": 2,
    },
    others={"not_admitted": 10, "lapsed": 3},
    children=11,
    forms={"forced_labour": 31, "sexual_exploitation": 13, "forced_marriage": 8, "forced_criminality": 3, "begging": 3},
    places={"finland": 28, "abroad_home_country": 17, "abroad_other": 13},
    nationalities={"NP": 11, "NG": 10, "UA": 9, "BD": 8, "VN": 7, "IQ": 5, "SO": 3, "TH": 3, "CM": 2},
    residence={"permit_work": 22, "asylum_pending": 13, "none_expired": 10, "temporary_protection": 8, "citizen": 5},
    ages={"18-29": 21, "30-39": 19, "40-49": 10, "50-59": 5, "u18": 3},
    genders={"female": 30, "male": 26, "other": 2},
    channels={"phone": 231, "chat": 128, "form": 53},
    unserved={"phone": 6, "chat": 3},
    ended=15,
)  # fmt: skip
HALVES: Final = {Period("2025H1"): _SPRING_2025, Period("2026H1"): _SPRING_2026}

_OUTCOMES: Final = {
    "general_consultation": 32, "advice": 24, "organisation_details_given": 14, "proposal_consented": 9,
    "referral_consented": 6, "callback_agreed": 5, "consent_refused": 2, "silent": 5, "left_quickly": 2, "wrong_number": 1,
}  # fmt: skip
_WHO: Final = {
    "professional": 40, "self": 30, "relative_friend": 10, "public": 7, "media_student": 6, "employer": 3, "other": 4,
}  # fmt: skip
_TOPICS: Final = {
    "own_situation": 28, "how_to_refer": 24, "identification_advice": 16, "concern_for_another": 14, "rights": 10,
    "training": 5, "media": 3,
}  # fmt: skip
_BANDS: Final = {"00_to_04": 3, "04_to_08": 4, "08_to_12": 34, "12_to_16": 36, "16_to_20": 16, "20_to_24": 7}
_LANGUAGES: Final = {"fi": 58, "en": 30, "sv": 12}


async def counted(held: Resources, people: Office) -> None:
    """Seal them into their half-years."""
    keyring = Keyring(app_key=held.app_key, deployment=held.deployment, epochs=people.epochs, alarm=alarm)
    made = reviewing(held, people, counting(held, people, keyring=keyring))
    async with held.store.write() as conn:
        await made.loading.bring(conn, ((period, fact) for period in HALVES for fact in facts(period)))


def facts(period: Period) -> Iterator[Fact]:
    """Everything counted in one of the two."""
    chance, half = random.Random(period), HALVES[period]  # noqa: S311 - the same at every start
    yield from _people(chance, period, half)
    for channel, number in half.channels.items():
        for place in range(number):
            yield from _contact(chance, period, channel, unserved=place < half.unserved.get(channel, 0))


def _people(chance: random.Random, period: Period, half: _Half) -> Iterator[Fact]:
    number = sum(half.forms.values())
    ways = {
        "form": half.forms, "place": half.places, "nationality": half.nationalities, "residence_then": half.residence,
        "age": half.ages, "gender": half.genders,
    }  # fmt: skip
    columns = {name: _spread(chance, shares) for name, shares in ways.items()}
    admitted: list[Codes] = [{name: (column[at],) for name, column in columns.items()} for at in range(number)]
    children: list[Codes] = [
        {"nationality": admitted[at]["nationality"], "gender": (chance.choice(("female", "male")),), "age": ("u18",)}
        for at in range(half.children)
    ]
    others = _spread(chance, half.others)
    unknown: list[Codes] = [{"gender": ("female",)} for _ in others]
    everybody = [*admitted, *children, *unknown]
    parties = _spread(chance, half.proposals)
    for place, party in enumerate(parties):
        codes = everybody[place] if place < len(everybody) else {}
        yield Fact(unit=Unit.PROPOSAL, month=_month(chance, period), codes=codes | {"party": (party,)})
    told = ["admitted_victim"] * number + ["admitted_child"] * half.children + others
    for codes, decision in zip(everybody, told, strict=True):
        yield Fact(unit=Unit.DECISION, month=_month(chance, period), codes=codes | {"decision": (decision,)})
    for codes in admitted[: half.ended]:
        left = codes | {"decision": ("admitted_victim",)}
        yield Fact(unit=Unit.ENDED, month=_month(chance, period), codes=left)


def _contact(chance: random.Random, period: Period, channel: str, *, unserved: bool) -> Iterator[Fact]:
    month, language = _month(chance, period), (_one(chance, _LANGUAGES),)
    known: Codes = {"channel": (channel,), "language": language}
    outcome = "unserved" if unserved else _one(chance, _OUTCOMES)
    said: Codes = {"outcome": (outcome,)}
    if not unserved:
        said |= {"who": (_one(chance, _WHO),), "topic": (_one(chance, _TOPICS),)}
    yield Fact(unit=Unit.CONTACT, month=month, codes=known | said)
    served: Codes = known | {
        "weekday": (str(chance.choices(range(1, 8), (17, 19, 18, 17, 15, 7, 7))[0]),),
        "band": (_one(chance, _BANDS),),
        "answered": ("no" if unserved else "yes",),
        "outcome": ("unserved" if unserved else "worker",),
    }
    wait = None if channel == "form" else min(int(chance.expovariate(1 / 70)), 900) // 5 * 5
    yield Fact(unit=Unit.SERVICE, month=month, codes=served, wait=wait)


def _spread(chance: random.Random, shares: Shares) -> list[str]:
    said = [code for code, number in shares.items() for _ in range(number)]
    chance.shuffle(said)
    return said


def _one(chance: random.Random, shares: Shares) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _month(chance: random.Random, period: Period) -> str:
    return f"{period[:4]}-{chance.randint(1, 6) + (6 if period.endswith('2') else 0):02}"
