"""What happened on the network, as people would tell it."""

from msgspec import Struct


class Told(Struct, frozen=True):
    """One thing. `t` in seconds; `text` in words.

    `event`: dialled, heard, pressed, answered, bridged, recorded, cancelled, ended.
    """

    t: float
    who: str
    event: str
    text: str = ""


class Transcript:
    """Everything, in order."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def tell(self, t: float, who: str, event: str, text: str = "") -> None:
        """Something happened."""
        self.told.append(Told(round(t, 1), who, event, text))

    def of(self, event: str, who: str | None = None) -> list[Told]:
        """What happened of this kind, to all or to one."""
        return [one for one in self.told if one.event == event and who in {None, one.who}]
