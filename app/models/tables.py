"""The tables. Moments are milliseconds since the epoch; a session has an integer key inside and a
UUIDv7 outside.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_KEY: Final = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite numbers only INTEGER keys itself
_UUID: Final = String(36)
_ONE_ACTIVE: Final = text("active")
_NOT_READING: Final = text("kind <> 'reading.recorded'")  # a timeline's phases and alarms

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="one row a fact about this database: `epoch`, new on create and on restore",
)

patient = Table(
    "patient",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("code", String(64), nullable=False),
    Column("initials", String(16), nullable=False),
    Column("name", String(200)),
    Column("birth_date", String(10)),
    Column("sex", String(16)),
    Column("weight_kg", Float(53)),
    Column("indication", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("uq_patient_id", "id", unique=True),
    Index("uq_patient_code", "code", unique=True),
)

infusion_session = Table(
    "infusion_session",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("patient_key", _KEY, ForeignKey("patient.key"), nullable=False),
    Column("station", String(64), nullable=False),
    Column("protocol", String(64), nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("clock", String(8), nullable=False),
    Column("phase", String(32), nullable=False),
    Column("phase_since", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, comment="of the last event; never goes back"),
    Column("next_due_at", BigInteger, comment="when the engine must be asked again"),
    Column("head", LargeBinary, nullable=False, comment="hash of the last event"),
    Column("created_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("digest", LargeBinary, nullable=False),
    CheckConstraint("clock IN ('wall', 'driven')", name="clock"),
    CheckConstraint("clock = 'wall' OR simulated", name="driven_is_simulated"),
    Index("uq_infusion_session_id", "id", unique=True),
    Index(
        "uq_infusion_session_station_active",
        "station",
        unique=True,
        sqlite_where=_ONE_ACTIVE,
        postgresql_where=_ONE_ACTIVE,
    ),
    Index(
        "uq_infusion_session_patient_active",
        "patient_key",
        unique=True,
        sqlite_where=_ONE_ACTIVE,
        postgresql_where=_ONE_ACTIVE,
    ),
    Index(None, "next_due_at"),
    Index(None, "created_at"),
)

session_state = Table(
    "session_state",
    metadata,
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, comment="of the engine that made it"),
    Column("data", LargeBinary, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False, comment="canonical JSON"),
    Column("data", Text, nullable=False, comment="canonical JSON"),
    Column("hash", LargeBinary, nullable=False, comment="HMAC over the previous hash and the row"),
    Index("uq_event_session_key_seq", "session_key", "seq", unique=True),
    Index(
        "ix_event_not_reading",
        "session_key",
        "seq",
        sqlite_where=_NOT_READING,
        postgresql_where=_NOT_READING,
    ),
)

reading = Table(
    "reading",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("id", _UUID, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("source", String(8), nullable=False),
    Column("values", JSON, nullable=False),
    Column("judged", JSON, nullable=False, comment="flags and late as judged when it came"),
    Column("digest", LargeBinary, nullable=False, comment="of the content as sent"),
    Column("voided", Boolean, nullable=False, server_default=false(), comment="or moved"),
    Index("uq_reading_session_key_seq", "session_key", "seq", unique=True),
    Index("uq_reading_session_key_id", "session_key", "id", unique=True),
)

alarm = Table(
    "alarm",
    metadata,
    Column("id", _UUID, primary_key=True),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("condition", String(40), nullable=False),
    Column("priority", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("cleared_at", BigInteger),
    Column("seq", BigInteger, nullable=False, comment="of the event that made this row"),
    Column("data", Text, nullable=False, comment="the alarm as JSON"),
    Index(None, "session_key", "raised_at"),
    Index(None, "raised_at"),
)

command = Table(
    "command",
    metadata,
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), primary_key=True),
    Column("id", _UUID, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    comment="client ids of what was recorded other than readings",
)

attachment = Table(
    "attachment",
    metadata,
    Column("device", String(200), primary_key=True),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "session_key"),
    comment="which session's each device is; none of a closed session",
)

notice = Table(
    "notice",
    metadata,
    Column("id", _UUID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("device", String(200), nullable=False, comment="empty: of no device"),
    Column("station", String(200), nullable=False, comment="empty: of no station"),
    Column("code", String(64), nullable=False),
    Column("text", Text, nullable=False, comment="what is wrong, without who and how often"),
    Column("since", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("dismissed_at", BigInteger),
    Column("dismissed_by", Text, comment="canonical JSON"),
    Index("uq_notice_kind", "kind", "device", "station", "code", unique=True),
    Index(None, "last_at"),
    comment="what the whole clinic should know",
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", _UUID, primary_key=True),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("seq", BigInteger, nullable=False, comment="of the event that is told"),
    Column("body", Text, nullable=False, comment="as it is signed and sent"),
    Column("created_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, comment="when it is tried; null: not any more"),
    Column("failed_at", BigInteger, comment="when it failed first"),
    Column("delivered_at", BigInteger),
    Column("gave_up_at", BigInteger),
    Column("last_error", Text),
    Index(None, "next_at"),
    comment="calls that go out by webhook, written with the event that they tell of",
)
