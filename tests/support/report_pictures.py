"""Pictures of a report's pages: part of `make pictures`.

`python -m tests.support.report_pictures` makes them of a session that is simulated and plays the
same on every machine: a desaturation, readings put right afterwards, and a clinician's signature.
"""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import async_playwright

from app.models.chain import Chain
from app.models.database import connect
from app.monitoring.commands import SignRecord
from app.review.exports.made import document_of
from app.review.exports.pdf import pdf
from app.review.record.made import record_of
from tests.models.databases import migrated
from tests.monitoring.telling import CLINICIAN
from tests.review.exports.courses import corrects
from tests.review.exports.played import stored
from tests.simulator.script.bed import Bed, built_in, visit_of
from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, NO_PDFTOTEXT, find_chromium, find_pdftotext
from tests.support.pictures import take

if TYPE_CHECKING:
    from playwright.async_api import ViewportSize

    from app.review.record.model import Record

SESSION: Final = "01930000-0000-7000-8000-00000000a001"
CHAIN: Final = Chain(bytes(32))  # no secret: the same hash in every picture
PAGES: Final = 2  # the summary with its chart, and the first of the tables
DPI: Final = 120
SIZE: Final[ViewportSize] = {"width": 992, "height": 1403}  # an A4 page at this resolution


def course() -> Bed:
    """A saturation that falls and comes back; slips put right."""
    bed = Bed(visit_of(built_in("desaturation"), "3", nurse=True, sample_s=20)).play()
    readings = [event for event in bed.log if event["kind"] == "reading.recorded"]
    typed = [event for event in readings if event["data"]["source"] == "manual"]
    corrects(bed, readings[1], "voided", why="probe was not on the finger yet")
    corrects(bed, typed[0], "amended", down=3, why="digits were swapped")
    return bed


def signed(bed: Bed) -> Record:
    """As a clinician leaves it."""
    before = recorded(bed)
    command = SignRecord("signature", "reviewed", before.seq, before.hash, id=SESSION)
    bed.step(command, CLINICIAN)
    bed.log[-1]["recorded_at"] = bed.log[-1]["at"]  # a bed knows no other clock than the visit's
    return recorded(bed)


def recorded(bed: Bed) -> Record:
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(migrated(Path(folder)).url)
        try:
            with engine.begin() as db:
                stored(db, CHAIN, bed.log, SESSION)
                return record_of(db, SESSION)
        finally:
            engine.dispose()


def pages(content: bytes, folder: Path) -> list[bytes]:
    """Each page as a picture."""
    program = find_pdftotext() or sys.exit(NO_PDFTOTEXT)
    command = [str(program.with_name("pdftoppm")), "-png", "-r", str(DPI), "-l", str(PAGES)]
    subprocess.run([*command, "-", str(folder / "page")], input=content, check=True)
    return [path.read_bytes() for path in sorted(folder.glob("page-*.png"))]


async def main() -> None:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    content = pdf(document_of(signed(course())))
    with tempfile.TemporaryDirectory() as folder:
        pictures = pages(content, Path(folder))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        page = await browser.new_page(viewport=SIZE)
        for number, picture in enumerate(pictures, 1):
            source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
            style = "<style>body { margin: 0 } img { display: block; width: 100vw }</style>"
            await page.set_content(f"{style}<img alt='' src='{source}'>")
            await take(page, f"report-{number}.webp")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
