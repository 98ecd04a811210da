"""What an installation may set: variables with the prefix `INFUSION_`, and `DATABASE_URL`."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATABASE_FILE = "infusion.db"  # inside the data directory
KEY_BYTES = 32  # as many as the chain's hashes have
SECRET_CHARACTERS = 16  # what nobody guesses who sees signatures


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine and nothing else."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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

    webhook_url: SecretStr | None = None
    """Where calls for help are posted: https, or http to this machine; it may hold a token."""

    webhook_secret: SecretStr | None = Field(None, validate_default=True)
    """Signs them; needed with `webhook_url`."""

    @field_validator("webhook_url")
    @classmethod
    def _is_private(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None or not url.get_secret_value():
            return None
        parts = urlsplit(url.get_secret_value())
        host = parts.hostname or ""
        if (parts.scheme == "https" and host) or (parts.scheme == "http" and is_loopback(host)):
            return url
        raise ValueError("must be an https address, or http on this machine")

    @field_validator("webhook_secret")
    @classmethod
    def _is_given(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        length = 0 if secret is None else len(secret.get_secret_value())
        if info.data.get("webhook_url") is not None and length < SECRET_CHARACTERS:
            raise ValueError(f"must have at least {SECRET_CHARACTERS} characters")
        return secret

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
