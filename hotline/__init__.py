"""The spoken door: calls that connect, and nothing kept (docs/hotline.md is the map of this folder)."""
