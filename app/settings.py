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

    database_url_file: Path | None = Field(None, validation_alias="DATABASE_URL_FILE")
    """A file that holds it, for it may hold a password; so with each other `..._file`."""

    database_url: str = Field("", validation_alias="DATABASE_URL", validate_default=True)
    """Empty: an SQLite file in `data_dir`; else a `postgresql://...` address."""

    log_key_file: Path | None = None
    log_key: SecretStr | None = Field(None, validate_default=True)
    """Key of the event log's chain; by default a file in `data_dir`, made at the first start."""

    host: str = "127.0.0.1"
    """The address to listen on: beyond loopback only with TLS or behind a proxy that ends it."""

    port: int = Field(8000, ge=0, le=65_535)
    """0 lets the system choose."""

    tls_cert: Path | None = None
    """Certificate chain (PEM): serves https and wss, from TLS 1.2 on; needs `tls_key`."""

    tls_key: Path | None = Field(None, validate_default=True)
    """Its private key (PEM), without a password."""

    behind_proxy: bool = False
    """A proxy that ends TLS stands in front, and nobody reaches this port but by way of it."""

    forwarded_allow_ips: str = Field("127.0.0.1", validation_alias="FORWARDED_ALLOW_IPS")
    """The proxy's addresses, separated by commas: who else says whose request it is, or that it
    came by TLS, is not believed."""

    max_connections: int = Field(2000, ge=16, le=100_000)
    """Of one process: a thousand screens, and as many for their requests and for devices."""

    max_sockets_per_address: int = Field(500, ge=1)
    """Open at once; of one address behind which there are several clinics."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names besides loopback that requests may be addressed to, separated by commas; else refused.
    """

    max_body_bytes: int = Field(1024 * 1024, ge=1024)
    """1,000 readings with every vital are about 300 KiB; a larger body is a mistake or an attack.
    """

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What goes to standard error, as JSON lines without patient data."""

    training: bool = False
    """A server for training: simulated sessions are on the board, sound and call people as if they
    were real. Elsewhere they have a board of their own and call nobody. A demo is one.
    """

    webhook_url_file: Path | None = None
    webhook_url: SecretStr | None = Field(None, validate_default=True)
    """Where calls for help are posted: https, or http to this machine; it may hold a token."""

    webhook_secret_file: Path | None = None
    webhook_secret: SecretStr | None = Field(None, validate_default=True)
    """Signs them; needed with `webhook_url`."""

    @field_validator(
        "database_url_file",
        "log_key_file",
        "webhook_url_file",
        "webhook_secret_file",
        "tls_cert",
        "tls_key",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("database_url", "log_key", "webhook_url", "webhook_secret", mode="before")
    @classmethod
    def _or_from_its_file(cls, value: object, info: ValidationInfo) -> object:
        """Before all else: what a secret's file holds, if that is what was set."""
        file: Path | None = info.data.get(f"{info.field_name}_file")
        if file is None:
            return value
        if value:
            raise ValueError("set it or its file, not both")
        try:
            found = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ValueError("its file cannot be read") from None
        if not found:
            raise ValueError("its file is empty")
        return found

    @field_validator("tls_key")
    @classmethod
    def _both_or_none(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if (key is None) != (info.data.get("tls_cert") is None):
            raise ValueError("a certificate and its key are given together")
        return key

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
    def tls(self) -> bool:
        """Whether the server ends TLS itself."""
        return self.tls_cert is not None

    @property
    def resolved_database_url(self) -> str:
        """The database to open: what was set, or the SQLite file of this data directory."""
        return self.database_url or f"sqlite:///{(self.data_dir / DATABASE_FILE).as_posix()}"
