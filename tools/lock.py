"""Writes the lock files anew from `requirements/*.in` and package.json, with hashes and without any address."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"bootstrap": [], "run": [], "test": ["-c", "requirements/run.txt"]}
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--only-binary=:all:",
    "--quiet",
]


def main() -> None:
    """`--upgrade` takes newer versions; without it what is locked stays unless a source changed."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    uv = ROOT / ".venv" / "bin" / "uv"
    for name, limits in NAMES.items():
        target = f"requirements/{name}.txt"
        source = f"requirements/{name}.in"
        subprocess.run([uv, "pip", "compile", *OPTIONS, *limits, *upgrade, source, "-o", target], check=True, cwd=ROOT)
    node = ROOT / ".venv" / "bin" / "node"
    npm = node.resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    change = "update" if upgrade else "install"
    subprocess.run([node, npm, change, "--package-lock-only", "--ignore-scripts", "--no-audit"], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
