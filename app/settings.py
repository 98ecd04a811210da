"""What an installation may set: variables with the prefix `INFUSION_`, and `DATABASE_URL`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATABASE_FILE = "infusion.db"  # inside the data directory
KEY_BYTES = 32  # as many as the chain's hashes have


class Settings(BaseSettings):
    """Every field has a default that works on a fresh machine."""

    model_config = SettingsConfigDict(
        env_prefix="INFUSION_", extra="ignore", frozen=True, populate_by_name=True
    )

    data_dir: Path = Path("data")
    """Where the database file and the key of the event log live; back up this one folder."""

    database_url: str = Field("", validation_alias="DATABASE_URL")
    """Empty: an SQLite file in `data_dir`; else a `postgresql://...` address."""

    log_key: SecretStr | None = None
    """Key of the event log's chain; by default a file in `data_dir`, made at the first start."""

    host: str = "127.0.0.1"
    """The address to listen on: loopback only, until there is sign-in."""

    port: int = Field(8000, ge=0, le=65_535)
    """0 lets the system choose."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names besides loopback that requests may be addressed to, separated by commas; else refused.
    """

    max_body_bytes: int = Field(1024 * 1024, ge=1024)
    """1,000 readings with every vital are about 300 KiB; a larger body is a mistake or an attack.
    """

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What goes to standard error, as JSON lines without patient data."""

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("log_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(bytes.fromhex(key.get_secret_value())) < KEY_BYTES:
            raise ValueError(f"must have at least {KEY_BYTES} bytes, in hexadecimal")
        return key

    @property
    def resolved_database_url(self) -> str:
        """The database to open: what was set, or the SQLite file of this data directory."""
        return self.database_url or f"sqlite:///{(self.data_dir / DATABASE_FILE).as_posix()}"
