"""What we remember and who may see it: contacts, their sealed entries, keys, staff accounts and the audit log."""
