"""The two characters by which operators speak of a contact, for whoever still asks here: `contacts.tags` makes them."""

from contacts.tags import new_tag

__all__ = ["new_tag"]
