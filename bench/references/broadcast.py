"""A websocket endpoint as uvicorn brings it: what is posted goes to everybody as it is."""

from fastapi import FastAPI, Request, WebSocket
from starlette.websockets import WebSocketDisconnect

app = FastAPI()
_sockets: set[WebSocket] = set()


@app.get("/livez")
async def livez() -> str:
    return "ok"


@app.post("/api/sessions/{session_id}/readings", status_code=201)
async def say(session_id: str, request: Request) -> dict[str, str | int]:
    text = (await request.body()).decode()
    for socket in tuple(_sockets):
        await socket.send_text(text)
    return {"session_id": session_id, "seq": 0}


@app.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()
    _sockets.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        _sockets.discard(socket)
