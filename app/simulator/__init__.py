"""Scripts that stand outside and feed the monitor: simulated patients with nurses and devices, and
recordings of real ones.

    from app.simulator import Clinic, Patient, Scenario

Overview: `body` (one patient), `scenario` (what is to happen, as TOML), `faults` (devices that
misbehave) and `script` (the visit, second by second) are pure and seeded. `rooms` plays visits,
`replay` recordings, `load` a thousand rooms; `client` is the only way out, over the public API.

Invariants: the same seed gives the same readings on any machine, at any speed and by any way;
whatever was not acknowledged is sent again with the same id; everything made here is marked as
simulated. Of the application only the clock and the list of vital signs are imported.
"""

from app.simulator.body import Patient
from app.simulator.rooms.clinic import Clinic
from app.simulator.scenario import Scenario

__all__ = ["Clinic", "Patient", "Scenario"]
