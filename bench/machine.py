"""What is measured on, and what a process has used, read from Linux's /proc."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
TICKS: Final = os.sysconf("SC_CLK_TCK")
GROUP, UTIME, STIME = 2, 11, 12  # fields of /proc/PID/stat after the name in brackets
PACKAGES: Final = ("fastapi", "uvicorn", "sqlalchemy", "aiosqlite", "websockets", "orjson")


def cores() -> list[int]:
    """Those this process may run on."""
    return sorted(os.sched_getaffinity(0))


def server_core() -> set[int]:
    """Servers have a core of their own, so that the load does not take their time."""
    return {cores()[0]}


def load_cores() -> set[int]:
    return set(cores()[1:]) or set(cores())


def line() -> str:
    """One line that says where figures are from."""
    with Path("/proc/cpuinfo").open() as cpus:
        names = [text.partition(":")[2].strip() for text in cpus if text.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {len(cores())} cores {names[0] if names else 'unknown'}, "
        f"Linux {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {packages}"
    )


def group_cpu_s(group: int) -> float:
    """CPU time of all processes of a process group, those still alive."""
    return sum(_cpu_s(stat) for _, stat in _members(group))


def group_rss_kb(group: int) -> int:
    """Memory that the processes of a group hold, shared pages counted in each."""
    return sum(_rss_kb(pid) for pid, _ in _members(group))


def _members(group: int) -> list[tuple[int, list[str]]]:
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(stat[GROUP]) == group:
            found.append((int(entry.name), stat))
    return found


def _cpu_s(stat: list[str]) -> float:
    return (int(stat[UTIME]) + int(stat[STIME])) / TICKS


def _rss_kb(pid: int) -> int:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0
    found = next(row for row in text.splitlines() if row.startswith("Rss:"))
    return int(found.split()[1])
