"""Every table with key material says in which file of a backup it belongs, or that it is in none."""

import pytest
from sqlalchemy import Table

from contacts.backup.parts import KEYRING, LEFT_OUT, OPENS_NOTHING, Part, tables_of
from contacts.statistics import tables as statistics
from storage.columns import Holds
from tests.stores import every_table

TABLES = every_table().sorted_tables


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_with_key_material_is_declared(table: Table) -> None:
    if any(column.info["holds"] is Holds.KEY_MATERIAL for column in table.c):
        declared = [name for name in (KEYRING, LEFT_OUT, OPENS_NOTHING) if table.name in name]
        assert len(declared) == 1, "say in contacts/backup/parts.py whether a copy of it opens anything"


def test_every_table_is_in_one_file_or_left_out() -> None:
    content, keyring = ({table.name for table in tables_of(part)} for part in (Part.CONTENT, Part.KEYRING))
    assert content & keyring == set()
    assert content | keyring | LEFT_OUT == {table.name for table in TABLES}


def test_what_the_statistics_call_keyring_is_in_the_keyring() -> None:
    assert {table.name for table in statistics.KEYRING} <= KEYRING


def test_no_foreign_key_leads_out_of_the_keyring() -> None:
    for table in tables_of(Part.KEYRING):
        assert all(key.column.table.name in KEYRING for key in table.foreign_keys)
