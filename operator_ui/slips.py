"""What is wrong with a form, or remarkable about hours: a sentence, and the field it is about. GOV.UK's error summary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from duty.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Slip:
    """`key`: of the sentence. `place`: as in `duty.findings`, or the id of a field. `refuse`: stands in the way."""

    key: str
    place: str
    values: Mapping[str, str] = field(default_factory=dict)
    refuse: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """A slip in words. `field`: the id of the field it belongs to; `href`: where that is."""

    text: str
    field: str
    href: str
    refuse: bool


def slips_of(findings: Iterable[Finding]) -> list[Slip]:
    """Findings as slips."""
    return [
        Slip(f"finding.{one.code}", one.place, one.values, refuse=one.severity is Severity.refuse) for one in findings
    ]
