"""What keeps a backup, a restore or a verification from being done, in words for the operator."""

from __future__ import annotations


class CannotBackUp(Exception):
    """The message says what is wrong, what became of the data, and what to do."""


class Damaged(CannotBackUp):
    """The archive is not what was written."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The archive is damaged: {what}. Nothing of it was restored. Use another copy."
        )
