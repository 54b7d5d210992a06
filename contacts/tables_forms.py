"""Messages of the contact form: what is plain about them. Their words are entries like all others."""

from sqlalchemy import ForeignKey, Table

from storage.columns import choice, key_material, random_id
from storage.metadata import metadata

form_messages = Table(
    "form_messages",
    metadata,
    random_id("contact", ForeignKey("contacts.id"), primary_key=True),
    key_material("sent_as", nullable=False, unique=True),  # HMAC of the page's id and all fields: sent twice, kept once
    choice("urgency", nullable=False),
    choice("answer", nullable=False),
)
