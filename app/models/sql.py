"""The statements of the hot path, written once for both databases: `?` marks a value, PostgreSQL's
driver gets `%s`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Statements:
    mark: str = "?"
    lock_by_id: str = (
        "SELECT key, id, seq, recorded_at, head FROM infusion_session"
        " WHERE id IN ({marks}) ORDER BY id{lock}"
    )
    id_at_station: str = "SELECT id FROM infusion_session WHERE station = ? AND active"
    state_of: str = "SELECT seq, version, data FROM session_state WHERE session_key = ?"
    log_of: str = (
        "SELECT seq, kind, at, recorded_at, actor, data FROM event"
        " WHERE session_key = ? ORDER BY seq"
    )
    known: str = (
        "SELECT digest, seq FROM reading WHERE session_key = ? AND id = ?"
        " UNION ALL SELECT digest, seq FROM command WHERE session_key = ? AND id = ?"
    )
    judged_at: str = "SELECT judged FROM reading WHERE session_key = ? AND seq = ?"
    wait_for: str = "SELECT key FROM infusion_session WHERE key = ? FOR UPDATE"  # PostgreSQL only
    hash_at: str = "SELECT hash FROM event WHERE session_key = ? AND seq = ?"
    event_at: str = (
        "SELECT kind, at, recorded_at, actor, data FROM event WHERE session_key = ? AND seq = ?"
    )
    alarm_by_id: str = "SELECT data FROM alarm WHERE session_key = ? AND id = ?"
    add_event: str = (
        "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    add_reading: str = (
        'INSERT INTO reading (session_key, seq, id, taken_at, source, "values", judged, digest)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    set_alarm: str = (
        "INSERT INTO alarm"
        " (id, session_key, condition, priority, state, raised_at, cleared_at, seq, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " priority = excluded.priority, state = excluded.state,"
        " cleared_at = excluded.cleared_at, seq = excluded.seq, data = excluded.data"
    )
    add_command: str = "INSERT INTO command (session_key, id, digest, seq) VALUES (?, ?, ?, ?)"
    set_session: str = (
        "UPDATE infusion_session SET seq = ?, recorded_at = ?, head = ?, phase = ?,"
        " phase_since = ?, active = ?, closed_at = ?, clock = ?, next_due_at = ? WHERE key = ?"
    )
    set_state: str = (
        "INSERT INTO session_state (seq, version, data, session_key) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (session_key) DO UPDATE SET seq = excluded.seq, version = excluded.version,"
        " data = excluded.data"
    )
    add_session: str = (
        "INSERT INTO infusion_session"
        " (id, patient_key, station, protocol, simulated, clock, phase, phase_since, active, seq,"
        " recorded_at, next_due_at, head, created_at, closed_at, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key"
    )
    session_known: str = "SELECT digest FROM infusion_session WHERE id = ?"
    patient_by_id: str = "SELECT key, id, code, initials, digest FROM patient WHERE id = ?"
    patient_by_code: str = "SELECT id FROM patient WHERE code = ?"
    session_of_patient: str = (
        "SELECT station FROM infusion_session WHERE patient_key = ? AND active"
    )
    add_patient: str = (
        "INSERT INTO patient"
        " (id, code, initials, name, birth_date, sex, weight_kg, indication, created_at,"
        " actor, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    probe: str = (
        "INSERT INTO meta (name, value) VALUES ('probe', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )


SQLITE: Final = Statements()
POSTGRESQL: Final = Statements(
    **{f.name: str(getattr(SQLITE, f.name)).replace("?", "%s") for f in fields(Statements)}
)
