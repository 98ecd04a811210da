"""What a sign or a trait can be at all: a target or a draw beyond it is a slip of the pen."""

from __future__ import annotations

from typing import Final

from app.simulator.body import BOUNDS, USUAL

PEAK: Final = "peak_"  # a change: how far the usual dose moves the sign
BY_KEY: Final = {
    {"weight": "weight_kg", "age": "age_years"}.get(name, name): name for name in USUAL
}
"""Draws by the key that a file has for them, with its unit where a sign has not its own."""
OF_A_PERSON: Final = {"weight": (30.0, 250.0), "age": (18.0, 100.0), "exposure": (0.2, 3.0)}


def check_target(sign: str, target: float) -> None:
    """Raises ValueError for a target that no monitor shows and no scale has."""
    low, high = BOUNDS[sign]
    if not low <= target <= high:
        raise ValueError(f"{sign} can be drawn to {low:g} to {high:g}, not to {target:g}")


def bounds_of(name: str) -> tuple[float, float] | None:
    """What a draw of this name can be; None if nothing is known of it."""
    bounds = BOUNDS.get(name.removeprefix(PEAK)) or OF_A_PERSON.get(name)
    if bounds is None or not name.startswith(PEAK):
        return bounds
    low, high = bounds
    return low - high, high - low
