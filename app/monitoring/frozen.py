"""Frozen values that are quick to make.

A frozen dataclass fills each of its fields through `object.__setattr__`, which is most of its
price: 4.5 us for a state, of which every reading makes one. Here a new object is filled as one of
an open twin class with the same slots, and becomes what it is when it is whole; nobody else has it
before. What comes out is the dataclass as it was written: frozen, equal, printed and copied alike.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


def filled_at_once(cls: type[Value]) -> type[Value]:
    """Gives a dataclass, frozen and with slots and plain fields only, a quicker `__init__`."""
    of_value = _fields(cls)
    for field in of_value:
        if field.default_factory is not MISSING or field.kw_only or not field.init:
            raise TypeError(f"{cls.__name__}.{field.name} is more than a plain field")
    names = [field.name for field in of_value]
    defaults = {f"_{f.name}": f.default for f in of_value if f.default is not MISSING}
    asked = [f"{name}=_{name}" if f"_{name}" in defaults else name for name in names]
    made = _compiled(
        cls,
        f"def __init__(self, {', '.join(asked)}):",
        "    _set(self, '__class__', _Open)",
        *(f"    self.{name} = {name}" for name in names),
        "    self.__class__ = _Value",
        **defaults,
    )
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {**{field.name: field.type for field in of_value}, "return": None}
    type.__setattr__(cls, "__init__", made)
    return cls


def changing(cls: type[Value], *names: str) -> Callable[..., Value]:
    """`change(value, *new)`: a copy of a value in which the named fields are new, in this order.

    What `dataclasses.replace` does, for where every reading does it.
    """
    kept = [field.name for field in _fields(cls) if field.name not in names]
    change: Callable[..., Value] = _compiled(
        cls,
        f"def change(_before, {', '.join(names)}):",
        "    _new = _make(_Open)",
        *(f"    _new.{name} = _before.{name}" for name in kept),
        *(f"    _new.{name} = {name}" for name in names),
        "    _new.__class__ = _Value",
        "    return _new",
    )
    return change


def _fields(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


def _compiled(cls: Any, *lines: str, **known: Any) -> Any:
    """The function that these lines define, as dataclasses make theirs."""
    open_twin = type(cls.__name__, (), {"__slots__": cls.__slots__})
    known |= {"_set": object.__setattr__, "_make": object.__new__, "_Open": open_twin}
    known["_Value"] = cls
    made: dict[str, Any] = {}
    exec("\n".join(lines), known, made)
    (function,) = made.values()
    return function
