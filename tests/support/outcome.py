"""What a fixture may know at its end about the test that used it."""

from __future__ import annotations

import pytest

FAILED = pytest.StashKey[bool]()
