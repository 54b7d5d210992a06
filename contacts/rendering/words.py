"""Words of the review that are no code of the record: units, dimensions, categories that publication makes. Data.

Finnish titles want the genitive, so a dimension has a second form (`BY`): "Esitykset esittävän tahon mukaan".
"""

from collections.abc import Mapping
from typing import Final

Texts = Mapping[str, str]


def _texts(fi: str, sv: str, en: str) -> Texts:
    return {"fi": fi, "sv": sv, "en": en}


UNITS: Final[Mapping[str, Texts]] = {
    "proposals": _texts("Esitykset", "Framställningar", "Proposals"),
    "decisions": _texts("Päätökset", "Beslut", "Decisions"),
    "clients": _texts("Uudet asiakkaat", "Nya klienter", "New clients"),
    "stock": _texts("Asiakkaat jakson lopussa", "Klienter i slutet av perioden", "Clients at the end of the period"),
    "leavers": _texts("Päättyneet asiakkuudet", "Avslutade klientrelationer", "Clients whose support ended"),
    "contacts": _texts("Yhteydenotot", "Kontakter", "Contacts"),
    "service": _texts("Yhteydenotot palveluun", "Kontakter med tjänsten", "Contacts with the service"),
}

DIMENSIONS: Final[Mapping[str, Texts]] = {
    "party": _texts("Esittävä taho", "Framställande part", "Referring party"),
    "decision": _texts("Päätös", "Beslut", "Decision"),
    "kind": _texts("Asema", "Ställning", "Status"),
    "gender": _texts("Sukupuoli", "Kön", "Gender"),
    "age": _texts("Ikä", "Ålder", "Age"),
    "place": _texts("Hyväksikäytön paikka", "Plats för utnyttjandet", "Place of exploitation"),
    "form": _texts("Hyväksikäytön muoto", "Form av utnyttjande", "Form of exploitation"),
    "nationality": _texts("Kansalaisuus", "Medborgarskap", "Nationality"),
    "residence": _texts("Oleskelun peruste", "Grund för vistelsen", "Residence status"),
    "channel": _texts("Kanava", "Kanal", "Channel"),
    "outcome": _texts("Lopputulos", "Resultat", "Outcome"),
    "who": _texts("Yhteydenottaja", "Vem som tog kontakt", "Who contacted us"),
    "topic": _texts("Aihe", "Ärende", "Topic"),
    "language": _texts("Kieli", "Språk", "Language"),
    "answered": _texts("Vastattu", "Besvarad", "Answered"),
    "weekday": _texts("Viikonpäivä", "Veckodag", "Weekday"),
    "band": _texts("Kellonaika", "Klockslag", "Time of day"),
    "sector": _texts("Työn ala", "Bransch", "Sector of work"),
    "month": _texts("Kuukausi", "Månad", "Month"),
}

BY: Final[Mapping[str, Texts]] = {
    "party": _texts("esittävän tahon", "framställande part", "referring party"),
    "decision": _texts("ratkaisun", "utgång", "outcome"),
    "kind": _texts("aseman", "ställning", "status"),
    "gender": _texts("sukupuolen", "kön", "gender"),
    "age": _texts("iän", "ålder", "age"),
    "place": _texts("hyväksikäytön paikan", "plats för utnyttjandet", "place of exploitation"),
    "form": _texts("hyväksikäytön muodon", "form av utnyttjande", "form of exploitation"),
    "nationality": _texts("kansalaisuuden", "medborgarskap", "nationality"),
    "residence": _texts("oleskelun perusteen", "grund för vistelsen", "residence status"),
    "channel": _texts("kanavan", "kanal", "channel"),
    "outcome": _texts("lopputuloksen", "resultat", "outcome"),
    "who": _texts("yhteydenottajan", "vem som tog kontakt", "who contacted us"),
    "topic": _texts("aiheen", "ärende", "topic"),
    "language": _texts("kielen", "språk", "language"),
    "answered": _texts("vastaamisen", "svar", "answer"),
    "weekday": _texts("viikonpäivän", "veckodag", "weekday"),
    "band": _texts("kellonajan", "klockslag", "time of day"),
    "sector": _texts("työn alan", "bransch", "sector of work"),
    "month": _texts("kuukauden", "månad", "month"),
}
JOINED: Final[Texts] = _texts(" ja ", " och ", " and ")

#: (dimension, code) -> words, where the lists of the record have none, or publication says it otherwise.
CODES: Final[Mapping[tuple[str, str], Texts]] = {
    ("channel", "chat"): _texts("Chat", "Chatt", "Chat"),
    ("channel", "phone"): _texts("Puhelin", "Telefon", "Telephone"),
    ("channel", "form"): _texts("Yhteydenottolomake", "Kontaktformulär", "Contact form"),
    ("answered", "yes"): _texts("Vastattu", "Besvarad", "Answered"),
    ("answered", "no"): _texts("Jäi palvelematta", "Blev inte betjänad", "Nobody could answer"),
    ("kind", "adult"): _texts("Täysi-ikäinen uhri", "Vuxet offer", "Adult victim"),
    ("kind", "minor_then"): _texts(
        "Uhri, alaikäinen hyväksikäytön aikana", "Offer, minderårig vid utnyttjandet", "Victim, minor when exploited"
    ),
    ("kind", "child"): _texts("Lapsi", "Barn", "Child"),
    ("kind", "witness"): _texts("Todistaja", "Vittne", "Witness"),
    ("place", "finland"): _texts("{country}", "{country}", "{country}"),
    ("residence", "citizen_eu"): _texts(
        "Kansalainen tai EU-kansalainen", "Medborgare eller EU-medborgare", "Citizen or EU citizen"
    ),
    ("residence", "permit"): _texts("Oleskelulupa", "Uppehållstillstånd", "Residence permit"),
    ("residence", "asylum"): _texts("Turvapaikanhakija", "Asylsökande", "Asylum seeker"),
    ("residence", "none"): _texts("Ei oleskeluoikeutta", "Ingen uppehållsrätt", "No right of residence"),
    ("party", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("nationality", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("language", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("sector", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("who", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("topic", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("outcome", "other"): _texts("Muut yhteensä", "Övriga sammanlagt", "Others together"),
    ("band", "other"): _texts("Muina aikoina", "Vid andra tider", "At other times"),
} | {
    (dimension, "not_known"): _texts("Ei tiedossa", "Inte känt", "Not known")
    for dimension in ("party", "gender", "age", "place", "form", "nationality", "residence", "outcome", "who", "topic")
}
