"""Fails unless each pure module (`[tool.quietline] pure-modules`) has 100 % branch coverage in the last test run."""

import io
import sys
import tomllib
from pathlib import Path

import coverage

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Reads pyproject.toml and `.coverage`, prints what is missing."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    modules: list[str] = settings["tool"]["quietline"]["pure-modules"]
    if not modules:
        print("Pure modules: none listed yet")
        return
    measured = coverage.Coverage(data_file=str(ROOT / ".coverage"))
    measured.load()
    complete = [name for name in modules if is_complete(measured, name)]
    if complete != modules:
        sys.exit(f"Pure modules under 100 % branch coverage: {', '.join(sorted(set(modules) - set(complete)))}")
    print(f"Pure modules: {len(modules)} at 100 % branch coverage")


def is_complete(measured: coverage.Coverage, name: str) -> bool:
    """Whether a module was run in every line and branch; prints the ones that were not."""
    if not (ROOT / name).is_file():
        sys.exit(f"pyproject.toml lists {name} as a pure module, and there is no such file")
    if str(ROOT / name) not in measured.get_data().measured_files():
        print(f"{name}: no test imported it")
        return False
    told = io.StringIO()
    complete = measured.report(include=[str(ROOT / name)], file=told, skip_empty=False) == 100.0
    if not complete:
        print(told.getvalue())
    return complete


if __name__ == "__main__":
    main()
