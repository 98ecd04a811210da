"""When the server itself fails, the answer says so and nothing more."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from app.api.guards import LastWord
from tests.api.clinic import refused

SECRET = "Quillfeather"


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError(f"could not store {SECRET}")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_an_unexpected_failure_is_a_problem_and_is_logged_without_its_text(
    logged: list[Any],
) -> None:
    response = TestClient(LastWord(broken)).get("/api/board")
    refused(response, 500, "internal_error")
    assert SECRET not in response.text
    [line] = logged
    assert line["exc_type"] == "ValueError"
    assert "broken" in line["where"][-1]
    assert SECRET not in str(line)
