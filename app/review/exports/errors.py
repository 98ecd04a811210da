"""Refusals of exports."""

from __future__ import annotations

from app.monitoring.errors import DomainError


class NothingToExport(DomainError):
    code = "nothing_to_export"
    title = "There is nothing to export"


class UnknownExport(DomainError):
    """Also one of somebody else: nobody is told what others export."""

    status = 404
    code = "unknown_export"
    title = "There is no such export"


class ExportNotReady(DomainError):
    status = 409
    code = "export_not_ready"
    title = "The export is not ready"


class TooManyExports(DomainError):
    status = 409
    code = "too_many_exports"
    title = "Other exports of yours are not done yet"
