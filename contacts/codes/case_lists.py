"""Lists about a presumed victim's situation, and what the assistance system decided. Pure.

`{country}` stands for the deployment's own country, in the form of a dictionary: no label bends it.
"""

from typing import Final

from contacts.codes.shapes import CodeList, coded, listed

FORM: Final = listed(
    "form",
    ("forced_labour", "Pakkotyö", "Tvångsarbete", "Forced labour"),
    ("sexual_exploitation", "Seksuaalinen hyväksikäyttö", "Sexuellt utnyttjande", "Sexual exploitation"),
    ("forced_marriage", "Pakkoavioliitto", "Tvångsäktenskap", "Forced marriage"),
    ("forced_criminality", "Pakottaminen rikoksiin", "Tvång till brott", "Forced criminality"),
    ("begging", "Pakottaminen kerjäämään", "Tvång till tiggeri", "Forced begging"),
    ("benefit_fraud", "Etuuksien väärinkäyttö", "Missbruk av förmåner", "Benefit fraud"),
    ("child_soldier", "Lapsisotilas", "Barnsoldat", "Child soldier"),
    ("organ_removal", "Elinten poistaminen", "Avlägsnande av organ", "Organ removal"),
    ("illegal_adoption", "Laiton adoptio", "Olaglig adoption", "Illegal adoption"),
    ("surrogacy", "Sijaissynnytys", "Surrogatmoderskap", "Surrogacy"),
    ("other", "Muu", "Annan", "Other"),
    ("unclear", "Epäselvä", "Oklar", "Unclear"),
    ("not_trafficking", "Ei ihmiskauppaa", "Inte människohandel", "Not trafficking"),
)

PLACE: Final = listed(
    "place",
    ("finland", "{country}", "{country}", "{country}"),
    coded(
        "abroad_then_finland",
        "Ensin ulkomailla, sitten: {country}",
        "Först utomlands, sedan: {country}",
        "First abroad, then: {country}",
        group="finland",
    ),
    ("abroad_home_country", "Ulkomailla: kotimaa", "Utomlands: hemlandet", "Abroad: home country"),
    ("abroad_other", "Ulkomailla: muu maa", "Utomlands: annat land", "Abroad: another country"),
)

RESIDENCE: Final = listed(
    "residence",
    coded("citizen", "Kansalainen", "Medborgare", "Citizen", group="citizen_eu"),
    coded("eu_citizen", "EU-kansalainen", "EU-medborgare", "EU citizen", group="citizen_eu"),
    coded("permit_work", "Oleskelulupa: työ", "Uppehållstillstånd: arbete", "Permit: work", group="permit"),
    coded("permit_family", "Oleskelulupa: perhe", "Uppehållstillstånd: familj", "Permit: family", group="permit"),
    coded("permit_other", "Oleskelulupa: muu", "Uppehållstillstånd: annat", "Permit: other", group="permit"),
    coded("visa", "Viisumi", "Visum", "Visa", group="visa"),
    coded("asylum_pending", "Turvapaikanhakija", "Asylsökande", "Asylum seeker", group="asylum"),
    coded("asylum_appeal", "Turvapaikka: valitus", "Asyl: besvär", "Asylum: appeal", group="asylum"),
    coded(
        "temporary_protection",
        "Tilapäinen suojelu",
        "Tillfälligt skydd",
        "Temporary protection",
        group="temporary_protection",
    ),
    coded("none_expired", "Ei lupaa: vanhentunut", "Inget tillstånd: löpt ut", "None: expired", group="none"),
    coded(
        "none_asylum_refused",
        "Ei lupaa: turvapaikka evätty",
        "Inget tillstånd: avslag på asyl",
        "None: asylum refused",
        group="none",
    ),
    coded("none_other", "Ei lupaa: muu", "Inget tillstånd: annat", "None: other", group="none"),
)

ASYLUM_BACKGROUND: Final = listed(
    "asylum_background",
    ("current", "Hakee nyt", "Söker nu", "Seeks asylum now"),
    ("former", "On hakenut aiemmin", "Har sökt tidigare", "Sought asylum before"),
    ("none", "Ei ole hakenut", "Har inte sökt", "Never sought asylum"),
)

AGE: Final = listed(
    "age",
    ("u18", "Alle 18", "Under 18", "Under 18"),
    ("18-29", "18–29", "18–29", "18–29"),
    ("30-39", "30–39", "30–39", "30–39"),
    ("40-49", "40–49", "40–49", "40–49"),
    ("50-59", "50–59", "50–59", "50–59"),
    ("60+", "60 tai yli", "60 eller över", "60 or over"),
    ("adult", "Aikuinen, ikä ei tiedossa", "Vuxen, ålder okänd", "Adult, age not known"),
)

GENDER: Final = listed(
    "gender",
    ("female", "Nainen", "Kvinna", "Female"),
    ("male", "Mies", "Man", "Male"),
    ("other", "Muu", "Annat", "Other"),
)

SECTOR: Final = listed(
    "sector",
    ("restaurant", "Ravintola", "Restaurang", "Restaurant"),
    ("cleaning", "Siivous", "Städning", "Cleaning"),
    ("agriculture_berries", "Maatalous tai marjat", "Jordbruk eller bär", "Agriculture or berries"),
    ("greenhouse", "Kasvihuone", "Växthus", "Greenhouse"),
    ("construction", "Rakentaminen", "Byggnadsarbete", "Construction"),
    ("beauty", "Kauneudenhoito", "Skönhetsvård", "Beauty"),
    ("car_wash", "Autopesula", "Biltvätt", "Car wash"),
    ("domestic", "Kotitaloustyö", "Hushållsarbete", "Domestic work"),
    ("transport", "Kuljetus", "Transport", "Transport"),
    ("other", "Muu", "Annan", "Other"),
)

CONTROL: Final = listed(
    "control",
    ("debt", "Velka", "Skuld", "Debt"),
    ("threats", "Uhkailu", "Hot", "Threats"),
    ("documents_taken", "Asiakirjat otettu", "Handlingar tagna", "Documents taken"),
    ("movement_restricted", "Liikkuminen rajoitettu", "Begränsad rörelsefrihet", "Movement restricted"),
    ("wages_withheld", "Palkka pidätetty", "Innehållen lön", "Wages withheld"),
    ("isolation", "Eristäminen", "Isolering", "Isolation"),
    ("violence", "Väkivalta", "Våld", "Violence"),
    ("other", "Muu", "Annat", "Other"),
)

DECISION: Final = listed(
    "decision",
    ("admitted_victim", "Otettu: uhri", "Antagen: offer", "Admitted: victim"),
    ("admitted_child", "Otettu: uhrin lapsi", "Antagen: offrets barn", "Admitted: a victim’s child"),
    ("admitted_witness", "Otettu: todistaja", "Antagen: vittne", "Admitted: witness"),
    ("not_admitted", "Ei otettu", "Inte antagen", "Not admitted"),
    ("lapsed", "Rauennut", "Förfallen", "Lapsed"),
    ("withdrawn", "Peruttu", "Återtagen", "Withdrawn"),
    ("ended", "Asiakkuus päättynyt", "Klientrelationen avslutad", "Client relationship ended"),
)

CASE_LISTS: Final[tuple[CodeList, ...]] = (
    FORM,
    PLACE,
    RESIDENCE,
    ASYLUM_BACKGROUND,
    AGE,
    GENDER,
    SECTOR,
    CONTROL,
    DECISION,
)
