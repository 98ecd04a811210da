"""What the installation knows: the registry of vital signs, and the presets."""

from dataclasses import asdict
from typing import Any

import orjson
from starlette.responses import Response

from app.access.roles import Permission
from app.api.answers import JSON
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.catalogue import ProtocolList, VitalList
from app.monitoring.protocols import PROTOCOLS, Protocol
from app.monitoring.view import public_lines
from app.monitoring.vitals import VITALS, VitalSign

router = api_router("catalogue")


def _vital(vital: VitalSign) -> dict[str, Any]:
    return {**asdict(vital), "continuous": vital.continuous}


def _protocol(protocol: Protocol) -> dict[str, Any]:
    return {**asdict(protocol), "lines": public_lines(protocol.lines)}


def _list(items: list[dict[str, Any]]) -> bytes:
    option = orjson.OPT_NON_STR_KEYS  # labels of scores are keyed by the score
    return orjson.dumps({"items": items, "next_cursor": None}, option=option)


_VITALS = _list([_vital(vital) for vital in VITALS.values()])
_PROTOCOLS = _list([_protocol(protocol) for protocol in PROTOCOLS.values()])


@router.get("/vitals", response_model=VitalList, openapi_extra=needs(Permission.READ_CATALOGUE))
async def vitals() -> Response:
    return Response(_VITALS, media_type=JSON)


@router.get(
    "/protocols", response_model=ProtocolList, openapi_extra=needs(Permission.READ_CATALOGUE)
)
async def protocols() -> Response:
    return Response(_PROTOCOLS, media_type=JSON)
