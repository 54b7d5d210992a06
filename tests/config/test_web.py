import os
import signal
import socket
import time
from pathlib import Path

import pytest

from config.listener import listening_socket
from tests.config.programs import PATIENCE, children, free_port, running


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A data folder with a demo in it."""
    with running("demo", "--seed", log=tmp_path / "seed.log", DATA_DIR=str(tmp_path / "data")) as program:
        assert program.process.wait(PATIENCE) == 0, program.output
    return tmp_path / "data"


def wait_for_workers(pid: int, count: int, *, without: int | None = None) -> list[int]:
    until = time.monotonic() + PATIENCE
    while len(found := [child for child in children(pid) if child != without]) < count:
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def test_a_worker_that_is_killed_is_replaced_while_the_other_serves(made: Path, tmp_path: Path, redis_url: str) -> None:
    with running(
        "web", log=tmp_path / "web.log", DATA_DIR=str(made), MODE="demo", WEB_WORKERS="2", REDIS_URL=redis_url
    ) as program:
        program.status()
        first, second = wait_for_workers(program.process.pid, 2)
        program.wait_for("web_started", 2)
        os.kill(first, signal.SIGKILL)
        assert program.status()["state"] == "paused"
        assert second in wait_for_workers(program.process.pid, 2, without=first)
        program.wait_for("web_started", 3)
        assert program.stop() == 0
    assert "worker_died" in program.output
    assert "exit_code=-9" in program.output
    assert program.output.count("web_stopped") == 2
    assert "supervisor_stopped" in program.output


def test_workers_end_with_their_supervisor(made: Path, tmp_path: Path, redis_url: str) -> None:
    with running(
        "web", log=tmp_path / "web.log", DATA_DIR=str(made), MODE="demo", WEB_WORKERS="2", REDIS_URL=redis_url
    ) as program:
        program.status()
        workers = wait_for_workers(program.process.pid, 2)
        program.wait_for("web_started", 2)
        program.process.kill()
        until = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{worker}").exists() for worker in workers):
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_supervisor_gives_up_what_starting_again_cannot_heal(tmp_path: Path, redis_url: str) -> None:
    with running(
        "web",
        log=tmp_path / "web.log",
        DATA_DIR=str(tmp_path / "data"),
        MODE="development",
        WEB_WORKERS="2",
        REDIS_URL=redis_url,
    ) as program:
        assert program.process.wait(PATIENCE) == 78
    assert "The app key file cannot be opened. `python -m config.cli setup` makes one" in program.output


def test_the_worker_waits_when_the_web_process_does_its_work(tmp_path: Path) -> None:
    with running("worker", log=tmp_path / "log", DATA_DIR=str(tmp_path), MODE="development") as program:
        program.wait_for("worker_idle")
        assert program.stop() == 0


def test_the_worker_works_with_redis(made: Path, tmp_path: Path, redis_url: str) -> None:
    with running("worker", log=tmp_path / "log", DATA_DIR=str(made), MODE="demo", REDIS_URL=redis_url) as program:
        program.wait_for("worker_started")
        assert program.stop() == 0
    assert "failed" not in program.output


def test_a_taken_port_is_said_in_one_sentence(made: Path, tmp_path: Path) -> None:
    port = free_port()
    with (
        listening_socket("127.0.0.1", port),
        running("web", log=tmp_path / "log", port=port, DATA_DIR=str(made), MODE="demo") as program,
    ):
        assert program.process.wait(PATIENCE) == 78
    assert program.output == f"Port {port} is taken or not allowed: choose another PORT.\n"


def test_the_listening_socket_frees_peers_that_acknowledge_nothing() -> None:
    with listening_socket("127.0.0.1", 0) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
