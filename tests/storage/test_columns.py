"""Every column of the whole schema says what it holds at rest, and is of a type that can hold only that."""

import pytest
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String

from storage.columns import Holds
from tests.stores import every_table

COLUMNS = [column for table in every_table().sorted_tables for column in table.columns]
KINDS: dict[Holds, type] = {
    Holds.CIPHERTEXT: LargeBinary,
    Holds.CHOICE: String,
    Holds.RANDOM_ID: String,
    Holds.COARSE_TIME: BigInteger,
    Holds.COUNTER: Integer,
    Holds.KEY_MATERIAL: LargeBinary,
    Holds.STAFF_TEXT: String,
}
#: Columns that could hold sentences by their length; each is about staff or configuration.
ROOM_FOR_SENTENCES = 100


def named(column: Column[object]) -> str:
    return f"{column.table.name}.{column.name}"


@pytest.mark.parametrize("column", COLUMNS, ids=named)
def test_a_column_declares_what_it_holds(column: Column[object]) -> None:
    holds = column.info.get("holds")
    assert isinstance(holds, Holds), "made without one of the makers of storage/columns.py"
    assert type(column.type) is KINDS[holds]
    if isinstance(column.type, String):
        assert column.type.length is not None
        assert column.type.length < ROOM_FOR_SENTENCES or holds is Holds.STAFF_TEXT


def test_the_whole_schema_is_here() -> None:
    tables = {column.table.name for column in COLUMNS}
    assert {"contacts", "entries", "segments", "visitors", "staff", "sessions", "audit", "presence", "leases"} <= tables


def test_nothing_of_a_visitor_lies_in_a_column_for_words_of_staff() -> None:
    about_visitors = {"contacts", "entries", "segments", "segment_keys", "visitors", "visitor_segments", "openings"}
    assert not [
        named(column)
        for column in COLUMNS
        if column.table.name in about_visitors and column.info["holds"] is Holds.STAFF_TEXT
    ]
