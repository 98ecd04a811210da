"""The demo keeps to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from app import cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.settings import Settings


def test_a_demo_never_touches_the_clinics_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served: list[Settings] = []
    monkeypatch.setattr("app.main.run", lambda settings, on_ready, demo: served.append(settings))
    clinic = {"DATABASE_URL": "postgresql://clinic/infusion", "INFUSION_DATA_DIR": str(tmp_path)}
    assert CliRunner().invoke(cli.app, ["demo"], env=clinic).exit_code == 0
    assert [s.resolved_database_url for s in served] == [f"sqlite:///{tmp_path}/demo/infusion.db"]
