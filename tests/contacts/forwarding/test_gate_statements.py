"""What makes the gate in the database, as text; tests/contacts/forwarding/test_gate.py tries what it holds back."""

import re

import pytest

from contacts.forwarding.gate import made_with, removals, statements
from storage.engine import Dialect


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_part_of_the_gate_that_was_made_is_taken_away_again(dialect: Dialect) -> None:
    kind = "TRIGGER" if dialect == "sqlite" else "FUNCTION"  # with its triggers
    made = [match[1] for one in statements(dialect) if (match := re.match(rf"\s*CREATE {kind} (\w+)", one))]
    removed = [match[1] for one in removals(dialect) if (match := re.match(rf"DROP {kind} (\w+)", one))]
    assert len(set(made)) == len(made) > 2
    assert removed == made
    assert statements(dialect) == tuple(statement for _, statement in made_with(dialect))
