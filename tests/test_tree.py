"""Rules for the files themselves that a program can keep."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support.server import REPO

LINES = 400  # what one can still read at a sitting
MADE = {"LICENSE", "requirements", "package-lock.json", "api.d.ts", "openapi.json"}
CODE = {".py", ".ts", ".tsx", ".css"}
BINARY = {".ico", ".png", ".webp", ".woff2"}

# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = [
    "registry." + "npmjs", "registry." + "yarnpkg", "pypi." + "org", "files.python" + "hosted",
    "npm." + "pkg.github", "extra-" + "index-url", "--index" + "-url", "--find" + "-links",
]  # fmt: skip
OWN_PATHS = re.compile(r"(?<![\w./:-])/(?:work|root|home|Users|opt/pypi|tmp/v)/|file:" + "//")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
SILENCED = re.compile(r"#\s*(?:no" + r"qa|type:\s*ig" + r"nore|pragma)\b(?P<rest>.*)")
CODE_AND_REASON = re.compile(
    r"(?:: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|\[[a-z-]+(?:, ?[a-z-]+)*\])\s+#? ?\S+ \S+"
)
CLOCKS = {
    ("time", "time"), ("time", "time_ns"), ("time", "monotonic"), ("time", "monotonic_ns"),
    ("time", "perf_counter"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"),
    ("datetime", "today"),
}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: what git tracks, or would track if it were added."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(command, cwd=REPO, capture_output=True, check=True).stdout.decode()
    found = (REPO / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))


@cache
def texts() -> dict[str, str]:
    """Path in the project, and text, of every file that is text."""
    named = ((path.relative_to(REPO).as_posix(), path) for path in files())
    return {
        name: path.read_text(encoding="utf-8") for name, path in named if path.suffix not in BINARY
    }


def code() -> dict[str, str]:
    return {
        name: text
        for name, text in texts().items()
        if Path(name).suffix in CODE and MADE.isdisjoint(Path(name).parts)
    }


def lines_with(pattern: re.Pattern[str], where: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in where.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)))
    assert lines_with(pattern, texts()) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(OWN_PATHS, texts()) == []


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED, code()) == []


def test_files_are_short() -> None:
    lengths = {name: len(text.splitlines()) for name, text in code().items()}
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_silenced_checks_say_which_and_why() -> None:
    python = {name: text for name, text in code().items() if name.endswith(".py")}
    silenced = [
        (f"{name}:{number}", found["rest"])
        for name, text in python.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := SILENCED.search(line))
    ]
    assert [where for where, rest in silenced if not CODE_AND_REASON.match(rest)] == []


@pytest.mark.parametrize(
    ("rest", "good"),
    [
        (": E501", False),
        ("", False),
        ("[attr-defined]", False),
        (": F401  # imported for its effect", True),
        (": B008 the framework reads it", True),
        ("[misc]  # the library has no types", True),
    ],
)
def test_what_a_silenced_check_must_say(rest: str, good: bool) -> None:
    assert bool(CODE_AND_REASON.match(rest)) == good


def test_only_the_clock_reads_the_clock() -> None:
    readers = [
        f"{path.relative_to(REPO).as_posix()}:{node.lineno}"
        for path in sorted((REPO / "app").rglob("*.py"))
        if path != REPO / "app" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value).rpartition(".")[2], node.attr) in CLOCKS
    ]
    assert readers == []


def test_the_folder_of_migrations_is_no_package() -> None:
    """With an __init__.py it would hide the library of the same name."""
    assert not (REPO / "alembic" / "__init__.py").exists()


def test_locked_packages_have_hashes_and_no_address() -> None:
    for lock in sorted((REPO / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert lines, lock.name
        loose = [line for line in lines if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", line)]
        assert loose == [], lock.name


def test_the_locks_agree_on_every_version() -> None:
    pinned: dict[str, set[str]] = {}
    for lock in (REPO / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        for name, version, where in re.findall(r"(?m)^([\w.-]+)==(\S+)( ; [^\\\n]+)?", text):
            pinned.setdefault(f"{name}{where}".rstrip(), set()).add(version)
    assert {name: found for name, found in pinned.items() if len(found) > 1} == {}


def test_locked_frontend_packages_are_complete_and_have_no_address() -> None:
    """A package for another platform that is left out makes `npm ci` refuse the whole lock."""
    lock = json.loads((REPO / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    wanted = {w for entry in packages.values() for w in entry.get("optionalDependencies", {})}
    there = {name.rpartition("node_modules/")[2] for name in packages}
    assert sorted(wanted - there) == []
