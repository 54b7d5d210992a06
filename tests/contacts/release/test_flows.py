"""Who went: never a table of its own, always in a sum."""

from msgspec.structs import replace

from contacts.release.catalogue import SPECS, Counted
from contacts.release.cells import Cell, Flow, Table, sums_of_flows
from contacts.release.counting import Counts
from contacts.release.tally import Tally

FLOW = Flow("stock", "clients", "leavers")


def test_a_stock_follows_from_the_one_before_who_came_and_who_went() -> None:
    table = Table(id="t", unit="stock", dimensions=("gender",), codes={"gender": ("female",)})
    other = Table(id="o", unit="clients", dimensions=("gender",), codes={"gender": ("female",)})
    women = frozenset({("gender", "female")})
    sums = sums_of_flows([table, other], FLOW, "2025H2", "2026H1")
    assert len(sums) == 2
    assert {
        Cell("stock", "2026H1", women): -1,
        Cell("stock", "2025H2", women): 1,
        Cell("clients", "2026H1", women): 1,
        Cell("leavers", "2026H1", women): -1,
    } in sums


def test_whoever_went_is_counted_though_no_table_shows_it() -> None:
    counts = Counts([Tally(period="2026H1", lines={})])
    gone = [replace(spec, unit=Counted.LEAVERS) for spec in SPECS if spec.unit is Counted.STOCK]
    found = counts.of(gone, "2026H1")
    assert found[Cell(Counted.LEAVERS, "2026H1")].value == 0
