"""What the leads' pages about organisations and wordings may call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contacts.forwarding.emergencies import Emergencies
from contacts.organisations.organisations import Organisations
from contacts.organisations.wordings import Wordings

ORGANISATIONS: Final = "/desk/lead/organisations"
EXPORT: Final = f"{ORGANISATIONS}/organisations.json"
IMPORT: Final = f"{ORGANISATIONS}/import"
WORDINGS: Final = "/desk/lead/wordings"
EMERGENCIES: Final = "/desk/lead/emergencies"

#: Languages an organisation may be asked to name (visitor.md), in the order of their codes.
SERVED: Final[Sequence[str]] = (
    "am", "ar", "bn", "bg", "ckb", "en", "es", "et", "fa", "fi", "fil", "fr", "hi", "lt", "lv", "ne", "pl", "ps", "pt", "ro", "ru",
    "so", "sq", "sv", "sw", "th", "ti", "tr", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnering:
    """Ports of these pages."""

    organisations: Organisations
    wordings: Wordings
    emergencies: Emergencies
