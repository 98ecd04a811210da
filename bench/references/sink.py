"""Takes readings, acknowledges them at once and keeps nothing: what a load costs by itself."""

import orjson
from fastapi import FastAPI, Request, WebSocket
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

app = FastAPI()
STORED = Response(b"{}", status_code=201, media_type="application/json")


@app.get("/livez")
async def livez() -> str:
    return "ok"


async def taken(request: Request) -> Response:
    await request.body()
    return STORED


app.add_route("/api/sessions/{session_id}/readings", taken, methods=["POST"])


@app.websocket("/api/ingest")
async def stream(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            message = orjson.loads(await socket.receive_text())
            await socket.send_text(f'{{"ack":{message["n"]},"refused":[]}}')
    except WebSocketDisconnect:
        return
