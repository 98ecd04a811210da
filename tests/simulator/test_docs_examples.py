"""The examples of docs/simulator.md run as they stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.people import ANYWHERE
from tests.support.server import REPO

if TYPE_CHECKING:
    import pytest

    from tests.support.server import Server

PAGE = REPO / "docs" / "simulator.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def run(example: str) -> None:
    exec(compile(example, PAGE.name, "exec"), {"__name__": "__main__"})


def test_there_are_three_and_the_first_needs_no_server(capsys: pytest.CaptureFixture[str]) -> None:
    patient, _, _ = EXAMPLES
    run(patient)
    printed = capsys.readouterr().out
    assert "'sbp'" in printed
    assert "'spo2'" in printed
    assert "'sedation'" in printed


def test_the_others_feed_a_monitor(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INFUSION_URL", server.url)
    monkeypatch.setenv("INFUSION_TOKEN", ANYWHERE.token("simulator"))
    _, room, own = EXAMPLES
    run(room)
    session, phase, acknowledged, alarms = capsys.readouterr().out.split()
    assert len(session) == 36
    assert phase == "paused", "the nurse did nothing"
    assert int(acknowledged) > 1_000
    assert int(alarms) >= 1
    run(own)
    assert capsys.readouterr().out.startswith("True ")
