"""Opaque random names. Nothing about a person or a time can be read from one."""

import re
import secrets
from typing import NewType

ContactId = NewType("ContactId", str)
StaffId = NewType("StaffId", str)
OrganisationId = NewType("OrganisationId", str)
WordingId = NewType("WordingId", str)

_ID = re.compile("[0-9a-f]{32}")


def new_id() -> str:
    """128 random bits as 32 hexadecimal characters."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    """Whether `new_id` could have made it. What else stands in an address is looked for in no database."""
    return _ID.fullmatch(text) is not None
