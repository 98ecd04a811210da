"""Settings come from the environment, and the defaults work on a fresh machine."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.bind import NotLoopback
from app.main import run
from app.settings import Settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "INFUSION_DATA_DIR", "INFUSION_HOST", "INFUSION_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_by_default_the_database_is_a_file_in_the_data_directory() -> None:
    assert Settings().resolved_database_url == "sqlite:///data/infusion.db"
    moved = Settings(data_dir=Path("/srv/infusion"))
    assert moved.resolved_database_url == "sqlite:////srv/infusion/infusion.db"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://clinic@/infusion")
    monkeypatch.setenv("INFUSION_PORT", "8123")
    monkeypatch.setenv("INFUSION_ALLOWED_HOSTS", "monitor.local, 10.0.0.7")
    settings = Settings()
    assert settings.resolved_database_url == "postgresql+psycopg://clinic@/infusion"
    assert (settings.port, settings.allowed_hosts) == (8123, ("monitor.local", "10.0.0.7"))


def test_a_setting_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFUSION_PORT", "eight thousand")
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "monitor.local"])
def test_without_tls_the_server_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(NotLoopback):
        run(Settings(host=host))
