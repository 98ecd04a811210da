"""Sessions that are over, for the tests of the record's pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.pages import SET, opened

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

ROAD: Final = ("checked_in", "baseline", "ready", "infusing")
REST: Final = ("completed", "recovery", "ready_for_discharge", "discharged")
LASTS_MIN: Final = 60


def ended(clinic: Clinic, **values: float) -> str:
    """A session of this minute that is over, with one full set; its id."""
    session = clinic.infusing(**values)
    end(clinic, session)
    return session


def end(clinic: Clinic, session: str) -> None:
    with asking(clinic.url) as api:
        for to in REST:
            api.post(f"/api/sessions/{session}/phase", {"to": to, "override_reason": "test"})


class Hour:
    """An hour of a simulated session that ended two hours ago: a set every five minutes, SpO2 84
    after half an hour, nausea noted after twenty minutes.
    """

    def __init__(self, clinic: Clinic, *, over: bool = True) -> None:
        self.began = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
        with asking(clinic.url) as api:
            number = len(api.everything("/api/patients")) + 1
            who = {"code": f"SIM-{number:04d}", "initials": "S.S.", "simulated": True}
            body = {
                "patient_id": api.post("/api/patients", who)["id"],
                "station": clinic.room(),
                "protocol": "ketamine_adult",
                "weight_kg": 70,
                "dose_mg_per_kg": 0.5,
                "planned_minutes": 40,
                "simulated": True,
                "clock": "driven",
                "starts_at": self.at(0),
            }
            self.session = str(api.post("/api/sessions", body)["id"])
            self._lived(api, over)

    def at(self, minutes: float) -> str:
        moment = self.began + timedelta(minutes=minutes)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _lived(self, api: Any, over: bool) -> None:
        path = f"/api/sessions/{self.session}"
        for minute, to in enumerate(ROAD):
            self._phase(api, minute, to)
        for minute in range(5, LASTS_MIN - 5, 5):
            values = {**SET, "spo2": 84 if minute == 30 else 97, "hr": 70 + minute}
            body = {"taken_at": self.at(minute), "values": values, "confirmed": True}
            api.post(f"{path}/readings", body)
            if minute == 20:
                noted = {"effect": "nausea", "severity": "mild"}
                body = {"kind": "side_effect", "at": self.at(20), "data": noted}
                api.post(f"{path}/annotations", body)
        if over:
            for minute, to in enumerate(REST, start=LASTS_MIN - len(REST) + 1):
                self._phase(api, minute, to)

    def _phase(self, api: Any, minute: float, to: str) -> None:
        body = {"to": to, "at": self.at(minute), "override_reason": "test"}
        api.post(f"/api/sessions/{self.session}/phase", body)


async def review(
    open_page: OpenPage, clinic: Clinic, session: str, part: str = "", **context: Any
) -> Page:
    """The record's page, read; `part` is the address of one of its parts."""
    page = await opened(open_page, f"{clinic.url}/sessions/{session}{part}", **context)
    await read(page)
    return page


async def read(page: Page) -> None:
    """The record has come."""
    shown = page.locator("[data-testid=review][data-seq]")
    await expect(shown).to_be_visible()


async def because(window: Locator, reason: str) -> None:
    """Says why, in the words that stand to be chosen from."""
    await window.get_by_role("button", name=reason, exact=True).click()
