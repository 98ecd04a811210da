"""A FastAPI endpoint that checks a reading and keeps nothing: what HTTP alone costs."""

from fastapi import FastAPI

from bench.references.sent import ReadingIn

app = FastAPI()


@app.get("/livez")
async def livez() -> str:
    return "ok"


@app.post("/api/sessions/{session_id}/readings", status_code=201)
async def record(session_id: str, sent: ReadingIn) -> dict[str, str | int]:
    return {"id": sent.id, "session_id": session_id, "seq": 0}
