"""The command line: what cannot be done is one sentence, what was done is told as it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.simulator import commands, program
from app.simulator.client import Api, Retry
from app.simulator.demo import PATIENCE
from tests.simulator.fake_monitor import FakeMonitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOBODY = "http://127.0.0.1:1"  # a port that no server is given


@pytest.fixture
def command_line() -> typer.Typer:
    app = typer.Typer()
    commands.register(app)
    return app


@pytest.fixture
def recording(tmp_path: Path) -> str:
    path = tmp_path / "hour[red].csv"
    path.write_text("t_s,hr\n0,70\n", encoding="utf-8")
    return str(path)


def test_what_cannot_be_done_is_one_sentence(command_line: typer.Typer) -> None:
    result = CliRunner().invoke(command_line, ["simulate", "--speed", "fast"])
    assert result.exit_code == 1
    assert "give a number such as 1 or 60" in result.output
    result = CliRunner().invoke(command_line, ["replay", "none.csv"])
    assert result.exit_code == 1
    assert "cannot be read" in result.output


SESSION = "0193a000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("simulate", lambda _: ["normal"]),
        ("replay", lambda recording: [recording]),
        ("record", lambda _: ["--session", SESSION]),
    ],
)
def test_where_nobody_answers_it_says_how_to_start(
    command: str,
    given: Callable[[str], list[str]],
    command_line: typer.Typer,
    recording: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(program, "CONTACT", Retry(contact_s=0.5))
    result = CliRunner().invoke(command_line, [command, *given(recording), "--url", NOBODY])
    assert result.exit_code == 1
    assert f"no monitor answers at {NOBODY}: start it with" in result.output
    assert "`infusion-monitor serve`" in result.output
    assert "`infusion-monitor demo`" in result.output


def test_only_the_demonstration_waits_for_ever() -> None:
    assert program.CONTACT.contact_s == 10.0
    assert program.CONTACT.patience_s == Retry().patience_s
    assert PATIENCE.contact_s is None
    assert PATIENCE.patience_s is None


def test_the_summary_shows_file_and_station_as_they_are(
    command_line: typer.Typer, recording: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = FakeMonitor()

    def to_the_fake(url: str, token: str | None, console: object) -> Api:
        return monitor.api()

    monkeypatch.setattr(commands, "api_of", to_the_fake)
    station = "Bed [bold] :warning: on the corridor behind the kitchen"
    for shown in (station, f"{station} (2)"):
        given = ["replay", recording, "--speed", "max", "--station", station]
        result = CliRunner().invoke(command_line, given)
        assert result.exit_code == 0
        (line,) = [line for line in result.stdout.splitlines() if "hour[red]" in line]
        assert [cell.strip() for cell in line.split("│")][1:4] == ["hour[red]", shown, "1"]
