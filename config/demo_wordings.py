"""The demo's consent wordings in Finnish, Swedish and English: short, plain and true. A deployment writes its own."""

from collections.abc import Mapping
from typing import Final

from contacts.organisations.purposes import Purpose

_ENGLISH: Final[Mapping[Purpose, str]] = {
    Purpose.REFERRAL: (
        "May we send this to {organisation}? We send it so that they can help you.\n"
        "We send only what you see here, and to nobody else.\n"
        "You can say no. We help you all the same.\n"
        "Your permission holds until {until}. You can take it back at any time. "
        "What was sent before that does not come back, but we tell them that you took it back."
    ),
    Purpose.PROPOSAL: (
        "May we ask {organisation} to help you? For that we send them this.\n"
        "They decide themselves if they can help.\n"
        "We send only what you see here, and to nobody else.\n"
        "You can say no. We help you all the same.\n"
        "Your permission holds until {until}. You can take it back at any time. "
        "What was sent before that does not come back, but we tell them that you took it back."
    ),
    Purpose.REFERRAL_SPOKEN: (
        "I would like to send some information about you to {organisation}, so that they can help you. "
        "First I read to you exactly what I would send. I send nothing else, and to nobody else.\n"
        "You can say no. I help you all the same.\n"
        "Your permission holds until {until}. You can take it back at any time: call us. "
        "What was sent before that does not come back, but we tell them that you took it back.\n"
        "May I send it? You can say yes, no, or that you are not sure."
    ),
    Purpose.PROPOSAL_SPOKEN: (
        "I would like to ask {organisation} to help you. For that I send them some information about you. "
        "First I read to you exactly what I would send. I send nothing else, and to nobody else.\n"
        "They decide themselves if they can help.\n"
        "You can say no. I help you all the same.\n"
        "Your permission holds until {until}. You can take it back at any time: call us. "
        "What was sent before that does not come back, but we tell them that you took it back.\n"
        "May I send it? You can say yes, no, or that you are not sure."
    ),
    Purpose.PROPOSAL_FORM: (
        "I have told the person what I write here, who reads it, and what happens then. The person has agreed. "
        "The person knows that they can say no, and that they can take the permission back at any time."
    ),
    Purpose.EMERGENCY: (
        "We pass nothing on without your permission. There is one exception.\n"
        "If a life or health is in immediate danger, or a child is at serious risk, we may tell the authorities "
        "without your permission. We tell only what they need to know to keep people safe. If we can, we tell you first. "
        "Another worker must check afterwards if it was right."
    ),
    Purpose.EMERGENCY_SPOKEN: (
        "Before you tell me more, I want you to know this. I pass nothing on without your permission. "
        "There is one exception. If a life or health is in immediate danger, or a child is at serious risk, I may "
        "tell the authorities without your permission. "
        "I tell only what they need to know to keep people safe. If I can, I tell you first."
    ),
}

_FINNISH: Final[Mapping[Purpose, str]] = {
    Purpose.REFERRAL: (
        "Saammeko lähettää tämän? Vastaanottaja on {organisation}. Lähetämme sen, jotta he voivat auttaa sinua.\n"
        "Lähetämme vain sen, minkä näet tässä. Emme lähetä sitä kenellekään muulle.\n"
        "Voit sanoa ei. Autamme sinua silti.\n"
        "Lupasi on voimassa {until} asti. Voit perua sen milloin tahansa. "
        "Jo lähetettyjä tietoja emme saa takaisin, mutta kerromme heille, että peruit luvan."
    ),
    Purpose.PROPOSAL: (
        "Saammeko pyytää, että {organisation} auttaa sinua? Sitä varten lähetämme heille tämän.\n"
        "He päättävät itse, voivatko he auttaa.\n"
        "Lähetämme vain sen, minkä näet tässä. Emme lähetä sitä kenellekään muulle.\n"
        "Voit sanoa ei. Autamme sinua silti.\n"
        "Lupasi on voimassa {until} asti. Voit perua sen milloin tahansa. "
        "Jo lähetettyjä tietoja emme saa takaisin, mutta kerromme heille, että peruit luvan."
    ),
    Purpose.REFERRAL_SPOKEN: (
        "Haluaisin lähettää tietoja sinusta. Vastaanottaja on {organisation}. Lähettäisin ne, jotta he voisivat auttaa "
        "sinua. Luen sinulle ensin täsmälleen sen, minkä lähettäisin. En lähetä mitään muuta, enkä kenellekään muulle.\n"
        "Voit sanoa ei. Autan sinua silti.\n"
        "Lupasi on voimassa {until} asti. Voit perua sen milloin tahansa: soita meille. "
        "Jo lähetettyjä tietoja emme saa takaisin, mutta kerromme heille, että peruit luvan.\n"
        "Saanko lähettää tiedot? Voit sanoa kyllä, ei tai että et ole varma."
    ),
    Purpose.PROPOSAL_SPOKEN: (
        "Haluaisin pyytää, että {organisation} auttaa sinua. Sitä varten lähetän heille tietoja sinusta. "
        "Luen sinulle ensin täsmälleen sen, minkä lähettäisin. En lähetä mitään muuta, enkä kenellekään muulle.\n"
        "He päättävät itse, voivatko he auttaa.\n"
        "Voit sanoa ei. Autan sinua silti.\n"
        "Lupasi on voimassa {until} asti. Voit perua sen milloin tahansa: soita meille. "
        "Jo lähetettyjä tietoja emme saa takaisin, mutta kerromme heille, että peruit luvan.\n"
        "Saanko lähettää tiedot? Voit sanoa kyllä, ei tai että et ole varma."
    ),
    Purpose.PROPOSAL_FORM: (
        "Olen kertonut ihmiselle, mitä kirjoitan tähän, kuka sen lukee ja mitä sitten tapahtuu. Hän on antanut luvan. "
        "Hän tietää, että hän voi sanoa ei ja että hän voi perua luvan milloin tahansa."
    ),
    Purpose.EMERGENCY: (
        "Emme kerro mitään eteenpäin ilman lupaasi. On yksi poikkeus.\n"
        "Jos jonkun henki tai terveys on välittömässä vaarassa tai lapsi on vakavassa vaarassa, voimme kertoa "
        "viranomaisille ilman lupaasi. "
        "Kerromme vain sen, mitä he tarvitsevat ihmisten suojelemiseen. Jos voimme, kerromme siitä sinulle ensin. "
        "Toisen työntekijän on tarkistettava jälkikäteen, oliko se oikein."
    ),
    Purpose.EMERGENCY_SPOKEN: (
        "Ennen kuin kerrot enemmän, haluan, että tiedät tämän. En kerro mitään eteenpäin ilman lupaasi. "
        "On yksi poikkeus. Jos jonkun henki tai terveys on välittömässä vaarassa tai lapsi on vakavassa vaarassa, "
        "voin kertoa viranomaisille ilman lupaasi. Kerron vain sen, mitä he tarvitsevat ihmisten suojelemiseen. Jos "
        "voin, kerron sinulle ensin."
    ),
}

