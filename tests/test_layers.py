"""Who may import whom: the program stays in layers, and the rules of monitoring stay pure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support.imports import imports_of, module_name
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

COMMON = ("app.__version__", "app.clock", "app.errors", "app.settings", "app.logs")

# Each part may import itself, what is common (monitoring: not even that) and the parts named here.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "app.monitoring": (),
    "app.clock": (),
    "app.errors": ("app.monitoring.errors",),
    "app.settings": (),
    "app.logs": ("app.monitoring.times",),
    "app.models": ("app.monitoring",),
    "app.access": ("app.monitoring", "app.models"),
    "app.services": ("app.monitoring", "app.models", "app.access"),
    "app.backup": ("app.monitoring", "app.models", "app.access"),
    "app.feed": ("app.monitoring",),
    "app.ingest": ("app.monitoring", "app.services"),
    "app.review": ("app.monitoring", "app.models"),
    "app.simulator": ("app.monitoring.vitals",),
    "app.api": (
        "app.monitoring",
        "app.models",
        "app.access",
        "app.services",
        "app.feed",
        "app.ingest",
        "app.review",
    ),
    "app.processes": (),
    "app.http": ("app.api.problems", "app.api.guards", "app.feed.socket", "app.crowd"),
    "app.crowd": (),
    "app.bind": (),
    "app.accounts_cli": ("app.monitoring", "app.models", "app.access"),
    "app.main": ("app",),
    "app.cli": ("app",),
}
COMPOSE = ("app.main", "app.cli")  # what puts the program together is imported by nothing else
PURE = "app.monitoring"


def violations(root: Path) -> list[str]:
    """Each import below root/app that breaks the rules, as `file:line: sentence`."""
    found: list[str] = []
    for path in sorted((root / "app").rglob("*.py")):
        module = module_name(path, root)
        where = path.relative_to(root).as_posix()
        found += [
            f"{where}:{line}: {module} may not import {name}"
            for line, name in imports_of(path, root)
            if not _allowed(module, name)
        ]
    return found


def _allowed(module: str, name: str) -> bool:
    if not _within(name, "app"):
        return not _within(module, PURE) or name.partition(".")[0] in sys.stdlib_module_names
    if any(_within(name, part) for part in COMPOSE):
        return module == "app.cli" or _within(module, name)
    part = next((part for part in MAY_IMPORT if _within(module, part)), None)
    if part is None:  # app/__init__.py, or a part that has no rule yet
        return False
    common = () if part == PURE else COMMON
    return any(_within(name, allowed) for allowed in (part, *common, *MAY_IMPORT[part]))


def _within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def test_every_import_points_inwards() -> None:
    assert violations(REPO) == []


def test_every_part_of_the_program_has_a_rule() -> None:
    parts = {
        f"app.{path.stem}"
        for path in (REPO / "app").iterdir()
        if (path.is_dir() and any(path.rglob("*.py"))) or path.suffix == ".py"
    }
    assert parts - set(MAY_IMPORT) == {"app.__init__"}


def test_planted_imports_are_found(tmp_path: Path) -> None:
    planted = {
        "app/monitoring/engine.py": "import numpy\nfrom ..models import tables\n",
        "app/monitoring/rules/limits.py": "from ...clock import now_ms\nfrom ..vitals import HR\n",
        "app/models/tables.py": "def late():\n    from app.services import record\n",
        "app/feed/hub.py": "from app import models\n",
        "app/feed/__init__.py": "from . import hub\nfrom ..monitoring import events\n",
        "app/simulator/run.py": "from app.monitoring.engine import step\nimport app.clock\n",
        "app/api/routes.py": "from app import main, errors\n",
        "app/main.py": "from app.api import routes\nimport app.simulator.run\n",
        "app/cli.py": "from app.main import create\n",
        "app/errors.py": "from app.monitoring import errors\nfrom app.monitoring import vitals\n",
    }
    for name, text in planted.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert [line.partition(": ")[2] for line in violations(tmp_path)] == [
        "app.api.routes may not import app.main",
        "app.errors may not import app.monitoring.vitals",
        "app.feed.hub may not import app.models",
        "app.models.tables may not import app.services.record",
        "app.monitoring.engine may not import numpy",
        "app.monitoring.engine may not import app.models.tables",
        "app.monitoring.rules.limits may not import app.clock.now_ms",
        "app.simulator.run may not import app.monitoring.engine.step",
    ]
