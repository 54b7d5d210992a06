"""All lists and all fields of the record, under one version. Pure but for countries' names.

A change of meaning makes a new version: raise `VERSION`, give new codes `since`, retired ones `until`.
"""

from typing import Final

from contacts.codes.case_lists import CASE_LISTS
from contacts.codes.contact_lists import CONTACT_LISTS
from contacts.codes.countries import COUNTRIES, NATIONALITY, country_name
from contacts.codes.shapes import Code, CodeList, Field

VERSION: Final = 1

LISTS: Final[dict[str, CodeList]] = {one.name: one for one in (*CONTACT_LISTS, *CASE_LISTS, NATIONALITY)}
#: (name, list, level, several may stand in it, fi, sv, en)
_ROWS: Final = (
    ("who", "who", 1, False, "Kuka ottaa yhteyttä", "Vem kontaktar", "Who contacts us"),
    ("party", "party", 1, False, "Minkä tahon ammattilainen", "Vilken instans", "The professional’s body"),
    ("topic", "topic", 1, False, "Mistä on kyse", "Vad det gäller", "What about"),
    ("outcome", "outcome", 1, True, "Mitä tehtiin", "Vad som gjordes", "What came of it"),
    ("danger", "yes_no", 1, False, "Vaara", "Fara", "Danger"),
    ("repeat_contact", "yes_no", 1, False, "Ottanut yhteyttä aiemmin", "Kontakt tidigare", "Contacted us before"),
    ("interpreter", "interpreter", 1, False, "Tulkkaus", "Tolkning", "Interpreter"),
    ("form", "form", 2, False, "Hyväksikäytön muoto", "Form av utnyttjande", "Form of exploitation"),
    ("other_forms", "form", 2, True, "Muut muodot", "Andra former", "Further forms"),
    ("place", "place", 2, False, "Missä", "Var", "Where"),
    ("sector", "sector", 2, True, "Työn ala", "Bransch", "Sector of work"),
    ("control", "control", 2, True, "Hallintakeinot", "Kontrollmedel", "Means of control"),
    ("age", "age", 2, False, "Ikä", "Ålder", "Age"),
    (
        "minor_when_exploited",
        "yes_no",
        2,
        False,
        "Alaikäinen hyväksikäytön aikana",
        "Minderårig vid utnyttjandet",
        "Minor when exploited",
    ),
    (
        "minor_when_admitted",
        "yes_no",
        2,
        False,
        "Alaikäinen järjestelmään otettaessa",
        "Minderårig vid antagningen",
        "Minor when admitted",
    ),
    ("gender", "gender", 2, False, "Sukupuoli", "Kön", "Gender"),
    ("nationality", "nationality", 2, False, "Kansalaisuus", "Medborgarskap", "Nationality"),
    (
        "residence_then",
        "residence",
        2,
        False,
        "Oleskelu hyväksikäytön aikana",
        "Vistelse vid utnyttjandet",
        "Residence when exploited",
    ),
    ("residence_now", "residence", 2, False, "Oleskelu nyt", "Vistelse nu", "Residence now"),
    ("asylum_background", "asylum_background", 2, False, "Turvapaikkatausta", "Asylbakgrund", "Asylum background"),
)
FIELDS: Final[dict[str, Field]] = {
    name: Field(name=name, list=of, level=level, many=many, labels={"fi": fi, "sv": sv, "en": en})
    for name, of, level, many, fi, sv, en in _ROWS
}


def list_of(field: str) -> CodeList:
    """The list of a field. KeyError for an unknown field."""
    return LISTS[FIELDS[field].list]


def label(code: Code, language: str, *, country: str) -> str:
    """A code in words. `country`: ISO code of the deployment's own country."""
    if code.name in COUNTRIES:
        return country_name(code.name, language)
    return code.labels[language].format(country=country_name(country, language))


def described(language: str, *, country: str, version: int = VERSION) -> dict[str, object]:
    """Everything the desk shows, in one language: lists, order, fields. Retired codes are marked, not left out."""
    return {
        "version": version,
        "lists": {
            one.name: [
                {"code": code.name, "label": label(code, language, country=country)}
                | ({} if code.is_offered(version) else {"retired": True})
                | ({} if code.counselling else {"counselling": False})
                for code in one.codes
            ]
            for one in LISTS.values()
        },
        "fields": [
            {
                "name": field.name,
                "list": field.list,
                "level": field.level,
                "many": field.many,
                "label": field.labels[language],
            }
            for field in FIELDS.values()
        ],
    }
