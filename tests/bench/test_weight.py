"""The JavaScript of the board: what counts, and that it stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.screens.__main__ import BOARD, STATIC
from bench.screens.weight import BOARD_KB, KB, gzipped, of_page

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<script type="module" crossorigin src="/assets/index-1.js"></script>
<link rel="modulepreload" crossorigin href="/assets/shared-1.js">
<link rel="stylesheet" href="/assets/index-1.css">"""
SCRIPTS = {
    "index-1.js": 'import{a as b}from"./shared-1.js";import"./more-1.js";'
    "const l=()=>import(`./dialog-1.js`);new Worker(new URL(`/assets/t.worker-1.js`,``));",
    "shared-1.js": 'import{x}from"./deep-1.js";const tiles="board"',
    "more-1.js": "",
    "deep-1.js": "",
    "t.worker-1.js": "",
    "dialog-1.js": 'import{b}from"./dialog-part-1.js";const entry="entry"',
    "dialog-part-1.js": "",
    "admin-1.js": "admin",
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    for name, text in SCRIPTS.items():
        (tmp_path / "assets" / name).write_text(text)
    return tmp_path


def test_what_is_loaded_later_does_not_count(static: Path) -> None:
    at_once = {"index-1.js", "shared-1.js", "more-1.js", "deep-1.js", "t.worker-1.js"}
    assert set(of_page(static, "board")) == at_once


def test_a_page_that_is_a_part_of_its_own_counts_with_what_it_imports(static: Path) -> None:
    apart = set(of_page(static, "entry")) - set(of_page(static, "board"))
    assert apart == {"dialog-1.js", "dialog-part-1.js"}


def test_a_page_that_is_nowhere_is_not_small(static: Path) -> None:
    with pytest.raises(LookupError, match="no script"):
        of_page(static, "wall")


def test_sizes_are_those_of_the_wire(static: Path) -> None:
    (static / "assets" / "more-1.js").write_text("x" * 10_000)
    assert 20 < of_page(static, "board")["more-1.js"] < 100
    assert of_page(static, "board")["deep-1.js"] == gzipped(b"")


def test_the_javascript_of_the_board_is_small() -> None:
    sizes = of_page(STATIC, BOARD)
    told = ", ".join(f"{name} {size / KB:.1f}" for name, size in sizes.items())
    assert sum(sizes.values()) <= BOARD_KB * KB, f"kB gzipped: {told}"
