"""The screens are checked against the API as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.api_types import CHECKED_IN, generate

if TYPE_CHECKING:
    from pathlib import Path


def test_checked_in_types_are_those_of_the_api(tmp_path: Path) -> None:
    fresh = tmp_path / "api.d.ts"
    generate(fresh)
    assert CHECKED_IN.read_text() == fresh.read_text(), "run `make api`"
