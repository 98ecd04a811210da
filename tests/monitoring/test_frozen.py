"""Values that are filled at once are the dataclasses that they say they are."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from app.monitoring.frozen import changing, filled_at_once


@dataclass(frozen=True, slots=True)
class Plain:
    vital: str
    value: float
    late: bool = False


@filled_at_once
@dataclass(frozen=True, slots=True)
class Quick:
    vital: str
    value: float
    late: bool = False


def test_it_is_made_as_the_dataclass_is() -> None:
    made = Quick("hr", value=80)
    assert type(made) is Quick
    assert (made.vital, made.value, made.late) == ("hr", 80, False)
    assert repr(made) == repr(Plain("hr", 80)).replace("Plain", "Quick")
    assert hash(made) == hash(Plain("hr", 80))
    assert made == Quick("hr", 80.0) != Quick("hr", 80, late=True)
    assert inspect.signature(Quick) == inspect.signature(Plain)


@pytest.mark.parametrize("given", [("hr",), ("hr", 80, False, 1)])
def test_it_refuses_what_the_dataclass_refuses(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Quick(*given)  # type: ignore[arg-type]  # wrong on purpose


def test_nobody_can_set_a_field() -> None:
    made = Quick("hr", 80)
    with pytest.raises(FrozenInstanceError):
        made.value = 90  # type: ignore[misc]  # wrong on purpose
    with pytest.raises(FrozenInstanceError):
        del made.value
    assert not hasattr(made, "__dict__")


def test_it_is_copied_replaced_and_pickled() -> None:
    made = Quick("hr", 80)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made
    assert replace(made, value=90) == Quick("hr", 90)


def test_a_change_is_a_replacement() -> None:
    with_values = changing(Quick, "late", "value")
    made = Quick("hr", 80)
    changed = with_values(made, True, 90)
    assert changed == replace(made, late=True, value=90)
    assert type(changed) is Quick
    assert made == Quick("hr", 80)
    with pytest.raises(FrozenInstanceError):
        changed.value = 80  # type: ignore[misc]  # wrong on purpose


def test_only_plain_fields_are_filled_at_once() -> None:
    @dataclass(frozen=True, slots=True)
    class Listed:
        values: list[float] = field(default_factory=list)

    with pytest.raises(TypeError, match=r"Listed\.values"):
        filled_at_once(Listed)
