"""What the server keeps apart of the ends of sessions under way, as `verify` takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.backup.heads import APART, Head
from app.models import ends_file
from app.models.ends_file import EndsChanged

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.chain import Chain


@dataclass(frozen=True, slots=True)
class KeptApart:
    """`life` is that of the database that the heads are of, None where there is no file that holds;
    `broken` a sentence for each thing that is wrong with the files themselves.
    """

    life: bytes | None
    heads: tuple[Head, ...]
    broken: tuple[str, ...]


NOTHING: Final = KeptApart(None, (), ())


def kept_apart(folder: Path, chain: Chain) -> KeptApart:
    """Before the database is asked: what it is asked of was committed by then."""
    broken = [
        f"{path}: the server found that the ends of sessions in it had been changed by another"
        " hand, and set it aside. Take it away once you have looked at it."
        for path in ends_file.changed_ones(folder)
    ]
    try:
        kept = ends_file.read(folder, chain.derived(ends_file.LABEL))
    except EndsChanged as changed:
        broken.append(
            f"{folder / ends_file.FILE}: {changed}: what it kept of the ends of sessions under way"
            " is not known any more."
        )
        kept = None
    if kept is None:
        return KeptApart(None, (), tuple(broken))
    heads = (Head(id, end.seq, end.hash, APART) for id, end in kept.ends.items())
    return KeptApart(kept.life, tuple(heads), tuple(broken))
