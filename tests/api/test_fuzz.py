"""Asked by everybody, well and badly: whatever is no call of a session."""

import pytest
from schemathesis import GenerationMode

from tests.api.fuzzing import Documented, calls, documented, nothing_fails_or_tells_too_much

__all__ = ["documented"]


@pytest.mark.parametrize(("path", "method", "mode"), calls(sessions=False))
def test_no_request_makes_the_server_fail_or_tell_too_much(
    documented: Documented, path: str, method: str, mode: GenerationMode
) -> None:
    nothing_fails_or_tells_too_much(documented, path, method, mode)
