"""The rules of an `opening_hours` text, taken apart far enough to talk about them one by one.

The evaluator alone decides what a text means; this only finds where rules begin and end. After the specification on the
OpenStreetMap wiki: `;` starts a rule that replaces earlier ones on its days, `, ` one that adds, ` || ` a fallback.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUN = "dawn|sunrise|sunset|dusk"
_TIME = rf"(?:[0-9]{{1,2}}:[0-9]{{2}}|\(?(?:{_SUN}))"
_JOINT = re.compile(rf'"[^"]*"|(?P<joint>;|\|\||,\s+(?!\s|{_TIME}))', re.IGNORECASE)
_RULE = re.compile(
    rf"(?P<selector>.*?)\s*(?P<times>\b{_TIME}.*?)?\s*(?P<modifier>\b(?:open|off|closed|unknown))?"
    r'\s*(?:"(?P<comment>[^"]*)")?',
    re.IGNORECASE | re.DOTALL,
)
_DATED = re.compile(rf"\b(?:{'|'.join(MONTHS)}|easter|week|[0-9]{{4}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `joint`: what stands before it, `;`, `,` or `||`; empty for the first."""

    joint: str
    text: str
    selector: str
    times: str
    modifier: str
    comment: str

    @property
    def closes(self) -> bool:
        """Whether it says when we are not there."""
        return self.modifier in {"off", "closed"}

    @property
    def opens(self) -> bool:
        """Whether it says when we are there."""
        return self.modifier in {"", "open"}

    @property
    def about_holidays(self) -> bool:
        """Whether it names public holidays."""
        return re.search(r"\bPH\b", self.selector) is not None

    @property
    def dated(self) -> bool:
        """Whether it names months, weeks, years or dates."""
        return _DATED.search(self.selector) is not None


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of a text that the evaluator can read."""
    found: list[Rule] = []
    joint, begins = "", 0
    for match in _JOINT.finditer(text):
        if match["joint"] is not None:
            found.append(_rule(joint, text[begins : match.start()]))
            joint, begins = match["joint"].strip(), match.end()
    return (*found, _rule(joint, text[begins:]))


def joined(parts: Iterable[Rule]) -> str:
    """A text of these rules; the first one's joint is left out."""
    spaced = {";": "; ", ",": ", ", "||": " || ", "": ""}
    first, *others = parts
    return first.text + "".join(spaced[rule.joint] + rule.text for rule in others)


def _rule(joint: str, text: str) -> Rule:
    stripped = text.strip()
    found = _RULE.fullmatch(stripped)
    assert found is not None  # every part may be empty, and the selector takes anything
    part = {name: said or "" for name, said in found.groupdict().items()}
    return Rule(joint, stripped, part["selector"], part["times"], part["modifier"].lower(), part["comment"])
