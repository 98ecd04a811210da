"""Annotations of a session: written, corrected, voided, and read back from its log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.models import queries
from app.models.annotated import annotations_of, told
from app.models.codec import digest
from app.monitoring.annotations import rewritten, written
from app.monitoring.commands import RewriteAnnotation
from app.monitoring.errors import UnknownAnnotation
from app.services.ids import new_id

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.staged import Held
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor, Annotate, CorrectAnnotation, VoidAnnotation

Json = dict[str, Any]
Check = Callable[[str, str | None, Mapping[str, Any]], Mapping[str, Any]]


async def annotate(
    store: Store, actor: Actor, session_id: str, command: Annotate
) -> tuple[Json, bool]:
    """The annotation, and whether it is new; raises UnknownSession, IdConflict and what the engine
    raises.
    """
    run = partial(_annotate, actor=actor, session_id=session_id, command=command)
    return await store.scribe.submit(run, sessions=[session_id])


async def void_annotation(
    store: Store, actor: Actor, session_id: str, command: VoidAnnotation
) -> Json:
    """The annotation after it; raises UnknownSession, UnknownAnnotation, AlreadyVoided or
    IdConflict.
    """
    run = partial(_void, actor=actor, session_id=session_id, command=command)
    return await store.scribe.submit(run, sessions=[session_id])


async def correct_annotation(
    store: Store, actor: Actor, session_id: str, command: CorrectAnnotation, check: Check
) -> Json:
    """The annotation after it; raises UnknownSession, UnknownAnnotation, AlreadyVoided, IdConflict,
    and what `check` and the engine raise.

    `check` takes a kind, a text and data, and answers the data in their one spelling.
    """
    run = partial(_correct, actor=actor, session_id=session_id, command=command, check=check)
    return await store.scribe.submit(run, sessions=[session_id])


async def session_annotations(store: Store, session_id: str) -> Json:
    """Raises UnknownSession."""
    return await store.reader.read(partial(_listed, session_id=session_id))


def _annotate(item: Item, *, actor: Actor, session_id: str, command: Annotate) -> tuple[Json, bool]:
    held = item.held(session_id)
    content = asdict(command)
    id = content.pop("id")
    del content["after_close"]  # the log's; and digests are as they always were
    sent = digest(["annotate", content])
    if item.known(held, id, sent) is not None:
        return _one(item, held, id), False
    id = id or new_id()
    held, _ = item.step(held, replace(command, id=id), actor)
    item.know(held, id, sent)
    return _one(item, held, id), True


def _void(item: Item, *, actor: Actor, session_id: str, command: VoidAnnotation) -> Json:
    held = item.held(session_id)
    sent = digest(["void_annotation", command.annotation_id, command.reason])
    if item.known(held, command.id, sent) is None:
        held, _ = item.step(held, command, actor)
        item.know(held, command.id, sent)
    return _one(item, held, command.annotation_id)


def _correct(
    item: Item, *, actor: Actor, session_id: str, command: CorrectAnnotation, check: Check
) -> Json:
    held = item.held(session_id)
    content = asdict(command)
    id = content.pop("id")
    sent = digest(["correct_annotation", content])
    if item.known(held, id, sent) is None:
        if command.annotation_id not in held.state.annotations:
            raise UnknownAnnotation("There is no annotation with this id in this session.")
        said = _one(item, held, command.annotation_id)
        was = written(said)
        now = rewritten(was, command)
        now = replace(now, data=check(said["kind"], now.text, now.data))
        rewrite = RewriteAnnotation(command.annotation_id, was, now, command.reason)
        held, _ = item.step(held, rewrite, actor)
        item.know(held, id, sent)
    return _one(item, held, command.annotation_id)


def _one(item: Item, held: Held, annotation_id: str) -> Json:
    noted = held.state.annotations[annotation_id]
    seqs = [noted.seq, *noted.corrected, *([] if noted.voided is None else [noted.voided])]
    (only,) = told(item.event(held, seq) for seq in seqs)
    return only


def _listed(db: Connection, *, session_id: str) -> Json:
    key = queries.session_key(db, session_id)
    return {"items": annotations_of(db, key, session_id)}
