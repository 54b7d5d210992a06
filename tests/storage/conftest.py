from tests.stores import clock, database_url, other_store, store

__all__ = ["clock", "database_url", "other_store", "store"]
