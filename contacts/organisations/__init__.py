"""Whom we send people or proposals to, and in which words we ask: organisations and approved wordings."""
