"""An empty store on each database, and a clock that stands at a Tuesday noon."""

from tests.contacts.conftest import database_url, kept_database, store
from tests.stores import clock

__all__ = ["clock", "database_url", "kept_database", "store"]
