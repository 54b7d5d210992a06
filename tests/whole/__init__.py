"""The whole service, from outside."""
