"""Devices that misbehave: faults as a scenario writes them, and the line on which they work.

Pure. A fault changes messages and their delivery, never the patient. Only `silent` loses anything.
"""

from app.simulator.faults.kinds import CLOCK_KINDS, Fault
from app.simulator.faults.line import Line

__all__ = ["CLOCK_KINDS", "Fault", "Line"]
