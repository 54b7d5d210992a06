"""Our codes in the Human Trafficking Case Data Standard 2.0 of the IOM ("HTCDS Field Standards 2.0"), and what is lost. Pure.

Our contact is not HTCDS's case: it knows a person's case, with names and dates of birth. So whatever is about the
contact (who called, what came of it) has no place there, and whatever is coarser or of another cut here is named.
"""

from typing import Final

from contacts.codes.mapping import Kept, Lost, Map

_KIND: Final = "vic_TypeOfExploitation"
_MEANS: Final = "vic_MethodsOfControl"
_TRADE: Final = "vic_ForcedLabourIndustry"
_STATUS: Final = "vic_TraffickingStatus"

HTCDS: Final = Map(
    name="HTCDS 2.0",
    kept={
        ("form", "forced_labour"): Kept(_KIND, "ForcedLabour"),
        ("form", "sexual_exploitation"): Kept(_KIND, "SexualExploitation"),
        ("form", "forced_marriage"): Kept(_KIND, "ForcedMarriage"),
        ("form", "begging"): Kept(_KIND, "ForcedBegging"),
        ("form", "child_soldier"): Kept(
            _KIND, "ForcedMilitaryByNonStateActors", loses="that it was a child, and armies of states"
        ),
        ("form", "organ_removal"): Kept(_KIND, "OrganRemoval"),
        ("form", "illegal_adoption"): Kept(_KIND, "ForcedAdoption", loses="adoptions that were illegal but not forced"),
        ("form", "surrogacy"): Kept(_KIND, "Surrogacy"),
        ("form", "forced_criminality"): Kept(_KIND, "Other", loses="that it was forced criminality"),
        ("form", "benefit_fraud"): Kept(_KIND, "Other", loses="that it was benefit fraud"),
        ("form", "other"): Kept(_KIND, "Other"),
        ("form", "not_trafficking"): Kept(_STATUS, "NotAVictimOfTrafficking"),
        ("gender", "female"): Kept("prs_Gender", "Feminine"),
        ("gender", "male"): Kept("prs_Gender", "Masculine"),
        ("gender", "other"): Kept("prs_Gender", "NonConforming"),
        ("gender", "not_known"): Kept("prs_Gender", "NonSpecifiedUnknown"),
        ("gender", "not_asked"): Kept("prs_Gender", "NonSpecifiedUnknown", loses="that nobody asked"),
        ("control", "debt"): Kept(_MEANS, "DebtBondage"),
        ("control", "threats"): Kept(
            _MEANS, "PhysicalThreats", loses="threats that were not of violence: HTCDS tells three kinds apart"
        ),
        ("control", "documents_taken"): Kept(_MEANS, "WithholdsDocuments"),
        ("control", "wages_withheld"): Kept(_MEANS, "TakesEarnings"),
        ("control", "violence"): Kept(_MEANS, "PhysicalAbuse", loses="sexual violence, which HTCDS counts apart"),
        ("control", "movement_restricted"): Kept(_MEANS, "Other", loses="version 2.0 has no restricted movement"),
        ("control", "isolation"): Kept(_MEANS, "PsychologicalAbuse", loses="that it was isolation"),
        ("control", "other"): Kept(_MEANS, "Other"),
        ("sector", "restaurant"): Kept(
            _TRADE, "I_AccommodationAndFoodServiceActivities", loses="the trade within the ISIC section"
        ),
        ("sector", "cleaning"): Kept(
            _TRADE, "N_AdministrativeAndSupportServiceActivities", loses="the trade within the ISIC section"
        ),
        ("sector", "agriculture_berries"): Kept(
            _TRADE, "A_AgricultureForestryAndFishing", loses="the trade within the ISIC section"
        ),
        ("sector", "greenhouse"): Kept(
            _TRADE, "A_AgricultureForestryAndFishing", loses="the trade within the ISIC section"
        ),
        ("sector", "construction"): Kept(_TRADE, "F_Construction"),
        ("sector", "beauty"): Kept(_TRADE, "S_OtherServiceActivities", loses="the trade within the ISIC section"),
        ("sector", "car_wash"): Kept(
            _TRADE, "G_WholesaleAndRetailTradeRepairOfMotorVehicles", loses="the trade within the ISIC section"
        ),
        ("sector", "domestic"): Kept(_TRADE, "T_ActivitiesOfHouseholdsAsEmployers"),
        ("sector", "transport"): Kept(_TRADE, "H_TransportationAndStorage"),
        ("decision", "admitted_victim"): Kept(
            _STATUS, "PossibleVictimOfTrafficking", loses="admission to assistance is no finding of a court"
        ),
    },
    whole={"nationality": Kept("prs_Citizenship", "")},
    lost={
        ("form", "unclear"): Lost("no value for a form that is not clear yet"),
        ("sector", "other"): Lost("ISIC sections only"),
        ("nationality", "stateless"): Lost("ISO 3166 only"),
        ("decision", "admitted_child"): Lost("a victim's child is nobody's status"),
        ("decision", "admitted_witness"): Lost("a witness is nobody's status"),
        ("decision", "not_admitted"): Lost("not admitted is not the same as not a victim"),
        ("decision", "lapsed"): Lost("no decisions"),
        ("decision", "withdrawn"): Lost("no decisions"),
        ("decision", "ended"): Lost("no decisions"),
    },
    lost_whole={
        "who": Lost("a case has no contact"),
        "topic": Lost("a case has no contact"),
        "party": Lost("the referring organisation is a record there, and its types are others"),
        "outcome": Lost("a case has no contact"),
        "interpreter": Lost("no interpreters"),
        "yes_no": Lost("repeat contact, danger and minority are no fields there"),
        "place": Lost("places are towns and streets there, which we do not record"),
        "residence": Lost("no residence status"),
        "asylum_background": Lost("no asylum background"),
        "age": Lost("dates of birth and single years only, no age groups"),
    },
)
