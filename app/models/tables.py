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
    Column(
        "simulated",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="by a simulator, or so said",
    ),
    Index("uq_patient_id", "id", unique=True),
    Index("uq_patient_code", "code", "simulated", unique=True),
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
    Column(
        "high_alarms",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="alarms that were ever high",
    ),
    Column("signed_seq", BigInteger, comment="of the last signature or addendum"),
    Column(
        "patient_code",
        String(64),
        nullable=False,
        server_default="",
        comment="the patient's, for lists in its order",
    ),
    CheckConstraint("clock IN ('wall', 'driven')", name="clock"),
    CheckConstraint("clock = 'wall' OR simulated", name="driven_is_simulated"),
    Index("uq_infusion_session_id", "id", unique=True),
    Index(
        "uq_infusion_session_station_active",
        "station",
        "simulated",
        unique=True,
        sqlite_where=_ONE_ACTIVE,
        postgresql_where=_ONE_ACTIVE,
    ),
    Index(
        "uq_infusion_session_patient_active",
        "patient_key",
        "simulated",
        unique=True,
        sqlite_where=_ONE_ACTIVE,
        postgresql_where=_ONE_ACTIVE,
    ),
    Index(None, "next_due_at"),
    Index(None, "created_at"),
    Index(None, "patient_key"),
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
    Column("high", Boolean, nullable=False, server_default=false(), comment="has ever been"),
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
    Column("simulated", Boolean, primary_key=True, comment="as its session is"),
    Column("session_key", _KEY, ForeignKey("infusion_session.key"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "session_key"),
    comment="which session's each device is, real or simulated; none of a closed session",
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

user_account = Table(
    "user_account",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("name", String(64), nullable=False, comment="to sign in with"),
    Column("folded", String(64), nullable=False, comment="the name without case"),
    Column("display_name", String(120), nullable=False, comment="what is written down"),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("pin_hash", Text),
    Column("password_change_needed", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("failures", Integer, nullable=False, comment="wrong passwords in a row"),
    Column("locked_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False, comment="canonical JSON"),
    Column("changed_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger),
    Index("uq_user_account_id", "id", unique=True),
    Index("uq_user_account_folded", "folded", unique=True),
    comment="people who may sign in",
)

token = Table(
    "token",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("prefix", String(16), nullable=False, comment="by which people know it"),
    Column(
        "secret_hash", LargeBinary, comment="SHA-256 of the whole token; a wall screen has none"
    ),
    Column("name", String(120), nullable=False),
    Column("role", String(20), comment="null: that of its user"),
    Column("user_key", _KEY, ForeignKey("user_account.key")),
    Column("station", String(64)),
    Column("session_id", _UUID),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False, comment="canonical JSON"),
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("link_hash", LargeBinary, comment="SHA-256 of a wall screen's one-time link"),
    Column("link_expires_at", BigInteger),
    Column("link_used_at", BigInteger),
    Column("demo", Boolean, nullable=False),
    CheckConstraint("role IS NOT NULL OR user_key IS NOT NULL", name="somebodys"),
    Index("uq_token_id", "id", unique=True),
    Index("uq_token_prefix", "prefix", unique=True),
    Index("uq_token_secret_hash", "secret_hash", unique=True),
    Index("uq_token_link_hash", "link_hash", unique=True),
    comment="credentials of programs and wall screens",
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, comment="SHA-256 of the cookie"),
    Column("user_key", _KEY, ForeignKey("user_account.key")),
    Column("token_key", _KEY, ForeignKey("token.key"), comment="of a wall screen"),
    Column("shared", Boolean, nullable=False, comment="a station's screen, used by several"),
    Column("station", String(64)),
    Column("browser", String(200), nullable=False, comment="what it calls itself"),
    Column("created_at", BigInteger, nullable=False),
    Column("active_at", BigInteger, nullable=False, comment="when somebody was last there"),
    Column("locked_at", BigInteger, comment="locked by hand"),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_why", String(20)),
    Column("pin_failures", Integer, nullable=False, comment="wrong PINs in a row, of its user"),
    CheckConstraint("user_key IS NOT NULL OR token_key IS NOT NULL", name="somebodys"),
    Index("uq_sign_in_id", "id", unique=True),
    Index("uq_sign_in_secret_hash", "secret_hash", unique=True),
    Index(None, "user_key"),
    Index(None, "token_key"),
    comment="browsers that are signed in; ended ones stay, as a record",
)

wrong_pin = Table(
    "wrong_pin",
    metadata,
    Column("sign_in_key", _KEY, ForeignKey("sign_in.key"), primary_key=True, autoincrement=False),
    Column("user_key", _KEY, ForeignKey("user_account.key"), primary_key=True, autoincrement=False),
    Column("failures", Integer, nullable=False),
    comment="wrong PINs in a row of people on screens that several use",
)

emergency = Table(
    "emergency",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", _UUID, nullable=False),
    Column("user_key", _KEY, ForeignKey("user_account.key"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("session_id", _UUID),
    Column("began_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger, comment="before its time"),
    Column("reviewed_at", BigInteger),
    Column("reviewed_by", Text, comment="canonical JSON"),
    Column("note", Text),
    Index("uq_emergency_id", "id", unique=True),
    Index(None, "user_key"),
    comment="emergency access: who took it, why, and who looked at it after",
)

access_log = Table(
    "access_log",
    metadata,
    Column(
        "seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    ),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("who", String(64), nullable=False, comment="the actor's id"),
    Column("actor", Text, nullable=False, comment="canonical JSON"),
    Column("credential", String(64)),
    Column("session_id", _UUID),
    Column("patient_id", _UUID),
    Column("data", Text, nullable=False, comment="canonical JSON"),
    Column("hash", LargeBinary, nullable=False, comment="HMAC over the previous hash and the row"),
    Index(None, "at"),
    Index(None, "who"),
    Index(None, "session_id"),
    Index(None, "patient_id"),
    comment="who signed in, saw, exported, was refused; nothing is ever changed or taken out",
)
