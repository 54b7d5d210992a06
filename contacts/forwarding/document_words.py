"""The fixed words of documents that leave, in the three languages receivers read. Pure.

Terms as the authorities use them: fi "esitys auttamisjärjestelmään", sv "framställning till hjälpsystemet".
"""

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "fi": {
        "referral": "Ohjaus palveluun",
        "proposal": "Esitys auttamisjärjestelmään",
        "withdrawal": "Suostumus on peruttu",
        "confidential": "Luottamuksellinen",
        "to": "Vastaanottaja",
        "from": "Lähettäjä",
        "reference": "Viite",
        "sent_until": "Lähetettävä viimeistään",
        "consent": "Suostumus",
        "self": "Henkilö itse antoi suostumuksen {how} {on}. Hänelle luettiin tai näytettiin tämä teksti:",
        "representative": "Henkilön edustaja antoi suostumuksen {how} {on}. Hänelle luettiin tai näytettiin tämä teksti:",
        "professional": "Ammattilainen ilmoitti {on} ({how}), että henkilö on antanut suostumuksen. Teksti kuului:",
        "card": "chatissa",
        "spoken": "puhelimessa tai suullisesti",
        "form": "lomakkeella",
        "details": "Tiedot, jotka saa antaa",
        "no_details": "Muita tietoja ei annettu.",
        "summary": "Yhteenveto",
        "duty": "Vastaanottajalle",
        "duty_text": "Tiedot on annettu vain tähän tarkoitukseen. Jos suostumus perutaan, ilmoitamme siitä samalla viitteellä. "
        "Kysymyksissä soittakaa lähettäjälle; älkää ottako yhteyttä henkilöön muulla tavalla kuin tässä on sovittu.",
        "same_data": "Samat tiedot koneluettavina: forwarding.json",
        "missing": "Jokin merkki ei näy tässä (ruutu). Tiedosto forwarding.json sisältää tekstin kokonaan.",
        "withdrawn_text": "Aiemmin lähettämäämme koskeva suostumus on peruttu {on}. Viite on sama. Pyydämme, että ette enää "
        "käytä tietoja, poistatte ne siltä osin kuin laki sallii ja ilmoitatte meille, mitä on jo tehty.",
        "emergency": "Kiireellinen ilmoitus",
        "ground": "Peruste",
        "acted": "Tiedot on annettu ilman suostumusta {on} välittömän vaaran vuoksi: {reason}. Oikeusperuste: {basis}.",
        "danger_to_life": "henki on vaarassa",
        "danger_to_health": "terveys on vakavassa vaarassa",
        "child_at_risk": "lapsi on vakavassa vaarassa",
        "others_at_risk": "muita on vaarassa",
        "vital_interests": "elintärkeiden etujen suojaaminen",
        "child_welfare_duty": "velvollisuus tehdä lastensuojeluilmoitus",
        "serious_offence_duty": "velvollisuus ilmoittaa törkeästä rikoksesta",
        "rescue_duty": "velvollisuus tehdä hätäilmoitus",
        "page": "{title} {reference}",
    },
    "sv": {
        "referral": "Hänvisning till en tjänst",
        "proposal": "Framställning till hjälpsystemet",
        "withdrawal": "Samtycket har återkallats",
        "confidential": "Konfidentiellt",
        "to": "Mottagare",
        "from": "Avsändare",
        "reference": "Referens",
        "sent_until": "Ska skickas senast",
        "consent": "Samtycke",
        "self": "Personen själv gav sitt samtycke {how} {on}. Denna text lästes upp eller visades:",
        "representative": "Personens företrädare gav samtycket {how} {on}. Denna text lästes upp eller visades:",
        "professional": "En yrkesperson uppgav {on} ({how}) att personen har gett sitt samtycke. Texten löd:",
        "card": "i chatten",
        "spoken": "per telefon eller muntligt",
        "form": "på ett formulär",
        "details": "Uppgifter som får lämnas",
        "no_details": "Inga andra uppgifter lämnades.",
        "summary": "Sammanfattning",
        "duty": "Till mottagaren",
        "duty_text": "Uppgifterna har lämnats endast för detta ändamål. Om samtycket återkallas meddelar vi det med samma "
        "referens. Ring avsändaren om ni har frågor; kontakta inte personen på något annat sätt än vad som avtalats här.",
        "same_data": "Samma uppgifter i maskinläsbar form: forwarding.json",
        "missing": "Något tecken kan inte visas här (ruta). Filen forwarding.json innehåller hela texten.",
        "withdrawn_text": "Samtycket till det som vi sänt tidigare har återkallats {on}. Referensen är densamma. Vi ber er att "
        "inte längre använda uppgifterna, att radera dem i den mån lagen tillåter och att meddela oss vad som redan har gjorts.",
        "emergency": "Brådskande anmälan",
        "ground": "Grund",
        "acted": "Uppgifterna lämnades utan samtycke {on} på grund av omedelbar fara: {reason}. Rättslig grund: {basis}.",
        "danger_to_life": "livsfara",
        "danger_to_health": "allvarlig fara för hälsan",
        "child_at_risk": "ett barn är i allvarlig fara",
        "others_at_risk": "andra är i fara",
        "vital_interests": "skydd av grundläggande intressen",
        "child_welfare_duty": "skyldighet att göra barnskyddsanmälan",
        "serious_offence_duty": "skyldighet att anmäla grovt brott",
        "rescue_duty": "skyldighet att göra nödanmälan",
        "page": "{title} {reference}",
    },
    "en": {
        "referral": "Referral",
        "proposal": "Proposal to the assistance system",
        "withdrawal": "Consent withdrawn",
        "confidential": "Confidential",
        "to": "To",
        "from": "From",
        "reference": "Reference",
        "sent_until": "To be sent by",
        "consent": "Consent",
        "self": "The person gave consent {how} on {on}. This text was read or shown to them:",
        "representative": "A representative of the person gave consent {how} on {on}. This text was read or shown:",
        "professional": "A professional stated on {on} ({how}) that the person has given consent. The text was:",
        "card": "in the chat",
        "spoken": "by telephone or in speech",
        "form": "on a form",
        "details": "What may be passed on",
        "no_details": "Nothing else was passed on.",
        "summary": "Summary",
        "duty": "To the receiver",
        "duty_text": "This was given for this purpose only. If consent is withdrawn, we tell you under the same reference. "
        "Call the sender with questions; do not contact the person in any other way than agreed here.",
        "same_data": "The same in machine-readable form: forwarding.json",
        "missing": "Some character cannot be shown here (a box). The file forwarding.json holds the whole text.",
        "withdrawn_text": "Consent to what we sent you earlier was withdrawn on {on}. The reference is the same. Please stop using "
        "the information, delete it as far as the law allows, and tell us what has been done already.",
        "emergency": "Emergency notification",
        "ground": "Ground",
        "acted": "This was passed on without consent on {on} because of imminent danger: {reason}. Legal basis: {basis}.",
        "danger_to_life": "danger to life",
        "danger_to_health": "serious danger to health",
        "child_at_risk": "a child at serious risk",
        "others_at_risk": "others at risk",
        "vital_interests": "protection of vital interests",
        "child_welfare_duty": "duty to notify child welfare",
        "serious_offence_duty": "duty to report a serious offence",
        "rescue_duty": "duty to alert the rescue services",
        "page": "{title} {reference}",
    },
}


def day_in_words(day: str, language: str) -> str:
    """2026-12-04 as people write it: 4.12.2026 in Finnish and Swedish of Finland, 4 December 2026 in English."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"{date} {_MONTHS[month - 1]} {year}" if language == "en" else f"{date}.{month}.{year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"
)  # fmt: skip
