"""What is logged cannot be about a patient."""

import asyncio
import logging
import sys
import threading
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
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks
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
    assert quiet["event"] == "quiet [redacted]"
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


@pytest.mark.usefixtures("_restored")
def test_our_own_lines_are_whole_and_a_librarys_are_words_and_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("debug")
    logging.getLogger("app.access.anchors").info("the log ends at %s", "123:abc")
    library = logging.getLogger("library")
    library.warning("%d of %s failed after %.1f s", 3, SECRET, 1.5)
    library.warning("first line\n%s", SECRET)
    library.warning("%(name)s failed", {"name": SECRET})
    library.error(OSError(98, "the address is taken"))
    library.error(ValueError(SECRET))
    logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', "x", f"/?q={SECRET}")
    said = [orjson.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert said == [
        "the log ends at 123:abc",
        "3 of [redacted] failed after 1.5 s",
        "first line",
        "%(name)s failed",
        "the address is taken",
        "ValueError",
    ]


@pytest.mark.usefixtures("_restored")
def test_a_callback_that_fails_is_told_without_what_it_was_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def deliver(_batch: str) -> None:
        raise ValueError(SECRET)

    async def main() -> None:
        asyncio.get_running_loop().call_soon(deliver, SECRET)
        await asyncio.sleep(0)

    logs.configure("info")
    asyncio.run(main())
    told = capsys.readouterr().err
    line = orjson.loads(told)
    assert line["event"].startswith("Exception in callback")
    assert line["exc_type"] == "ValueError"
    assert "deliver" in line["where"][-1]
    assert SECRET not in told


@pytest.mark.usefixtures("_restored")
def test_what_nothing_caught_is_told_by_kind_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")

    def fails() -> None:
        raise ExceptionGroup(SECRET, [ValueError(SECRET)])

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    try:
        fails()
    except ExceptionGroup as error:
        sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    told = capsys.readouterr().err
    assert SECRET not in told
    lines = [orjson.loads(line) for line in told.splitlines()]
    assert [line["exc_type"] for line in lines] == ["ExceptionGroup"] * 2
