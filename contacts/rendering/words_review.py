"""Sentences around the tables of the review. Data."""

from collections.abc import Mapping
from typing import Final

from contacts.release.catalogue import Section
from contacts.rendering.words import Texts

LANGUAGE_NAMES: Final[Mapping[str, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def _texts(fi: str, sv: str, en: str) -> Texts:
    return {"fi": fi, "sv": sv, "en": en}


TOTAL: Final = _texts("Yhteensä", "Sammanlagt", "Total")
CHANGE: Final = _texts("Muutos", "Förändring", "Change")
TITLE: Final = _texts("Puolivuosikatsaus {period}", "Halvårsöversikt {period}", "Semiannual review {period}")
YEAR_TITLE: Final = _texts("Vuosikatsaus {period}", "Årsöversikt {period}", "Annual review {period}")
LEAD: Final = _texts(
    "Yhteydenotot, esitykset ja asiakkaat lukuina. Jokaisen luvun rinnalla on sama luku vuotta aiemmin.",
    "Kontakter, framställningar och klienter i siffror. Bredvid varje tal står samma tal ett år tidigare.",
    "Contacts, proposals and clients in figures. Beside each figure stands the same one a year earlier.",
)
KEY_FIGURES: Final = _texts("Avainluvut", "Nyckeltal", "Key figures")
YEAR_BEFORE: Final = _texts("vuotta aiemmin {number}", "ett år tidigare {number}", "a year earlier {number}")
CONTENTS: Final = _texts("Sisällys", "Innehåll", "Contents")
RELEASED: Final = _texts("Julkaistu {date}", "Publicerad {date}", "Published {date}")
RELEASE: Final = _texts("Julkaisu {release}", "Publikation {release}", "Release {release}")
FIGURE: Final = _texts("Luku", "Tal", "Figure")

SECTIONS: Final[Mapping[Section, Texts]] = {
    Section.PROPOSALS: _texts("Esitykset", "Framställningar", "Proposals"),
    Section.DECISIONS: _texts("Päätökset", "Beslut", "Decisions"),
    Section.CLIENTS: _texts("Uudet asiakkaat", "Nya klienter", "New clients"),
    Section.STOCK: _texts(
        "Asiakkaat jakson lopussa", "Klienter i slutet av perioden", "Clients at the end of the period"
    ),
    Section.CONTACTS: _texts("Yhteydenotot", "Kontakter", "Contacts"),
    Section.SERVICE: _texts("Palvelu", "Tjänsten", "Service"),
}

HIDDEN_NOTE: Final = _texts(
    "c: luku on peitetty, koska se koskee pientä joukkoa ihmisiä tai koska siitä voisi laskea sellaisen luvun.",
    "c: talet är dolt, eftersom det gäller en liten grupp människor eller eftersom ett sådant tal kunde räknas ut av det.",
    "c: this figure is hidden, because it is about a small group of people or because such a figure could be computed from it.",
)
NOT_COUNTED_NOTE: Final = _texts(
    ": tietoa ei tilastoitu silloin.", ": uppgiften fördes inte då i statistiken.", ": this was not counted then."
)
IMPOSSIBLE_NOTE: Final = _texts("-: näin ei voi olla.", "-: detta är inte möjligt.", "-: this cannot occur.")
WITNESS_NOTE: Final = _texts(
    "Lukuihin sisältyvät myös todistajina otetut asiakkaat.",
    "Talen omfattar också klienter som antagits som vittnen.",
    "The figures include clients who were admitted as witnesses.",
)
CHANGE_NOTE: Final = _texts(
    "Muutos kerrotaan, kun molempien vuosien luku on vähintään 20 ja näkyvissä.",
    "Förändringen anges när båda årens tal är minst 20 och visas.",
    "The change is told when the figures of both years are shown and at least 20.",
)
OPEN_NOTE: Final = _texts(
    "Nämä luvut kertovat palvelusta eivätkä ihmisistä, joten ne näytetään aina, olivat ne miten pieniä tahansa.",
    "Dessa tal berättar om tjänsten och inte om människor, så de visas alltid, hur små de än är.",
    "These figures are about the service, not about people: they are always shown, however small.",
)
CHART_NOTE: Final = _texts(
    "Kuviossa ovat vain näytetyt luvut; kaikki luokat ovat taulukossa.",
    "Diagrammet har bara tal som visas; alla kategorier finns i tabellen.",
    "The chart has shown figures only; every category is in the table.",
)
CHART_TITLE: Final = _texts("Kuvio: {title}", "Diagram: {title}", "Chart: {title}")
METHOD_HEADING: Final = _texts("Näin luvut on tehty", "Så är talen gjorda", "How these figures were made")
METHOD_SHORT: Final = _texts(
    "Luvut tulevat salatuista tilastotiedoista, joissa ei ole nimiä eikä sanoja. Alle {k} ihmisen luvut on peitetty, "
    "myös nolla, ja niiden lisäksi luvut, joista ne voisi laskea: myös vertaamalla taulukoita, puolivuosia ja yhteensä-"
    "rivejä. Pienet luokat on yhdistetty. Suojaus on tarkistettu erillisellä ohjelmalla, joka yrittää laskea peitetyt luvut. "
    "Koko menetelmä on tiedostossa METHOD.md.",
    "Talen kommer från krypterade statistikuppgifter utan namn och utan ord. Tal om färre än {k} människor är dolda, också "
    "noll, och dessutom tal ur vilka de kunde räknas ut: också genom att jämföra tabeller, halvår och summor. Små kategorier "
    "har slagits ihop. Skyddet har prövats av ett separat program som försöker räkna ut de dolda talen. Hela metoden finns i "
    "filen METHOD.md.",
    "The figures come from sealed statistical facts without names and without words. Figures about fewer than {k} people "
    "are hidden, nought included, and so are figures from which those could be computed, also by comparing tables, half-years "
    "and totals. Small categories are put together. A separate program that tries to compute the hidden figures has tested "
    "the protection. The whole method is in the file METHOD.md.",
)

#: Numbers about the service, by their name in the frame. Their order is the order of the list.
SERVICES: Final[Mapping[str, Texts]] = {
    "unserved": _texts("Jäi palvelematta", "Blev inte betjänade", "Nobody could answer"),
    "wait_median_chat": _texts(
        "Odotus chatissa: puolet enintään", "Väntan i chatten: hälften högst", "Wait in the chat: half at most"
    ),
    "wait_p90_chat": _texts(
        "Odotus chatissa: yhdeksän kymmenestä enintään",
        "Väntan i chatten: nio av tio högst",
        "Wait in the chat: nine in ten at most",
    ),
    "wait_median_phone": _texts(
        "Odotus puhelimessa: puolet enintään", "Väntan i telefon: hälften högst", "Wait on the telephone: half at most"
    ),
    "wait_p90_phone": _texts(
        "Odotus puhelimessa: yhdeksän kymmenestä enintään",
        "Väntan i telefon: nio av tio högst",
        "Wait on the telephone: nine in ten at most",
    ),
    "consents_given": _texts("Annetut suostumukset", "Givna samtycken", "Consents given"),
    "consents_withdrawn": _texts("Perutut suostumukset", "Återkallade samtycken", "Consents withdrawn"),
    "forwarded": _texts("Suostumuksella välitetyt", "Förmedlade med samtycke", "Forwarded with consent"),
    "forwarded_accepted": _texts(
        "Välitetyt, jotka vastaanottaja otti hoitaakseen",
        "Förmedlade som mottagaren tog sig an",
        "Forwarded, and accepted there",
    ),
    "forwarded_declined": _texts(
        "Välitetyt, joita vastaanottaja ei ottanut hoitaakseen",
        "Förmedlade som mottagaren inte tog sig an",
        "Forwarded, and declined there",
    ),
    "emergencies": _texts(
        "Hätätilanteessa ilman suostumusta ilmoitetut",
        "Anmälda i nödsituation utan samtycke",
        "Disclosed in an emergency without consent",
    ),
}
SECONDS: Final = _texts("{number} s", "{number} s", "{number} s")
NOT_TOLD: Final = ":"
SERVICES_TITLE: Final = _texts(
    "Odotus, suostumukset ja välittäminen", "Väntan, samtycken och förmedling", "Waits, consents and forwarding"
)
