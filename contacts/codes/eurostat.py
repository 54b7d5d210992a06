"""Our codes in Eurostat's collection on trafficking in human beings (`crim_thb`), and what is lost. Pure.

By its reference metadata (crim_thb, "Data description") it counts registered victims by sex, by citizenship (reporting
country, other EU country, non-EU country) and by form of exploitation (sexual, forced labour, others), and by age (under
18, 18 and over). Values are its categories in words: its code lists change from year to year.
"""

from typing import Final

from contacts.codes.mapping import Kept, Lost, Map

_FORM: Final = "form of exploitation"
_AGE: Final = "age"
_SEX: Final = "sex"
_ADULT: Final = "18 and over"
_BANDS: Final = "the age group"

EUROSTAT: Final = Map(
    name="Eurostat crim_thb",
    kept={
        ("form", "sexual_exploitation"): Kept(_FORM, "sexual"),
        ("form", "forced_labour"): Kept(_FORM, "forced labour"),
        ("form", "begging"): Kept(_FORM, "forced labour", loses="that it was begging"),
        ("form", "organ_removal"): Kept(_FORM, "others", loses="that it was the removal of organs"),
        ("form", "forced_criminality"): Kept(_FORM, "others", loses="that it was forced criminality"),
        ("form", "benefit_fraud"): Kept(_FORM, "others", loses="that it was benefit fraud"),
        ("form", "forced_marriage"): Kept(_FORM, "others", loses="that it was forced marriage"),
        ("form", "child_soldier"): Kept(_FORM, "others", loses="that it was child soldiering"),
        ("form", "illegal_adoption"): Kept(_FORM, "others", loses="that it was illegal adoption"),
        ("form", "surrogacy"): Kept(_FORM, "others", loses="that it was surrogacy"),
        ("form", "other"): Kept(_FORM, "others"),
        ("form", "unclear"): Kept(_FORM, "unknown", loses="that it was asked and is not clear"),
        ("form", "not_known"): Kept(_FORM, "unknown"),
        ("form", "not_asked"): Kept(_FORM, "unknown", loses="that nobody asked"),
        ("gender", "female"): Kept(_SEX, "female"),
        ("gender", "male"): Kept(_SEX, "male"),
        ("gender", "other"): Kept(_SEX, "unknown", loses="that it is neither"),
        ("gender", "not_known"): Kept(_SEX, "unknown"),
        ("gender", "not_asked"): Kept(_SEX, "unknown", loses="that nobody asked"),
        ("age", "u18"): Kept(_AGE, "under 18"),
        ("age", "18-29"): Kept(_AGE, _ADULT, loses=_BANDS),
        ("age", "30-39"): Kept(_AGE, _ADULT, loses=_BANDS),
        ("age", "40-49"): Kept(_AGE, _ADULT, loses=_BANDS),
        ("age", "50-59"): Kept(_AGE, _ADULT, loses=_BANDS),
        ("age", "60+"): Kept(_AGE, _ADULT, loses=_BANDS),
        ("age", "adult"): Kept(_AGE, _ADULT),
        ("age", "not_known"): Kept(_AGE, "unknown"),
        ("age", "not_asked"): Kept(_AGE, "unknown", loses="that nobody asked"),
        ("nationality", "stateless"): Kept("citizenship", "non-EU country", loses="that the person is stateless"),
        ("nationality", "not_known"): Kept("citizenship", "unknown"),
        ("nationality", "not_asked"): Kept("citizenship", "unknown", loses="that nobody asked"),
    },
    whole={
        "nationality": Kept(
            "citizenship", "", loses="the country: reporting country, other EU and non-EU are published"
        ),
    },
    lost={("form", "not_trafficking"): Lost("registered victims only")},
    lost_whole={
        "who": Lost("registered victims only: a contact is none"),
        "topic": Lost("registered victims only: a contact is none"),
        "party": Lost("counted by registering body, not by who referred"),
        "outcome": Lost("registered victims only: a contact is none"),
        "interpreter": Lost("not collected"),
        "yes_no": Lost("repeat contact and danger are not collected; age is counted at registration only"),
        "place": Lost("not collected"),
        "residence": Lost("not collected"),
        "asylum_background": Lost("not collected"),
        "sector": Lost("not collected"),
        "control": Lost("not collected"),
        "decision": Lost("each registering body counts by its own law; ours are reported as admissions"),
    },
)
