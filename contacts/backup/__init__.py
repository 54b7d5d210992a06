"""Backups: content and keyring in files of their own, and bringing them back."""
