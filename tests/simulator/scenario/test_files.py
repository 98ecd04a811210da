"""Scenarios are found by name or by path, and come with what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from app.simulator.scenario import (
    ClinicScenario,
    Scenario,
    ScenarioError,
    built_in,
    find,
    listed,
)
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

ORDINARY = 'about = "An ordinary visit."\n'


def clinic_of(*scenarios: str) -> str:
    rooms = "".join(f'[[room]]\nscenario = "{name}"\n' for name in scenarios)
    return f'about = "A small clinic."\n{rooms}'


def error_of(name_or_path: Path | str) -> str:
    with pytest.raises(ScenarioError) as caught:
        find(str(name_or_path))
    return str(caught.value)


def test_those_of_the_program_are_the_files_of_the_folder() -> None:
    folder = REPO / "app" / "simulator" / "scenarios"
    assert list(built_in()) == sorted(path.stem for path in folder.glob("*.toml"))


@pytest.mark.parametrize("builder", [WheelBuilder, SdistBuilder])
def test_all_of_them_are_in_what_is_installed(
    builder: type[WheelBuilder | SdistBuilder],
) -> None:
    packed = {file.distribution_path for file in builder(str(REPO)).recurse_included_files()}
    assert {f"app/simulator/scenarios/{name}.toml" for name in built_in()} <= packed


def test_the_list_names_patients_before_clinics() -> None:
    names = [name for name, _ in listed()]
    kinds = [isinstance(find(name), Scenario) for name in names]
    assert sorted(names) == list(built_in())
    assert kinds == sorted(kinds, reverse=True)


def test_a_file_of_ones_own_is_found_by_its_path(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(ORDINARY)
    found = find(str(mine))
    assert isinstance(found, Scenario)
    assert (found.name, found.about) == ("mine", "An ordinary visit.")


def test_a_file_from_another_editor_is_read_as_well(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_bytes(b"\xef\xbb\xbf" + 'about = "Überall"\r\n[plan]\r\nsample_s = 5\r\n'.encode())
    found = find(str(mine))
    assert isinstance(found, Scenario)
    assert (found.about, found.plan.sample_s) == ("Überall", 5)


def test_a_clinic_names_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "patients").mkdir()
    (tmp_path / "patients" / "hers.toml").write_text('about = "Hers."')
    (tmp_path / "clinic.toml").write_text(clinic_of("patients/hers.toml", "normal"))
    clinic = find(str(tmp_path / "clinic.toml"))
    assert isinstance(clinic, ClinicScenario)
    first = [clinic.first(room) for room in range(2)]
    assert [one and one.name for one in first] == ["hers", "normal"]


def test_a_name_that_is_nearly_right() -> None:
    assert error_of("desaturatoin") == (
        "there is no scenario 'desaturatoin'; did you mean 'desaturation'?"
    )


def test_a_name_that_is_nothing_like_any() -> None:
    said = error_of("x")
    assert "normal" in said
    assert said.endswith("; a file of your own is given by its path, ending in .toml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert error_of(path) == f"{path}: there is no such file"


@pytest.mark.parametrize("path", ["/", "a\0b.toml", "no/such/folder/", "\ud800.toml"])
def test_what_is_no_path_of_a_file(path: str) -> None:
    assert error_of(path)


def test_a_name_too_long_for_a_patients_note(tmp_path: Path) -> None:
    mine = tmp_path / f"{'x' * 65}.toml"
    mine.write_text(ORDINARY)
    assert error_of(mine) == f"{mine}: name must have at most 64 characters"


def test_an_error_in_a_file_names_the_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(ORDINARY + "[plan]\nsample_s = 0\n")
    assert error_of(mine) == f"{mine}: plan: sample_s must be at least 1, not 0"


def test_an_error_in_a_clinics_patient_names_both_files(tmp_path: Path) -> None:
    (tmp_path / "hers.toml").write_text("")
    clinic = tmp_path / "clinic.toml"
    clinic.write_text(clinic_of("normal", "hers.toml"))
    assert error_of(clinic) == f"{clinic}: room 2: hers.toml: about is missing"


def test_a_clinic_in_a_clinic_is_refused_and_so_is_one_in_itself(tmp_path: Path) -> None:
    clinic, other = tmp_path / "clinic.toml", tmp_path / "other.toml"
    clinic.write_text(clinic_of("other.toml"))
    other.write_text(clinic_of("clinic.toml"))
    assert error_of(clinic) == (
        f"{clinic}: room 1: 'other.toml' is a clinic: a room has one patient after another"
    )
    clinic.write_text(clinic_of("clinic.toml"))
    assert "is a clinic" in error_of(clinic)


def test_a_file_that_is_far_too_long_is_not_read(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(ORDINARY + "#" * 100_000)
    assert error_of(mine) == f"{mine}: longer than 64 KiB, which is no scenario"


def test_bytes_that_are_no_text_are_told_by_their_line(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_bytes(ORDINARY.encode() + b"# \xff\n")
    assert error_of(mine) == f"{mine}: line 2 is not text in UTF-8"
