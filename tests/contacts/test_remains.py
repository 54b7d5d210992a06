"""Nothing goes on naming a contact that is gone: every table of the schema is walked."""

import pytest
from sqlalchemy import Table

from contacts.remains import OUTLIVES, naming_tables
from contacts.tables_log import contacts
from tests.stores import every_table

TABLES = every_table().sorted_tables
#: A digest of a visitor's cookie, not of a contact: gone with `visitors`, through VisitorKeys.destroy.
BY_LOOKUP = {"visitor_segments"}


def leads_to_a_contact(table: Table) -> bool:
    """By a column, or by what its rows hang on."""
    named = {"contact", "contact_id", "forwarding", "lookup"} & set(table.c.keys())
    hung = any(key.column.table is contacts or key.column.table in naming_tables() for key in table.foreign_keys)
    return bool(named - {"lookup"}) or hung


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_that_names_a_contact_is_swept_with_it_or_says_why_not(table: Table) -> None:
    if table is contacts or not leads_to_a_contact(table):
        return
    assert (table in naming_tables()) != (table.name in OUTLIVES), (
        "name its column `contact`, or hang it on a table that has one (contacts/remains.py)"
    )


def test_what_hangs_on_another_table_goes_before_it() -> None:
    order = [table.name for table in naming_tables()]
    for table in naming_tables():
        for key in table.foreign_keys:
            if key.column.table in naming_tables():
                assert order.index(table.name) < order.index(key.column.table.name)
    assert order.index("outbox_keys") < order.index("forwardings")


def test_what_outlives_a_contact_exists() -> None:
    assert set(OUTLIVES) <= {table.name for table in TABLES}
