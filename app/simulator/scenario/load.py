"""Scenarios by name or by path: those that come with the program, and files of one's own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from app.simulator.scenario.errors import ScenarioError
from app.simulator.scenario.explain import shown
from app.simulator.scenario.models import Scenario
from app.simulator.scenario.names import unknown
from app.simulator.scenario.parse import MOST_BYTES, is_clinic, read, tables

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from app.simulator.scenario.clinic import ClinicScenario
    from app.simulator.scenario.parse import Lookup

SUFFIX = ".toml"


@cache
def built_in() -> tuple[str, ...]:
    """Names of the scenarios and clinics that come with the program."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def find(name_or_path: str) -> Scenario | ClinicScenario:
    """A built-in one by its name, else the file at this path; raises ScenarioError."""
    text, name, beside = _open(name_or_path, Path())
    return read(text, shown=name_or_path, name=name, lookup=_lookup(beside))


def parse(text: str, name: str) -> Scenario | ClinicScenario:
    """Of the text of a file; a clinic's files are looked for from here. Raises ScenarioError."""
    return read(text, shown=name, name=name, lookup=_lookup(Path()))


def listed() -> list[tuple[str, str]]:
    """Name and `about` of each built-in one, patients before clinics."""
    all_of_them = [find(name) for name in built_in()]
    all_of_them.sort(key=lambda one: not isinstance(one, Scenario))
    return [(one.name, one.about) for one in all_of_them]


def _lookup(beside: Path) -> Lookup:
    """What a clinic names: a built-in patient, or a patient's file beside the clinic's."""

    def lookup(name: str) -> Scenario:
        text, stem, _ = _open(name, beside)
        if is_clinic(tables(text, name)):
            raise ScenarioError(f"{shown(name)} is a clinic: a room has one patient after another")
        found = read(text, shown=name, name=stem, lookup=lookup)
        assert isinstance(found, Scenario)
        return found

    return lookup


def _open(name_or_path: str, beside: Path) -> tuple[str, str, Path]:
    """Text and name of a scenario, and the folder in which it may name others."""
    if name_or_path in built_in():
        text = _folder().joinpath(name_or_path + SUFFIX).read_text(encoding="utf-8")
        return text, name_or_path, beside
    path = beside / name_or_path
    if not (name_or_path.endswith(SUFFIX) or {"/", "\\"} & set(name_or_path)):
        hint = unknown(name_or_path, built_in())
        if not hint.endswith("?"):
            hint += "; a file of your own is given by its path, ending in .toml"
        raise ScenarioError(f"there is no scenario {shown(name_or_path)}{hint}")
    return _read_file(path, name_or_path), path.stem, path.parent


def _read_file(path: Path, named: str) -> str:
    try:
        if not path.is_file():
            raise ScenarioError(f"{_path(named)}: there is no such file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return content.decode("utf-8-sig")  # an editor may have put a mark at its beginning
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{_path(named)}: line {line} is not text in UTF-8") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ScenarioError(f"{_path(named)}: not readable: {why.lower()}") from None
    except ValueError:  # a path with a NUL in it
        raise ScenarioError(f"{_path(named)}: that is no path of a file") from None


def _path(named: str) -> str:
    return named if named.isprintable() else shown(named)


def _folder() -> Traversable:
    return files("app.simulator") / "scenarios"
