"""Opaque random names. Nothing about a person or a time can be read from one."""

import secrets
from typing import NewType

ContactId = NewType("ContactId", str)
StaffId = NewType("StaffId", str)
OrganisationId = NewType("OrganisationId", str)
WordingId = NewType("WordingId", str)


def new_id() -> str:
    """128 random bits as 32 hexadecimal characters."""
    return secrets.token_hex(16)
