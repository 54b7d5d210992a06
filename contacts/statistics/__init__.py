"""Anonymous facts about contacts, and the key that opens them. Nothing here opens a contact (docs/facts.md)."""
