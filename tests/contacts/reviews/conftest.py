"""A helpline with facts of several half-years, on each database."""

import pytest

from contacts.session import Session
from tests.contacts.installation import Installation
from tests.contacts.reviews.releasing import Releasing


@pytest.fixture
async def releasing(here: Installation, lead: Session) -> Releasing:
    return Releasing(here, lead)
