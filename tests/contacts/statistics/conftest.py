"""A world that counts, on each database."""

import pytest

from contacts.session import Session
from tests.contacts.installation import Installation
from tests.contacts.statistics.counting_world import World


@pytest.fixture
async def world(here: Installation, lead: Session) -> World:
    return World(here, lead)
