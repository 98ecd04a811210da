"""Of many random stories `make test` lives the first half, `make test-long` the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def few_of(seeds: int) -> list[ParameterSet]:
    """For `parametrize`: seeds from 0 on, of which the second half is `long`."""
    return [
        pytest.param(seed, marks=pytest.mark.long if seed >= seeds // 2 else ())
        for seed in range(seeds)
    ]
