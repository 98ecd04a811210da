"""The statements of the hot path, written once for both databases: `?` marks a value, PostgreSQL's
driver gets `%s`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

STANDS_MS: Final = 15 * 60_000  # a notice that nothing has told again for so long is over

_HUSHED_UNTIL: Final = (  # what a device goes on sending is not told again at once
    "notice.dismissed_at"
    f" + CASE WHEN notice.kind = 'webhook_undelivered' THEN 0 ELSE {STANDS_MS} END"
)
_ANEW: Final = (
    f"{_HUSHED_UNTIL} < excluded.last_at"
    " OR (notice.kind <> 'webhook_undelivered'"
    f" AND notice.last_at < excluded.since - {STANDS_MS})"
)
_SEEN: Final = f"{_HUSHED_UNTIL} >= excluded.last_at"


@lru_cache(maxsize=512)  # every text is written in the code
def _marked(text: str, mark: str) -> str:
    return text if mark == "?" else text.replace("?", mark)


@dataclass(frozen=True, slots=True)
class Statements:
    mark: str = "?"

    def text(self, statement: str) -> str:
        """A statement of the cold path, written with `?`, as this database's driver wants it."""
        return _marked(statement, self.mark)

    lock_by_id: str = (
        "SELECT key, id, seq, recorded_at, head FROM infusion_session"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    known_ids: str = (
        "SELECT r.session_key, r.id, r.digest, r.seq FROM json_each(?1) w"
        " CROSS JOIN reading r ON r.session_key = json_extract(w.value, '$[0]')"
        " AND r.id = json_extract(w.value, '$[1]')"
        " UNION ALL SELECT c.session_key, c.id, c.digest, c.seq FROM json_each(?1) w"
        " CROSS JOIN command c ON c.session_key = json_extract(w.value, '$[0]')"
        " AND c.id = json_extract(w.value, '$[1]')"
    )
    ids_at_stations: str = (
        "SELECT s.id FROM json_each(?) w CROSS JOIN infusion_session s"
        " ON s.station = json_extract(w.value, '$[0]')"
        " AND s.simulated = json_extract(w.value, '$[1]') AND s.active"
    )
    id_at_station: str = (
        "SELECT id FROM infusion_session WHERE station = ? AND simulated = ? AND active"
    )
    id_of_device: str = (
        "SELECT s.id FROM attachment a JOIN infusion_session s ON s.key = a.session_key"
        " WHERE a.device = ? AND a.simulated = ? AND s.active"
    )
    state_of: str = "SELECT seq, version, data FROM session_state WHERE session_key = ?"
    states_behind: str = ""  # PostgreSQL only: an SQLite file has one writer, who holds its states
    known: str = (
        "SELECT digest, seq FROM reading WHERE session_key = ? AND id = ?"
        " UNION ALL SELECT digest, seq FROM command WHERE session_key = ? AND id = ?"
    )
    log_after: str = (
        "SELECT seq, kind, at, recorded_at, actor, data FROM event"
        " WHERE session_key = ? AND seq > ? ORDER BY seq"
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
        " (id, session_key, condition, priority, state, raised_at, cleared_at, seq, data, high)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " priority = excluded.priority, state = excluded.state,"
        " cleared_at = excluded.cleared_at, seq = excluded.seq, data = excluded.data,"
        " high = alarm.high OR excluded.high"
    )
    add_command: str = "INSERT INTO command (session_key, id, digest, seq) VALUES (?, ?, ?, ?)"
    set_session: str = (
        "UPDATE infusion_session SET seq = ?, recorded_at = ?, head = ?, phase = ?,"
        " phase_since = ?, active = ?, closed_at = ?, clock = ?, next_due_at = ? WHERE key = ?"
    )
    count_high: str = (
        "UPDATE infusion_session SET high_alarms ="
        " (SELECT count(*) FROM alarm WHERE session_key = ? AND high) WHERE key = ?"
    )
    set_signed: str = "UPDATE infusion_session SET signed_seq = ? WHERE key = ?"
    set_head: str = "UPDATE infusion_session SET seq = ?, recorded_at = ?, head = ? WHERE key = ?"
    set_state: str = (
        "INSERT INTO session_state (seq, version, data, session_key) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (session_key) DO UPDATE SET seq = excluded.seq, version = excluded.version,"
        " data = excluded.data"
    )
    add_session: str = (
        "INSERT INTO infusion_session"
        " (id, patient_key, station, protocol, simulated, clock, phase, phase_since, active, seq,"
        " recorded_at, next_due_at, head, created_at, closed_at, digest, patient_code)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key"
    )
    session_known: str = "SELECT digest FROM infusion_session WHERE id = ?"
    patient_by_id: str = (
        "SELECT key, id, code, initials, digest, simulated, birth_date FROM patient WHERE id = ?"
    )
    patient_by_code: str = "SELECT id FROM patient WHERE code = ? AND simulated = ?"
    session_of_patient: str = (
        "SELECT station FROM infusion_session WHERE patient_key = ? AND simulated = ? AND active"
    )
    add_patient: str = (
        "INSERT INTO patient"
        " (id, code, initials, name, birth_date, sex, weight_kg, indication, created_at,"
        " actor, digest, simulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    attach: str = (
        "INSERT INTO attachment (device, simulated, session_key, at)"
        " VALUES (?, (SELECT simulated FROM infusion_session WHERE key = ?), ?, ?)"
        " ON CONFLICT (device, simulated)"
        " DO UPDATE SET session_key = excluded.session_key, at = excluded.at"
    )
    detach: str = "DELETE FROM attachment WHERE device = ? AND session_key = ?"
    detach_all: str = "DELETE FROM attachment WHERE session_key = ?"
    standing: str = (
        'SELECT voided, "values", taken_at FROM reading WHERE session_key = ? AND seq = ?'
    )
    void_reading: str = "UPDATE reading SET voided = ? WHERE session_key = ? AND seq = ?"
    amend_reading: str = (
        'UPDATE reading SET "values" = ?, judged = ?, taken_at = ?'
        " WHERE session_key = ? AND seq = ?"
    )
    add_delivery: str = (
        "INSERT INTO delivery (id, session_key, seq, body, created_at, attempts, next_at)"
        " VALUES (?, ?, ?, ?, ?, 0, ?)"
    )
    set_notice: str = (
        "INSERT INTO notice (id, kind, device, station, code, text, since, last_at, count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, device, station, code) DO UPDATE SET text = excluded.text,"
        f" since = CASE WHEN {_ANEW} THEN excluded.since ELSE notice.since END,"
        f" count = CASE WHEN {_ANEW} THEN excluded.count ELSE notice.count + excluded.count END,"
        f" dismissed_by = CASE WHEN {_SEEN} THEN notice.dismissed_by END,"
        f" dismissed_at = CASE WHEN {_SEEN} THEN notice.dismissed_at END,"
        " last_at = excluded.last_at"
    )
    forget_notices: str = (
        "DELETE FROM notice WHERE last_at < ?"
        " AND kind <> 'webhook_undelivered' AND kind <> 'emergency'"
    )
    notice_by_id: str = (
        "SELECT id, kind, device, station, code, text, since, last_at, count FROM notice"
        " WHERE id = ?"
    )
    dismiss_notice: str = (
        "UPDATE notice SET dismissed_at = ?, dismissed_by = ? WHERE id = ? AND dismissed_at IS NULL"
    )
    failed_before: str = (
        "SELECT failed_at FROM delivery"
        " WHERE id = ? AND delivered_at IS NULL AND gave_up_at IS NULL"
    )
    delivered: str = (
        "UPDATE delivery SET attempts = attempts + 1, next_at = NULL, delivered_at = ? WHERE id = ?"
    )
    undelivered: str = (
        "UPDATE delivery SET attempts = attempts + 1, failed_at = ?, last_error = ?,"
        " next_at = ?, gave_up_at = ? WHERE id = ?"
    )
    calls_undelivered: str = (
        "SELECT count(*) FROM delivery d JOIN notice n ON n.kind = ?"
        " WHERE d.failed_at >= n.since AND d.delivered_at IS NULL"
    )
    recount_notice: str = "UPDATE notice SET count = ? WHERE kind = ?"
    end_notice: str = "DELETE FROM notice WHERE kind = ?"
    retell_notice: str = (
        "UPDATE notice SET text = ?, last_at = ? WHERE kind = ? AND dismissed_at IS NULL"
    )
    mark_alive: str = (
        "INSERT INTO meta (name, value) VALUES ('alive_at', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )


SQLITE: Final = Statements()
_SERVERS_OWN: Final = {  # lists come as arrays
    "lock_by_id": (
        "SELECT key, id, seq, recorded_at, head FROM infusion_session"
        " WHERE id = ANY(?::text[]) ORDER BY id FOR UPDATE"
    ),
    "known_ids": (
        "WITH w AS MATERIALIZED (SELECT * FROM unnest(?::bigint[], ?::text[]) AS w (key, id))"
        " SELECT r.session_key, r.id, r.digest, r.seq FROM w"
        " JOIN reading r ON r.session_key = w.key AND r.id = w.id"
        " UNION ALL SELECT c.session_key, c.id, c.digest, c.seq FROM w"
        " JOIN command c ON c.session_key = w.key AND c.id = w.id"
    ),
    "states_behind": (  # of sessions whose seq is not the one held
        "SELECT s.key, k.seq, k.version, k.data"
        " FROM unnest(?::text[], ?::bigint[]) AS held (id, seq)"
        " JOIN infusion_session s ON s.id = held.id AND s.seq <> held.seq"
        " JOIN session_state k ON k.session_key = s.key"
    ),
    "ids_at_stations": (
        "SELECT s.id FROM unnest(?::text[], ?::boolean[]) AS w (station, simulated)"
        " JOIN infusion_session s ON s.station = w.station AND s.simulated = w.simulated"
        " AND s.active"
    ),
    "add_event": (
        "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash)"
        " SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[],"
        " ?::text[], ?::text[], ?::bytea[])"
    ),
    "add_reading": (
        'INSERT INTO reading (session_key, seq, id, taken_at, source, "values", judged, digest)'
        " SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],"
        " ?::json[], ?::json[], ?::bytea[])"
    ),
    "set_head": (
        "UPDATE infusion_session s SET seq = w.seq, recorded_at = w.recorded_at, head = w.head"
        " FROM unnest(?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[])"
        " AS w (seq, recorded_at, head, key) WHERE s.key = w.key"
    ),
    "set_state": (
        "INSERT INTO session_state (seq, version, data, session_key)"
        " SELECT * FROM unnest(?::bigint[], ?::integer[], ?::bytea[], ?::bigint[])"
        " ON CONFLICT (session_key) DO UPDATE SET seq = excluded.seq, version = excluded.version,"
        " data = excluded.data"
    ),
}
POSTGRESQL: Final = Statements(
    **{
        f.name: str(_SERVERS_OWN.get(f.name, getattr(SQLITE, f.name))).replace("?", "%s")
        for f in fields(Statements)
    }
)
