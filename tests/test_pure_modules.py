"""The modules listed as pure in pyproject.toml are pure: event and `now` in, effects out."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["quietline"]["pure-modules"]

# Clocks, sockets, processes, environment, chance: a pure module is given what it needs of these.
IMPURE = frozenset(
    {
        "aiosqlite",
        "anyio",
        "asyncio",
        "asyncpg",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "redis",
        "secrets",
        "select",
        "shutil",
        "signal",
        "socket",
        "sqlalchemy",
        "ssl",
        "starlette",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "twilio",
        "urllib.request",
        "uuid",
        "uvicorn",
        "websockets",
    }
)
CLOCKS = frozenset({"now", "utcnow", "today"})


def impurities(source: str) -> list[str]:
    """What in a module's text reaches outside it, each with its line."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                found.append(f"{node.lineno}: waits")
            case ast.Import(names=names):
                found += [f"{node.lineno}: imports {name.name}" for name in names if is_impure(name.name)]
            case ast.ImportFrom(module=str(module)) if is_impure(module):
                found.append(f"{node.lineno}: imports {module}")
            case ast.Call(func=ast.Name(id="open" | "input" | "print" as called)):
                found.append(f"{node.lineno}: calls {called}")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=attr)) if attr in CLOCKS:
                found.append(f"{node.lineno}: reads the clock")
            case _:
                pass
    return found


def is_impure(module: str) -> bool:
    return module in IMPURE or module.partition(".")[0] in IMPURE


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_reaches_nothing_outside_itself(name: str) -> None:
    assert impurities((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from os import environ",
        "import asyncio.queues",
        "async def f(): ...",
        "open('x')",
        "datetime.now(UTC)",
    ],
)
def test_what_is_not_pure_is_noticed(source: str) -> None:
    assert len(impurities(source)) == 1


def test_what_is_pure_is_left_alone() -> None:
    assert impurities("from datetime import datetime\ndef f(now: datetime) -> datetime:\n    return now") == []
