"""What waits in the outbox opens with its own key, in its own place, and with nothing else."""

import pytest

from contacts.app_key import AppKey
from contacts.distrust import Forged
from contacts.forwarding.outbox_layer import OutboxLayer
from contacts.framing import Deployment


def layer(key: bytes = b"k", deployment: str = "here") -> OutboxLayer:
    return OutboxLayer(app_key=AppKey(key * 32), deployment=Deployment(deployment))


def test_what_was_covered_is_uncovered_in_its_place_only() -> None:
    covered = layer().covered("f1", "document", b"age file")
    assert b"age file" not in b"".join(covered)
    assert layer().uncovered("f1", "document", *covered) == b"age file"
    for other, forwarding, kind in ((layer(), "f2", "document"), (layer(), "f1", "notice"), (layer(b"x"), "f1", "document"),
                                    (layer(deployment="there"), "f1", "document")):  # fmt: skip
        with pytest.raises(Forged):
            other.uncovered(forwarding, kind, *covered)


def test_no_two_have_the_same_key_and_a_mixed_pair_does_not_open() -> None:
    first, second = (layer().covered("f1", "document", b"x") for _ in range(2))
    assert first[1] != second[1]
    with pytest.raises(Forged):
        layer().uncovered("f1", "document", first[0], second[1], second[2])
