"""What is said about a scenario that cannot be played."""

from __future__ import annotations

from app.simulator.client import SimulatorError


class ScenarioError(SimulatorError):
    """The file, the place in it, what is wrong and what would be right, in one sentence."""
