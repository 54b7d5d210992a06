import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from config.logs import configure_logs, told_by_loop
from contacts.words import Words

CANARY = "198.51.100.7 my passport was taken"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log of this test; the process's own logging is put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook)
    out = io.StringIO()
    configure_logs(readable=False, to=out)
    yield out
    structlog.reset_defaults()
    root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook = before
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets", "twilio", "httpx"):
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_keeps_codes_and_numbers(written: io.StringIO) -> None:
    structlog.get_logger().info("job_done", job="sweep", count=3, seconds=0.5)
    (line,) = lines(written)
    assert {key: line[key] for key in ("event", "level", "job", "count", "seconds")} == {
        "event": "job_done",
        "level": "info",
        "job": "sweep",
        "count": 3,
        "seconds": 0.5,
    }


def test_a_field_nobody_allowed_is_counted_and_not_printed(written: io.StringIO) -> None:
    structlog.get_logger().warning("frame_refused", client=CANARY, text=Words(CANARY))
    (line,) = lines(written)
    assert line["hidden"] == 2
    assert CANARY not in written.getvalue()


@pytest.mark.parametrize("value", [CANARY, Words(CANARY), CANARY.encode(), {"a": CANARY}, "x" * 65, "two words"])
def test_an_allowed_field_takes_no_free_text(written: io.StringIO, value: object) -> None:
    structlog.get_logger().warning("frame_refused", reason=value)
    assert lines(written)[0]["reason"] == "(hidden)"


def test_an_event_name_is_fixed_text(written: io.StringIO) -> None:
    structlog.get_logger().warning(f"could not read {CANARY}")
    assert lines(written)[0]["event"] == "(hidden)"


def test_an_exception_is_its_type_and_our_places(written: io.StringIO) -> None:
    try:
        Words(CANARY).__reduce__()
    except TypeError:
        structlog.get_logger().exception("pickling_refused")
    (line,) = lines(written)
    assert line["error"] == "TypeError"
    assert str(line["where"]).startswith("contacts/words.py:")
    assert "tests/config/test_logs.py:" in str(line["where"])
    assert "written down" not in written.getvalue()


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "uvicorn.access", "websockets.server", "asyncio", "sqlalchemy.engine"]
)
def test_other_libraries_messages_are_dropped(written: io.StringIO, name: str) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger(name).exception("%s - WebSocket /socket", CANARY)
    assert CANARY not in written.getvalue()
    for line in lines(written):
        assert (line["event"], line["library"], line["error"]) == ("library_message", name, "ValueError")


def test_uvicorn_is_not_heard_at_all(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").critical("anything")
    assert written.getvalue() == ""


def test_an_uncaught_exception_is_told_without_its_text(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    (line,) = lines(written)
    assert (line["event"], line["error"]) == ("uncaught", "KeyError")
    assert CANARY not in "".join(capsys.readouterr())


async def test_a_failed_task_is_told_without_its_text(written: io.StringIO) -> None:
    told_by_loop(asyncio.get_running_loop(), {"message": CANARY, "exception": RuntimeError(CANARY)})
    (line,) = lines(written)
    assert (line["event"], line["error"]) == ("task_failed", "RuntimeError")
    assert CANARY not in written.getvalue()


def test_people_can_read_a_line_in_development() -> None:
    out = io.StringIO()
    before = (logging.getLogger().handlers[:], sys.excepthook)
    try:
        configure_logs(readable=True, to=out)
        structlog.get_logger().info("web_started", number=1)
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers[:], sys.excepthook = before
    assert "web_started" in out.getvalue()
    assert "number=1" in out.getvalue()
