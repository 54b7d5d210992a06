"""What says too much by itself, and the plain parts around it: frames, kinds of clients, tallies in parts, sums that hold."""

from msgspec.structs import replace

from contacts.release.cells import Cell, Count, Table
from contacts.release.dimensions import KIND
from contacts.release.frame import Frame, Row
from contacts.release.linking import relations_of
from contacts.release.primary import Span, primary_cells
from contacts.release.tally import Tallying
from tests.contacts.release.people import facts

HALF = "2026H1"


def cell(**codes: str) -> Cell:
    return Cell("u", HALF, frozenset(codes.items()))


def test_a_group_that_lies_whole_in_one_sensitive_code_is_hidden() -> None:
    table = Table(
        id="t",
        unit="u",
        dimensions=("place", "form"),
        codes={"place": ("here", "there"), "form": ("x", "y")},
        sensitive=frozenset({"form"}),
    )
    numbers = {("here", "x"): 20, ("here", "y"): 0, ("there", "x"): 15, ("there", "y"): 12}
    counts = {cell(place=place, form=form): Count(number, number) for (place, form), number in numbers.items()}
    counts |= {cell(place="here"): Count(20, 20), cell(place="there"): Count(27, 27), cell(): Count(47, 47)}
    counts |= {cell(form="x"): Count(35, 35), cell(form="y"): Count(12, 12)}
    found = primary_cells([table], [HALF], counts, k={"u": 5})
    whole, nobody = cell(place="here", form="x"), cell(place="here", form="y")
    assert found == {whole: Span(15, 20), nobody: Span(0, 5)}
    impossible = frozenset({whole, nobody})
    assert primary_cells([table], [HALF], counts, k={"u": 5}, structural=impossible) == {}


def test_one_person_behind_most_of_a_cell_hides_it() -> None:
    table = Table(id="t", unit="u", dimensions=("d",), codes={"d": ("a", "b")})
    counts = {cell(): Count(52, 41), cell(d="a"): Count(40, 40), cell(d="b"): Count(12, 1, 12)}
    assert primary_cells([table], [HALF], counts, k={"u": 5}) == {cell(d="b"): Span(7, 12)}


def test_a_client_is_a_child_a_witness_somebody_who_was_a_minor_or_an_adult() -> None:
    assert [
        KIND.of(codes)
        for codes in (
            {"decision": ("admitted_witness",)},
            {"decision": ("admitted_child",)},
            {"minor_when_admitted": ("yes",)},
            {"minor_when_exploited": ("yes",)},
            {},
        )
    ] == ["witness", "child", "child", "minor_then", "adult"]


def test_the_tables_of_a_frame_stand_in_their_order() -> None:
    rows = (Row(table="b", unit="u", period=HALF), Row(table="a", unit="u", period=HALF, dim1="d", code1="x"))
    frame = Frame(release_id="r", period=HALF, catalogue=1, k=5, rows=rows)
    assert frame.tables == ["b", "a"]
    assert frame.table("a") == [rows[1]]


def test_facts_counted_in_parts_are_the_same_as_counted_at_once() -> None:
    made = facts(1, HALF, contacts=40, people=20)
    served = next(fact for fact in made if fact.wait is not None)
    made += [made[0], replace(served, wait=None)]
    at_once, first, second = Tallying(HALF), Tallying(HALF), Tallying(HALF)
    at_once.add(made)
    first.add(made[:30])
    second.add(made[30:])
    first.merge(second.tally())
    assert first.tally() == at_once.tally()
    assert Tallying(HALF).tally().waits == {}


def test_what_two_units_tell_differently_is_no_sum() -> None:
    channel = {"channel": ("chat", "phone")}
    tables = [Table(id=unit, unit=unit, dimensions=("channel",), codes=channel) for unit in ("contacts", "service")]
    counts = {Cell(table.unit, HALF): Count(30, 30) for table in tables}
    same = {Cell("contacts", HALF): -1, Cell("service", HALF): 1}
    assert same in relations_of({HALF: tables}, [HALF], counts)
    counts[Cell("service", HALF)] = Count(0, 0)
    assert same not in relations_of({HALF: tables}, [HALF], counts)
