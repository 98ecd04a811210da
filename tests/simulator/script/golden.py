"""What visits say, in short: `python -m tests.simulator.script.golden > .../golden.json`.

Nobody answers in them, so that they hang on scenario, seed and script alone. Change what patients
do on purpose, then write the file anew; a machine that gives another one computes differently.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from app.simulator.script import Asks, Charts, Sends
from tests.simulator.script.bed import built_in, in_json, open_loop, visit_of

VISITS = (
    ("normal", "1"),
    ("normal", "2"),
    ("hypertension", "1"),
    ("desaturation", "1"),
    ("over_sedation", "3"),
    ("vasovagal", "1"),
    ("nausea", "4"),
    ("comm_loss", "1"),
)
SAMPLE_S = 2


def golden() -> dict[str, Any]:
    return {f"{name}:{seed}": in_short(name, seed) for name, seed in VISITS}


def in_short(name: str, seed: str) -> dict[str, Any]:
    visit = visit_of(built_in(name), seed, nurse=True, sample_s=SAMPLE_S)
    said = open_loop(visit)
    readings = in_json([action for action in said if isinstance(action, (Sends, Charts))])
    text = json.dumps(readings, sort_keys=True)
    return {
        "length_s": visit.t,
        "weight_kg": visit.patient.traits.weight_kg,
        "phases": {action.to: action.at_s for action in said if isinstance(action, Asks)},
        "readings": len(readings),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "first": readings[0],
        "last": readings[-1],
    }


if __name__ == "__main__":
    json.dump(golden(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
