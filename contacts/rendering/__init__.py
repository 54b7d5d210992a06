"""A release as files: rendered from the protected frame only, in Finnish, Swedish and English (statistics.md)."""
