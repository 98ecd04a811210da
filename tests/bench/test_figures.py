"""Percentiles, ratios and tables: what is told of the measuring is what was measured."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from bench import table
from bench.__main__ import all_measured
from bench.figures import Goal, Spread, percentile, ratio, told
from bench.part import Bench, Figure, Measured, Part, taking_turns
from bench.parts import PARTS
from bench.servers import Failed
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

PAGE = REPO / "docs" / "performance.md"


def test_the_99th_percentile_of_a_hundred_is_the_last_but_one() -> None:
    values = [float(n) for n in range(1, 101)]
    Random(1).shuffle(values)
    assert percentile(values, 0.99) == 99
    assert percentile(values, 0.5) == 50
    assert percentile(values, 1.0) == 100


def test_of_few_values_the_99th_percentile_is_the_largest() -> None:
    assert percentile([3.0, 9.0, 1.0], 0.99) == 9
    assert percentile([7.0], 0.5) == 7


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 0.99))


def test_a_spread_is_the_middle_round_and_its_bounds() -> None:
    assert str(Spread.of([1.52, 0.041, 12.3])) == "1.52 [0.0410..12.3]"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (0.0412, "0.0412"), (0.5, "0.500"), (1.874, "1.87"), (24.62, "24.6"),
     (312.4, "312"), (25_312.0, "25,312"), (float("nan"), "-"), (-2.5, "-2.50")],
)  # fmt: skip
def test_numbers_are_told_in_three_figures(number: float, text: str) -> None:
    assert told(number) == text


def test_a_ratio_to_nothing_meets_no_goal() -> None:
    nothing = ratio(1.0, 0.0)
    assert not Goal("", 1.5).met(nothing)
    assert not Goal("", 1.5, at_least=True).met(nothing)


def test_turns_are_taken_in_another_order_in_every_round() -> None:
    order: list[str] = []

    def one() -> str:
        order.append("one")
        return "1"

    def other() -> str:
        order.append("other")
        return "2"

    assert [taking_turns(number, one, other) for number in (0, 1)] == [("1", "2")] * 2
    assert order == ["one", "other", "other", "one"]


def measured(*rounds: float) -> Measured:
    figures = (
        Figure("ratio", "ours / theirs", goal=Goal("ours / theirs", 1.0)),
        Figure("ours", "ours", "ms"),
    )
    part = Part(7, "A part", "About it.", lambda _bench, _number: {}, figures)
    return Measured(part, [{"ratio": one, "ours": 10 * one} for one in rounds])


def test_a_goal_that_is_missed_is_told_as_missed() -> None:
    rows = table.table(measured(0.8, 1.7, 1.2)).splitlines()
    assert rows[2] == "| ours / theirs | 1.20 [0.800..1.70] | <= 1 | **missed** |"
    assert rows[3] == "| ours | 12.0 [8.00..17.0] ms | | |"
    assert "met" in table.table(measured(0.8, 1.7, 0.9)).splitlines()[2]
    assert "MISSED" in table.summary([measured(2.0)])


def test_only_what_was_measured_is_renewed_in_the_document() -> None:
    place = "<!-- bench:{0} -->\nold {0}\n<!-- /bench:{0} -->"
    page = f"Before.\n{place.format(7)}\nBetween.\n{place.format(8)}\nAfter.\n"
    renewed = table.written(page, "A machine, \\1", [measured(0.5)])
    assert "old 7" not in renewed
    assert "| ours / theirs | 0.500" in renewed
    assert "A machine, \\1" in renewed
    assert "old 8" in renewed
    assert table.written(renewed, "A machine, \\1", [measured(0.5)]) == renewed


def test_a_part_without_a_place_in_the_document_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for part 7"):
        table.written("Nothing here.", "A machine", [measured(0.5)])


def test_every_part_has_its_place_in_the_document() -> None:
    assert [part.number for part in PARTS] == list(range(1, len(PARTS) + 1))
    page = PAGE.read_text("utf-8")
    for part in PARTS:
        assert f"<!-- bench:{part.number} -->" in page
        assert f"\n## {part.number}. {part.title}\n" in page


def test_every_goal_is_in_the_documents_list_of_goals() -> None:
    page = PAGE.read_text("utf-8")
    for part in PARTS:
        for figure in part.figures:
            if figure.goal is not None:
                assert f"| {part.number} | {figure.goal.text} | {figure.goal} |" in page


def test_a_part_that_fails_does_not_spoil_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_bench: Bench, _number: int) -> dict[str, float]:
        raise Failed("the server did not start")

    figures = (Figure("ratio", "ours / theirs", goal=Goal("ours / theirs", 1.0)),)
    parts = (
        Part(1, "Broken", "About it.", broken, figures),
        Part(2, "Whole", "About it.", lambda _bench, number: {"ratio": float(number)}, figures),
    )
    done, failed = all_measured(Bench(tmp_path), parts, 3)
    assert failed == [1]
    assert [one.rounds for one in done] == [[{"ratio": 0.0}, {"ratio": 1.0}, {"ratio": 2.0}]]
    told = capsys.readouterr()
    assert "the server did not start" in told.err
    assert "| ours / theirs | 1.00 [0..2.00] | <= 1 | met |" in told.out


def test_every_round_is_kept(tmp_path: Path) -> None:
    kept: Any = orjson.loads(table.as_json("A machine", [measured(0.5, float("nan"))]))
    assert kept["parts"]["7"][0] == {"ratio": 0.5, "ours": 5.0}
    assert kept["parts"]["7"][1]["ratio"] is None
    assert Bench(tmp_path).rounds == 3