_SWEDISH: Final[Mapping[Purpose, str]] = {
    Purpose.REFERRAL: (
        "Får vi skicka det här till {organisation}? Vi skickar det för att de ska kunna hjälpa dig.\n"
        "Vi skickar bara det du ser här, och inte till någon annan.\n"
        "Du kan säga nej. Vi hjälper dig ändå.\n"
        "Ditt samtycke gäller till och med {until}. Du kan ta tillbaka det när som helst. "
        "Det som redan har skickats får vi inte tillbaka, men vi berättar för dem att du tog tillbaka det."
    ),
    Purpose.PROPOSAL: (
        "Får vi be {organisation} att hjälpa dig? För det skickar vi det här till dem.\n"
        "De avgör själva om de kan hjälpa.\n"
        "Vi skickar bara det du ser här, och inte till någon annan.\n"
        "Du kan säga nej. Vi hjälper dig ändå.\n"
        "Ditt samtycke gäller till och med {until}. Du kan ta tillbaka det när som helst. "
        "Det som redan har skickats får vi inte tillbaka, men vi berättar för dem att du tog tillbaka det."
    ),
    Purpose.REFERRAL_SPOKEN: (
        "Jag skulle vilja skicka uppgifter om dig till {organisation}, för att de ska kunna hjälpa dig. "
        "Först läser jag upp exakt vad jag skulle skicka. Jag skickar inget annat, och inte till någon annan.\n"
        "Du kan säga nej. Jag hjälper dig ändå.\n"
        "Ditt samtycke gäller till och med {until}. Du kan ta tillbaka det när som helst: ring oss. "
        "Det som redan har skickats får vi inte tillbaka, men vi berättar för dem att du tog tillbaka det.\n"
        "Får jag skicka uppgifterna? Du kan säga ja, nej eller att du inte är säker."
    ),
    Purpose.PROPOSAL_SPOKEN: (
        "Jag skulle vilja be {organisation} att hjälpa dig. För det skickar jag uppgifter om dig till dem. "
        "Först läser jag upp exakt vad jag skulle skicka. Jag skickar inget annat, och inte till någon annan.\n"
        "De avgör själva om de kan hjälpa.\n"
        "Du kan säga nej. Jag hjälper dig ändå.\n"
        "Ditt samtycke gäller till och med {until}. Du kan ta tillbaka det när som helst: ring oss. "
        "Det som redan har skickats får vi inte tillbaka, men vi berättar för dem att du tog tillbaka det.\n"
        "Får jag skicka uppgifterna? Du kan säga ja, nej eller att du inte är säker."
    ),
    Purpose.PROPOSAL_FORM: (
        "Jag har berättat för personen vad jag skriver här, vem som läser det och vad som händer sedan. "
        "Personen har gett sitt samtycke. "
        "Personen vet att det går att säga nej, och att det går att ta tillbaka samtycket när som helst."
    ),
    Purpose.EMERGENCY: (
        "Vi för ingenting vidare utan ditt samtycke. Det finns ett undantag.\n"
        "Om någons liv eller hälsa är i omedelbar fara, eller om ett barn är i allvarlig fara, kan vi berätta för "
        "myndigheterna utan ditt samtycke. Vi berättar bara det de behöver veta för att skydda människor. Om vi kan "
        "berättar vi för dig först. En annan medarbetare måste kontrollera efteråt om det var rätt."
    ),
    Purpose.EMERGENCY_SPOKEN: (
        "Innan du berättar mer vill jag att du vet detta. Jag för ingenting vidare utan ditt samtycke. "
        "Det finns ett undantag. Om någons liv eller hälsa är i omedelbar fara, eller om ett barn är i allvarlig fara, kan jag "
        "berätta för myndigheterna utan ditt samtycke. Jag berättar bara det de behöver veta för att skydda människor. "
        "Om jag kan berättar jag för dig först."
    ),
}

WORDINGS: Final = {"fi": _FINNISH, "sv": _SWEDISH, "en": _ENGLISH}
"""Language -> purpose -> text; a text for every purpose (a test counts them)."""
