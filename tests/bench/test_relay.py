"""The command itself, with tiny numbers: that it runs every phase, and tells what it measured."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ["--rounds", "1", "--chats", "2", "--idle", "3", "--seconds", "1", "--json"]


def test_one_command_compares_quietline_with_a_bare_relay() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.relay", *TINY], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (raw,), (ours,) = told["rounds"]["RAW"], told["rounds"]["SQLite"]
    for quantities in (raw, ours):
        assert quantities["CPU us per message, saturated"] > 0
        assert 0 < quantities["ms to the other screen, p50"] <= quantities["ms to the other screen, p99"]
        assert "KiB per idle socket" in quantities
    ratios = {figure["quantity"]: figure["ratio"] for figure in told["figures"] if figure["contender"] == "SQLite"}
    cpu = "CPU us per message, saturated"
    assert ratios[cpu] == ours[cpu] / raw[cpu]
    assert "ms to the acknowledgement, p50" in ours.keys() - raw.keys()
