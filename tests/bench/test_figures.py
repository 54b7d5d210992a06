from bench.figures import figures, quantities, table
from bench.load import Idle, Paced, Saturated

CPU = "CPU us per message, saturated"


def test_ratios_are_taken_within_a_round_and_the_median_of_them_counts() -> None:
    raw, ours = [{CPU: 10.0}, {CPU: 20.0}, {CPU: 30.0}], [{CPU: 40.0}, {CPU: 40.0}, {CPU: 90.0}]
    _, found = figures({"RAW": raw, "ours": ours})
    assert (found.median, found.ratio, found.lowest, found.highest) == (40.0, 3.0, 2.0, 4.0)


def test_what_raw_does_not_have_has_no_ratio() -> None:
    _, found = figures({"RAW": [{"a": 1.0}], "ours": [{"b": 2.0}]})
    assert (found.contender, found.quantity, found.median, found.ratio) == ("ours", "b", 2.0, None)
    assert figures({"ours": [{"b": 2.0}]})[0].ratio is None


def test_phases_that_were_not_run_tell_nothing() -> None:
    assert quantities(None, None, None) == {}
    told = quantities(
        Saturated(messages=10, cpu_us=5.0, per_second=100.0, server_share=0.9, client_share=0.1),
        Paced(messages=9, shown_p50=1.0, shown_p99=2.0, ack_p50=None, ack_p99=None, server_share=0.1),
        Idle(sockets=3, kib=20.0),
    )
    assert told[CPU] == 5.0
    assert told["KiB per idle socket"] == 20.0
    assert not any("acknowledgement" in name for name in told)


def test_the_table_names_contender_ratio_and_spread() -> None:
    text = table(figures({"RAW": [{CPU: 10.0}], "SQLite": [{CPU: 30.0}]}))
    assert "SQLite" in text.splitlines()[2]
    assert "3.00   3.00 to 3.00" in text
