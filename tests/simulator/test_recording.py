"""Recordings: read as they are; every mistake in one is a sentence that says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.simulator.client import SimulatorError
from app.simulator.recording import read_recording

if TYPE_CHECKING:
    from pathlib import Path


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "case.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_zeros_decimals_and_blanks_stay_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path, "t_s,hr,spo2,rr\n0,62.8,0,\n60,,97,12.7\n180,61,98,12\n")
    recording = read_recording(path)
    assert [row.values for row in recording.rows] == [
        {"hr": 62.8, "spo2": 0, "rr": None},
        {"hr": None, "spo2": 97, "rr": 12.7},
        {"hr": 61, "spo2": 98, "rr": 12},
    ]
    assert [row.number for row in recording.rows] == [2, 3, 4]
    assert recording.step_s == 90
    assert recording.length_s == 180


def test_a_row_without_any_number_is_kept_and_an_empty_line_is_not(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, "t_s,hr\n0,\n\n60,70\n"))
    assert [row.blank for row in recording.rows] == [True, False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("t_s,hr\n", "has no rows"),
        ("hr,spo2\n60,97\n", "has no column t_s"),
        ("t_s\n0\n", "has no vital sign"),
        ("t_s,hr,glucose\n0,60,5\n", "unknown column 'glucose'"),
        ("t_s,hr,hr\n0,60,61\n", "column 'hr' is there twice"),
        ("t_s,hr\n0,60,7\n", "line 2: 3 cells, the header names 2"),
        ("t_s,hr\n0,abc\n", "line 2, column hr: 'abc' is not a number"),
        ("t_s,hr\n0,nan\n", "line 2, column hr: 'nan' is not a number"),
        ("t_s,hr\n,60\n", "line 2: t_s must be between"),
        ("t_s,hr\n-5,60\n", "line 2: t_s must be between"),
        ("t_s,hr\n60,60\n0,61\n", "line 3: t_s goes back in time"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SimulatorError, match=r"case\.csv") as caught:
        read_recording(write(tmp_path, text))
    assert sentence in str(caught.value)


def test_a_missing_or_binary_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="cannot be read"):
        read_recording(tmp_path / "none.csv")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"t_s,hr\n0,\xff\xfe\n")
    with pytest.raises(SimulatorError, match="is not a CSV text file"):
        read_recording(binary)
