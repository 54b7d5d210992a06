"""An empty store on each database, and a clock that stands at a Tuesday noon."""

from tests.stores import clock, database_url, store

__all__ = ["clock", "database_url", "store"]
