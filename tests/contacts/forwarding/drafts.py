"""A made-up referral, for tests."""

from contacts.forwarding.document import Agreed, Cover, reference_of
from contacts.forwarding.payload import Item, Payload, Purpose, Receiver, Scope, Sender

SERVICE = Sender(name="Saarnilinja", telephone="+46 8 465 004 12")


def payload(*, scope: Scope = Scope.REFERRAL, summary: str = "Hakee turvaa.", shown: str = "Tampere") -> Payload:
    return Payload(
        scope=scope,
        language="fi",
        sender=SERVICE,
        receiver=Receiver(id="f" * 32, name="Majakka ry"),
        purpose=Purpose(wording="a" * 32, version=2, language="en", text="You may send what is shown here."),
        until="2026-12-06",
        items=(
            Item(field="place", label="Paikkakunta", shown=shown),
            Item(field="age", label="Ikä", shown="18-24", codes=("y18_24",)),
        ),
        summary=summary,
    )


def cover() -> Cover:
    return Cover(
        reference=reference_of("3f2a91bc77d0aa55"), permission=Agreed(giver="self", how="card", on="2026-11-22")
    )
