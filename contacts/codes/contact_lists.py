"""Lists about the contact itself: who, what about, what came of it. Pure."""

from typing import Final

from contacts.codes.shapes import CodeList, coded, listed

WHO: Final = listed(
    "who",
    ("self", "Hän itse", "Personen själv", "The person themself"),
    ("relative_friend", "Läheinen tai ystävä", "Anhörig eller vän", "Relative or friend"),
    ("peer_community", "Yhteisön jäsen", "Någon i samma gemenskap", "Somebody of their community"),
    ("professional", "Ammattilainen", "Yrkesperson", "Professional"),
    ("employer", "Työnantaja", "Arbetsgivare", "Employer"),
    ("public", "Kansalainen", "Allmänheten", "Member of the public"),
    ("media_student", "Media tai opiskelija", "Medier eller studerande", "Media or student"),
    ("other", "Muu", "Annan", "Other"),
)

TOPIC: Final = listed(
    "topic",
    ("own_situation", "Oma tilanne", "Egen situation", "Own situation"),
    ("concern_for_another", "Huoli toisesta", "Oro för någon annan", "Concern for another"),
    ("identification_advice", "Neuvoja tunnistamiseen", "Råd om identifiering", "Advice on identification"),
    ("how_to_refer", "Ohjaaminen auttamisjärjestelmään", "Hänvisning till hjälpsystemet", "How to refer somebody"),
    ("rights", "Oikeudet", "Rättigheter", "Rights"),
    ("material_order", "Materiaalitilaus", "Beställning av material", "Order of material"),
    ("training", "Koulutus", "Utbildning", "Training"),
    ("media", "Mediapyyntö", "Fråga från medier", "Media request"),
    ("other", "Muu", "Annat", "Other"),
)

PARTY: Final = listed(
    "party",
    ("self", "Henkilö itse", "Personen själv", "The person themself"),
    ("immigration_service", "Maahanmuuttovirasto", "Migrationsverket", "Immigration service"),
    ("reception_centre", "Vastaanottokeskus", "Förläggning", "Reception centre"),
    ("legal_counsel", "Oikeudellinen avustaja", "Rättsligt biträde", "Legal counsel"),
    ("victim_support", "Uhrien tukipalvelu", "Brottsofferstöd", "Victim support"),
    ("police", "Poliisi", "Polisen", "Police"),
    ("border_guard", "Rajavartiolaitos", "Gränsbevakningen", "Border guard"),
    ("detention_unit", "Säilöönottoyksikkö", "Förvarsenhet", "Detention unit"),
    ("shelter", "Turvakoti", "Skyddshem", "Shelter"),
    ("social_services", "Sosiaalitoimi", "Socialtjänsten", "Social services"),
    ("child_welfare", "Lastensuojelu", "Barnskyddet", "Child welfare"),
    ("health", "Terveydenhuolto", "Hälso- och sjukvården", "Health care"),
    ("municipality", "Kunta", "Kommun", "Municipality"),
    ("ngo_other", "Muu järjestö", "Annan organisation", "Another NGO"),
    ("congregation", "Seurakunta", "Församling", "Congregation"),
    ("trade_union", "Ammattiliitto", "Fackförbund", "Trade union"),
    ("occupational_safety", "Työsuojelu", "Arbetarskyddet", "Occupational safety"),
    ("employer", "Työnantaja", "Arbetsgivare", "Employer"),
    ("education", "Oppilaitos", "Läroanstalt", "Education"),
    ("prison_probation", "Rikosseuraamuslaitos", "Brottspåföljdsmyndigheten", "Prison and probation"),
    ("private_person", "Yksityishenkilö", "Privatperson", "Private person"),
    ("other_authority", "Muu viranomainen", "Annan myndighet", "Another authority"),
)

OUTCOME: Final = listed(
    "outcome",
    ("advice", "Neuvonta", "Rådgivning", "Advice"),
    ("general_consultation", "Yleinen konsultaatio", "Allmän konsultation", "General consultation"),
    (
        "organisation_details_given",
        "Annettu muun tahon yhteystiedot",
        "Gett kontaktuppgifter för en annan instans",
        "Gave an organisation’s details",
    ),
    (
        "proposal_consented",
        "Esitys auttamisjärjestelmään, suostumus",
        "Framställning till hjälpsystemet, samtycke",
        "Proposal, with consent",
    ),
    ("referral_consented", "Ohjaus muulle taholle, suostumus", "Hänvisning, samtycke", "Referral, with consent"),
    ("consent_refused", "Ei suostunut", "Gav inte samtycke", "Consent refused"),
    ("callback_agreed", "Sovittu takaisinsoitosta", "Kommit överens om återuppringning", "Call-back agreed"),
    ("emergency_112", "Hätätilanne, 112", "Nödsituation, 112", "Emergency, 112"),
    ("child_protection_notice", "Lastensuojeluilmoitus", "Barnskyddsanmälan", "Child protection notice"),
    ("material_or_training", "Materiaali tai koulutus", "Material eller utbildning", "Material or training"),
    coded("silent", "Hiljainen yhteydenotto", "Tyst kontakt", "Silent contact", counselling=False),
    coded("hung_up_menu", "Katkaisi valikossa", "Lade på i menyn", "Hung up in the menu", counselling=False),
    coded("hung_up_queue", "Katkaisi jonossa", "Lade på i kön", "Hung up in the line", counselling=False),
    coded("left_quickly", "Poistui nopeasti", "Lämnade snabbt", "Left quickly", counselling=False),
    coded("wrong_number", "Väärä numero", "Fel nummer", "Wrong number", counselling=False),
    coded("test", "Testi", "Test", "Test", counselling=False),
    coded("prank", "Pila", "Skämt", "Prank", counselling=False),
    coded("abusive", "Asiaton", "Osaklig", "Abusive", counselling=False),
    coded("technical", "Tekninen vika", "Tekniskt fel", "Technical fault", counselling=False),
    coded("unserved", "Jäi palvelematta", "Blev inte betjänad", "Nobody could answer", counselling=False),
)

INTERPRETER: Final = listed(
    "interpreter",
    ("none", "Ei tulkkia", "Ingen tolk", "No interpreter"),
    ("telephone", "Puhelintulkki", "Telefontolk", "Telephone interpreter"),
    ("operator_spoke_it", "Päivystäjä puhui kieltä", "Jourhavande talade språket", "The operator spoke it"),
)

YES_NO: Final = listed("yes_no", ("yes", "Kyllä", "Ja", "Yes"), ("no", "Ei", "Nej", "No"))

CONTACT_LISTS: Final[tuple[CodeList, ...]] = (WHO, TOPIC, PARTY, OUTCOME, INTERPRETER, YES_NO)
