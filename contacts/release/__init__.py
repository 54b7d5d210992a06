"""Releases: counts that leave the house, so that nobody can be found in them (statistics.md)."""
