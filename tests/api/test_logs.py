"""What is logged cannot be about a patient."""

import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog

from app import logs

SECRET = "Quillfeather"


@pytest.fixture
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("_restored")
def test_only_known_fields_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    structlog.get_logger().warning("stored", count=3, patient=SECRET)
    line = orjson.loads(capsys.readouterr().err)
    assert (line["event"], line["count"], line["level"]) == ("stored", 3, "warning")
    assert line["patient"] == "[redacted]"
    assert line["time"].endswith("Z")


@pytest.mark.usefixtures("_restored")
def test_of_a_failure_in_a_library_only_its_kind_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info")
    logging.getLogger("library").info("quiet %s", "words")
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("library").exception("it failed")
    logging.getLogger("library").error("Traceback (most recent call last):\n  x\nKeyError: 'x'")
    quiet, failed, traced = map(orjson.loads, capsys.readouterr().err.splitlines())
    assert quiet["event"] == "quiet words"
    assert (failed["event"], failed["exc_type"]) == ("it failed", "ValueError")
    assert traced["exc_type"] == "KeyError"
    assert SECRET not in str(failed)


@pytest.mark.usefixtures("_restored")
def test_no_library_writes_where_calls_for_help_go(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug")
    for name in ("httpx2", "httpcore2.http11"):
        logging.getLogger(name).info("POST https://calls.example/hooks/%s", SECRET)
        logging.getLogger(name).debug("header %s", SECRET)
    assert capsys.readouterr().err == ""
