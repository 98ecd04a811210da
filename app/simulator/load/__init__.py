"""Load mode: many rooms that send each second, from one process, whether or not answers come.

Overview: `timetable`, `histogram`, `tally` and `beds` are pure; `stream` and `posts` are the two
ways out, `rooms` gets sessions and gives them back, `generator` sends by the clock, `run` joins
them and `report` tells what came of it.

Invariants: a reading is due by the clock and waits for no answer; its latency counts from the
moment it was due, also while it could not be sent; every reading that was due is counted once, as
acknowledged, refused, unanswered or given up; what is kept is bounded; a load that could not keep
up with its own clock says so, for then its figures are about itself.
"""

from app.simulator.load.histogram import Histogram
from app.simulator.load.report import Outcome
from app.simulator.load.run import Options, run, send

__all__ = ["Histogram", "Options", "Outcome", "run", "send"]
