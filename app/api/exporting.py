"""Exports as answers: each download is in the access log before a byte of it has gone out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import FileResponse, Response

from app.access.log import entry_of
from app.clock import now_ms
from app.monitoring.times import iso
from app.review.exports.files import export
from app.review.exports.job import Job
from app.review.exports.names import KINDS, attachment, range_name
from app.services.ids import new_id
from app.services.visible import check_sees_clinic

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.api.context import Context
    from app.api.schemas.exports import ExportIn
    from app.review.exports.archive import Added

ZIP: Final = "application/zip"


async def session_file(
    context: Context, caller: Caller, session_id: str, kind: str, zone: str
) -> Response:
    """Raises UnknownSession, InvalidRequest, Busy or StorageUnavailable."""
    store = context.store
    made = await store.proven(export, session_id, kind, zone, by=store.reader.slow)
    entry = entry_of(
        caller,
        "session.exported",
        session_id=session_id,
        formats=kind,
        seq=made.seq,
        hash=made.hash,
    )
    await context.access_log.write(entry)
    headers = {"Content-Disposition": attachment(made.name)}
    return Response(made.content, media_type=KINDS[kind], headers=headers)


async def begin_range(
    context: Context, caller: Caller, body: ExportIn
) -> tuple[dict[str, Any], bool]:
    """The export, and whether it is new; raises what `Exports.ask` raises, and NotBound."""
    check_sees_clinic(caller)
    log, now = context.access_log, now_ms()

    def on_added(job: Job, one: Added) -> None:
        entry = entry_of(
            caller,
            "session.exported",
            session_id=one.session_id,
            formats=", ".join(job.formats),
            seq=one.seq,
            hash=one.hash,
            export=job.id,
        )
        log.note(entry)

    job = Job(
        id=body.id or new_id(),
        who=caller.actor.id,
        state="waiting",
        since=body.since,
        until=body.until,
        formats=list(dict.fromkeys(body.formats)),
        simulated=body.simulated,
        zone=body.zone,
        created_at=now,
        touched_at=now,
        total=0,
    )
    job, created = await context.exports.ask(job, on_added)
    return job.told(), created


async def range_file(context: Context, caller: Caller, id: str) -> Response:
    """Raises NotBound, UnknownExport, ExportNotReady, Busy or StorageUnavailable."""
    check_sees_clinic(caller)
    job, path = context.exports.file(id, caller.actor.id)
    entry = entry_of(
        caller,
        "sessions.exported",
        export=job.id,
        sessions=job.total,
        formats=", ".join(job.formats),
    )
    await context.access_log.write(entry)
    name = range_name(iso(job.since), iso(job.until))
    return FileResponse(path, media_type=ZIP, headers={"Content-Disposition": attachment(name)})
