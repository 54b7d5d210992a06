"""Fictional facts of realistic shapes, with a fixed seed: few nationalities that are many, many that are few."""

import random
from collections.abc import Sequence

from contacts.release.tally import Tally, Tallying
from contacts.statistics.fact import Fact, Unit

Codes = dict[str, tuple[str, ...]]

#: Rough weights of the reviews that are published: the first codes of a list are common, the last are rare.
_NATIONALITIES = ("NG", "UA", "VN", "BD", "NP", "IQ", "SO", "RU", "RO", "TH", "PH", "MA", "AF", "SY", "CM")
_FORMS = ("forced_labour", "sexual_exploitation", "forced_marriage", "forced_criminality", "other", "not_known")
_PLACES = ("finland", "abroad_home_country", "abroad_other", "not_known")
_RESIDENCE = ("permit_work", "asylum_pending", "none_expired", "citizen", "visa", "eu_citizen", "temporary_protection")
_AGES = ("18-29", "30-39", "40-49", "u18", "50-59", "60+", "not_known")
_PARTIES = (
    "immigration_service",
    "reception_centre",
    "legal_counsel",
    "police",
    "self",
    "ngo_other",
    "health",
    "shelter",
)
_OUTCOMES = (
    "general_consultation",
    "advice",
    "organisation_details_given",
    "proposal_consented",
    "silent",
    "wrong_number",
)
_WHO = ("self", "professional", "relative_friend", "public", "media_student", "employer")
_TOPICS = ("own_situation", "how_to_refer", "concern_for_another", "rights", "training", "media")


def month(chance: random.Random, half: str) -> str:
    """A month of a half-year."""
    return f"{half[:4]}-{chance.randint(1, 6) + (6 if half.endswith('2') else 0):02}"


def person(chance: random.Random) -> Codes:
    """The codes of somebody."""
    return {
        "nationality": (_one(chance, _NATIONALITIES),),
        "form": (_one(chance, _FORMS),),
        "place": (_one(chance, _PLACES),),
        "residence_then": (_one(chance, _RESIDENCE),),
        "age": (_one(chance, _AGES),),
        "gender": (chance.choices(("female", "male", "other"), (55, 44, 1))[0],),
        "minor_when_admitted": (chance.choices(("no", "yes"), (95, 5))[0],),
        "party": (_one(chance, _PARTIES),),
    }


def facts(seed: int, half: str, *, contacts: int, people: int) -> list[Fact]:
    """A half-year: contacts with their service facts, and people proposed, decided on, some of whom leave."""
    chance = random.Random(seed)
    found: list[Fact] = []
    for _ in range(contacts):
        channel = (_one(chance, ("phone", "chat", "form")),)
        when = month(chance, half)
        language = (chance.choices(("fi", "en", "sv", "uk"), (60, 25, 12, 3))[0],)
        codes: Codes = {
            "channel": channel,
            "language": language,
            "outcome": (_one(chance, _OUTCOMES),),
            "who": (_one(chance, _WHO),),
        }
        repeat: Codes = {"repeat_contact": ("yes",)} if chance.random() < 0.1 else {}
        found.append(Fact(unit=Unit.CONTACT, month=when, codes=codes | repeat | {"topic": (_one(chance, _TOPICS),)}))
        service: Codes = {
            "channel": channel,
            "answered": (chance.choices(("yes", "no"), (92, 8))[0],),
            "weekday": (str(chance.randint(1, 7)),),
            "band": (chance.choices(("00_to_04", "08_to_12", "12_to_16", "16_to_20"), (1, 4, 5, 3))[0],),
        }
        found.append(Fact(unit=Unit.SERVICE, month=when, codes=service, wait=chance.randint(0, 120) * 5))
    for _ in range(people):
        about = person(chance)
        found.append(Fact(unit=Unit.PROPOSAL, month=month(chance, half), codes=about))
        if chance.random() < 0.9:
            decision = chance.choices(("admitted_victim", "admitted_child", "not_admitted", "lapsed"), (70, 5, 20, 5))[
                0
            ]
            decided: Codes = about | {"decision": (decision,)}
            found.append(Fact(unit=Unit.DECISION, month=month(chance, half), codes=decided))
            if decision.startswith("admitted") and chance.random() < 0.2:
                found.append(Fact(unit=Unit.ENDED, month=month(chance, half), codes=decided))
    return found


def _one(chance: random.Random, codes: Sequence[str]) -> str:
    return chance.choices(codes, [2.0 ** -(place / 1.6) for place in range(len(codes))])[0]


def tally(seed: int, half: str, *, contacts: int, people: int) -> Tally:
    """The same, counted."""
    counting = Tallying(half)
    counting.add(facts(seed, half, contacts=contacts, people=people))
    return counting.tally()
