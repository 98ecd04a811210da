"""Every operation of the API, the permission that it must need, and a body that it could be sent.

Written by hand beside the routes: a route that names the wrong permission, or a new one that
nobody thought about, is a difference between the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from app.access.roles import Permission as P
from tests.api.clinic import NOBODY


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    """As the OpenAPI document has it; `{session_id}` and the like are filled in."""
    needs: P
    body: dict[str, Any] | None = field(default=None)
    """Sent with it: what could be meant, but for what would end the credential that asks."""
    query: str = ""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


SESSION: Final = "/api/sessions/{session_id}"
ALARM: Final = f"{SESSION}/alarms/{{alarm_id}}"
READING: Final = f"{SESSION}/readings/{{reading_id}}"
USER: Final = "/api/users/{user_id}"
TOKEN: Final = "/api/tokens/{token_id}"
REASON: Final = {"reason": "A matrix"}
PERIOD: Final = "from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z"

OPERATIONS: Final = (
    Operation("GET", "/livez", P.PUBLIC),
    Operation("GET", "/readyz", P.PUBLIC),
    # one's own
    Operation("GET", "/api/auth/welcome", P.PUBLIC),
    Operation("POST", "/api/auth/login", P.PUBLIC, {"name": "nobody"}),
    Operation("POST", "/api/auth/demo", P.PUBLIC, {"role": "nurse"}),
    Operation("POST", "/api/auth/link", P.PUBLIC, {"link": "none"}),
    Operation("GET", "/api/auth/me", P.OWN_SCREEN),
    Operation("POST", "/api/auth/logout", P.LEAVE_SCREEN),
    Operation("POST", "/api/auth/active", P.OWN_SCREEN),
    Operation("POST", "/api/auth/lock", P.OWN_SCREEN),
    Operation("POST", "/api/auth/unlock", P.OWN_SCREEN, {}),
    Operation("POST", "/api/auth/grant", P.OWN_SCREEN, {}),
    Operation("GET", "/api/auth/people", P.OWN_SCREEN),
    Operation("POST", "/api/auth/password", P.OWN_ACCOUNT, {}),
    Operation("POST", "/api/auth/pin", P.OWN_ACCOUNT, {}),
    Operation("GET", "/api/auth/sign-ins", P.OWN_ACCOUNT),
    Operation("DELETE", "/api/auth/sign-ins/{sign_in_id}", P.OWN_ACCOUNT),
    Operation("POST", "/api/auth/emergency", P.USE_EMERGENCY, {}),
    # an administrator's
    Operation("GET", "/api/emergencies", P.REVIEW_EMERGENCY),
    Operation("POST", "/api/emergencies/{emergency_id}/review", P.REVIEW_EMERGENCY, {}),
    Operation("POST", "/api/users", P.MANAGE_USERS, {"name": "matrix"}),
    Operation("GET", "/api/users", P.MANAGE_USERS),
    Operation("GET", USER, P.MANAGE_USERS),
    Operation("PATCH", USER, P.MANAGE_USERS, {"display_name": "A matrix"}),
    Operation("POST", f"{USER}/reset", P.MANAGE_USERS),
    Operation("POST", f"{USER}/unlock", P.MANAGE_USERS),
    Operation("GET", f"{USER}/sign-ins", P.MANAGE_USERS),
    Operation("DELETE", f"{USER}/sign-ins/{{sign_in_id}}", P.MANAGE_USERS),
    Operation("POST", "/api/tokens", P.MANAGE_TOKENS, {"name": "matrix"}),
    Operation("GET", "/api/tokens", P.MANAGE_TOKENS),
    Operation("GET", TOKEN, P.MANAGE_TOKENS),
    Operation("DELETE", TOKEN, P.MANAGE_TOKENS),
    Operation("POST", f"{TOKEN}/link", P.MANAGE_TOKENS),
    # an auditor's
    Operation("GET", "/api/access-log", P.READ_ACCESS_LOG),
    Operation("GET", "/api/access-log.csv", P.READ_ACCESS_LOG),
    # patients and sessions
    Operation("POST", "/api/patients", P.WRITE_PATIENT, {"code": "P-matrix", "initials": "M.X."}),
    Operation("GET", "/api/patients", P.READ_PATIENT),
    Operation("POST", "/api/patients/search", P.READ_PATIENT, {"q": "M"}),
    Operation("GET", "/api/patients/{patient_id}", P.READ_PATIENT),
    Operation("POST", "/api/sessions", P.WRITE_SESSION, {"station": "Room 99"}),
    Operation("GET", "/api/sessions", P.READ_SESSION),
    Operation("POST", "/api/sessions/search", P.READ_SESSION, {"q": "M"}),
    Operation("GET", SESSION, P.READ_SESSION),
    Operation("GET", f"{SESSION}/events", P.READ_SESSION),
    Operation("GET", f"{SESSION}/timeline", P.READ_SESSION, query=PERIOD),
    Operation("GET", f"{SESSION}/record", P.READ_SESSION),
    Operation("GET", f"{SESSION}/figure", P.READ_SESSION, query=PERIOD),
    Operation("GET", f"{SESSION}/as-seen", P.READ_SESSION),
    Operation("GET", f"{SESSION}/alarms", P.READ_SESSION),
    Operation("POST", f"{SESSION}/sign", P.SIGN_RECORD, {"meaning": "reviewed"}),
    Operation("POST", f"{SESSION}/addenda", P.ADD_ADDENDUM, {"text": "A matrix"}),
    Operation("GET", f"{SESSION}/signatures", P.READ_SESSION),
    Operation("GET", f"{SESSION}/limits", P.READ_SESSION),
    Operation("POST", f"{SESSION}/phase", P.WRITE_SESSION, {"to": "checked_in"}),
    Operation(
        "POST",
        f"{SESSION}/phase/correct",
        P.WRITE_SESSION,
        {"phase": "infusing", "entry": 9, "at": "2026-11-22T10:00:00Z", **REASON},
    ),
    Operation("POST", f"{SESSION}/phase/take-back", P.WRITE_SESSION, {"phase": "paused", **REASON}),
    Operation("POST", f"{SESSION}/annotations", P.ANNOTATE, {"kind": "note", "text": "A matrix"}),
    Operation("GET", f"{SESSION}/annotations", P.READ_SESSION),
    Operation("POST", f"{SESSION}/annotations/{{annotation_id}}/void", P.ANNOTATE, REASON),
    Operation(
        "POST",
        f"{SESSION}/annotations/{{annotation_id}}/correct",
        P.ANNOTATE,
        {**REASON, "text": "A matrix again"},
    ),
    Operation(
        "POST",
        f"{SESSION}/stop-prompts/{{vital}}/answer",
        P.ACKNOWLEDGE_ALARM,
        {"decision": "continue", **REASON},
    ),
    Operation("POST", f"{SESSION}/clock", P.WRITE_SESSION, {"at": "2026-11-22T10:00:00Z"}),
    Operation("POST", f"{SESSION}/standby", P.WRITE_SESSION, {"minutes": 5, **REASON}),
    Operation("DELETE", f"{SESSION}/standby", P.WRITE_SESSION),
    Operation("PUT", f"{SESSION}/responsible", P.WRITE_SESSION, {"person": None}),
    # readings
    Operation("POST", f"{SESSION}/readings", P.RECORD_READING, {"values": {"hr": 80}}),
    Operation("POST", "/api/readings", P.RECORD_READING, {"readings": [{"values": {"hr": 80}}]}),
    Operation("POST", f"{READING}/void", P.CORRECT_READING, REASON),
    Operation("POST", f"{READING}/amend", P.CORRECT_READING, {"values": {"hr": 81}, **REASON}),
    Operation("POST", f"{READING}/move", P.CORRECT_READING, {"session_id": NOBODY, **REASON}),
    # alarms
    Operation("POST", f"{ALARM}/acknowledge", P.ACKNOWLEDGE_ALARM, {}),
    Operation("POST", f"{ALARM}/end", P.ACKNOWLEDGE_ALARM, REASON),
    Operation("POST", f"{SESSION}/audio-pause", P.PAUSE_AUDIO, {"seconds": 30}),
    Operation("DELETE", f"{SESSION}/audio-pause", P.PAUSE_AUDIO),
    Operation("POST", f"{SESSION}/audio-off", P.SWITCH_ALARMS_OFF, REASON),
    Operation("DELETE", f"{SESSION}/audio-off", P.ACKNOWLEDGE_ALARM),
    Operation("POST", f"{SESSION}/alarm-off", P.SWITCH_ALARMS_OFF, {"scope": "hr", **REASON}),
    Operation("DELETE", f"{SESSION}/alarm-off", P.ACKNOWLEDGE_ALARM, query="scope=hr"),
    Operation("POST", f"{SESSION}/help", P.CALL_HELP, {}),
    Operation("DELETE", f"{SESSION}/help", P.ACKNOWLEDGE_ALARM),
    Operation("PUT", f"{SESSION}/limits", P.CHANGE_LIMITS, {"limits": {"hr": {"high": 125}}}),
    Operation("PUT", f"{SESSION}/devices/{{device}}", P.ATTACH_DEVICE, {}),
    Operation("DELETE", f"{SESSION}/devices/{{device}}", P.ATTACH_DEVICE),
    # files
    Operation("GET", f"{SESSION}/report.pdf", P.EXPORT_RECORD),
    Operation("GET", f"{SESSION}/report.html", P.EXPORT_RECORD),
    Operation("GET", f"{SESSION}/readings.csv", P.EXPORT_RECORD),
    Operation("GET", f"{SESSION}/events.csv", P.EXPORT_RECORD),
    Operation("POST", "/api/exports", P.EXPORT_RECORD, {"formats": ["events.csv"]}),
    Operation("GET", "/api/exports", P.EXPORT_RECORD),
    Operation("GET", "/api/exports/{export_id}", P.EXPORT_RECORD),
    Operation("DELETE", "/api/exports/{export_id}", P.EXPORT_RECORD),
    Operation("GET", "/api/exports/{export_id}/file", P.EXPORT_RECORD),
    # the whole clinic
    Operation("GET", "/api/board", P.WATCH_WALL),
    Operation("GET", "/api/notices", P.READ_NOTICES),
    Operation("POST", "/api/notices/{notice_id}/dismiss", P.DISMISS_NOTICE),
    Operation("GET", "/api/alarm-load", P.REVIEW),
    Operation("GET", "/api/clinic", P.REVIEW),
    Operation("GET", "/api/clinic.csv", P.REVIEW),
    Operation("POST", "/api/what-if", P.REVIEW, {"limits": {"hr": {"high": 125}}}),
    Operation("GET", "/api/vitals", P.READ_CATALOGUE),
    Operation("GET", "/api/protocols", P.READ_CATALOGUE),
    Operation("DELETE", "/api/auth/emergency", P.OWN_ACCOUNT),  # last: it ends what was lent
)

BESIDE_THE_API: Final = {
    "/api/openapi.json": "says what there is, of nobody",
    "/api/asyncapi.json": "the same of the sockets",
    "/docs": "the same to be read",
    **dict.fromkeys(
        (
            "/",
            "/session/{session_id}",
            "/training",
            "/wall",
            "/link",
            "/demo",
            "/account",
            "/admin",
            "/admin/{rest:path}",
            "/audit",
            "/audit/{rest:path}",
            "/sessions",
            "/sessions/{rest:path}",
            "/clinic",
        ),
        "one page for all screens: it asks the API who is there",
    ),
    "/assets/{path:path}": "the screens' own files",
    "/plotly.js": "where the script is that draws figures",
    "/plotly/{release}.js": "that script, of nobody",
    "/{name}": "the screens' own files",
}
"""What is answered to anybody and is not in the OpenAPI document, and why it may be."""

SOCKETS: Final = {"/api/live": P.REPORT_SCREEN, "/api/ingest": P.RECORD_READING}
"""What opening one needs; what may be said over it is named message by message."""

SAID: Final[tuple[tuple[str, dict[str, Any], P], ...]] = (
    ("watchBoard", {"op": "watch", "board": True}, P.WATCH_WALL),
    ("watchSession", {"op": "watch", "session": NOBODY}, P.READ_SESSION),
    ("unwatchBoard", {"op": "unwatch", "board": True}, P.REPORT_SCREEN),
    ("unwatchSession", {"op": "unwatch", "session": NOBODY}, P.REPORT_SCREEN),
    ("status", {"op": "status", "sound": "proven"}, P.REPORT_SCREEN),
    ("shown", {"op": "shown", "session": NOBODY, "alarm": NOBODY, "rev": 1}, P.REPORT_SCREEN),
)
"""Every message of the live feed; `session` is that of the test."""
