"""What a nurse does beside the numbers: annotations, phases put right, stop prompts, monitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.e2e.api import asking, seconds
from tests.support.pages import hold, opened, think
from tests.support.taps import counting, taps

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage


async def reason(dialog: Locator, said: str) -> None:
    await dialog.locator("[name=reason]").fill(said)


async def test_nausea_is_noted_in_two_taps_and_taken_back_by_one(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), counting)
    other = await opened(open_page, clinic.page_of(session))
    await expect(page.get_by_test_id("annotate-nausea")).to_be_visible()
    await taps(page)
    await page.get_by_test_id("annotate-nausea").click()
    await expect(page.get_by_test_id("annotate-dialog")).to_be_visible()
    await think(page)
    await page.get_by_test_id("severity-mild").click()
    assert await taps(page) == 2
    await page.get_by_test_id("annotation-undo").click()
    assert await taps(page) == 1
    for screen in (page, other):
        struck = screen.locator("[data-testid=event][data-corrected=void]")
        await expect(struck).to_contain_text("Nausea")
    noted = clinic.events(session, "annotation.recorded")[-1]["data"]
    assert noted["kind"] == "side_effect"
    assert noted["data"] == {"effect": "nausea", "severity": "mild"}
    assert clinic.events(session, "annotation.voided")[-1]["data"]["annotation_id"] == noted["id"]


async def test_a_note_a_rate_and_a_drug_are_written_down(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    dialog = page.get_by_test_id("annotate-dialog")
    forms = {
        "note": ({"note": "asks for her husband"}, "chart-note"),
        "rate": ({"rate": "42"}, "chart-rate"),
        "medication": ({"drug": "Ondansetron", "dose": "4"}, "chart-drug"),
    }
    for first, (fields, chart) in forms.items():
        await page.get_by_test_id(f"annotate-{first}").click()
        await expect(dialog).to_be_visible()
        await think(page)
        for name, said in fields.items():
            await dialog.locator(f"[name={name}]").fill(said)
        await dialog.get_by_test_id(chart).click()
        await expect(dialog).to_have_count(0)
    events = page.get_by_test_id("events")
    for said in ("asks for her husband", "42", "Ondansetron"):
        await expect(events).to_contain_text(said)
    kinds = [one["data"]["kind"] for one in clinic.events(session, "annotation.recorded")]
    assert kinds == ["note", "rate_change", "medication"]


async def test_a_phase_that_was_tapped_late_gets_its_true_time(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    before = clinic.state(session)
    await page.get_by_test_id("phase-edit").click()
    dialog = page.get_by_test_id("phase-correct")
    await dialog.locator("button[data-entry]").last.click()
    await dialog.get_by_test_id("when-now").click()
    await reason(dialog, "tapped late")
    await dialog.get_by_test_id("phase-correct-confirm").click()
    await expect(dialog).to_have_count(0)
    after = clinic.state(session)
    corrected = clinic.events(session, "phase.corrected")[-1]["data"]
    assert corrected["phase"] == "infusing"
    assert seconds(after["phase_since"], before["phase_since"]) > 0
    assert after["phase"] == "infusing"
    await expect(page.get_by_test_id("events")).to_contain_text("tapped late")


async def test_a_mistaken_tap_is_taken_back(clinic: Clinic, open_page: OpenPage) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    board = await opened(open_page, clinic.page_of(session))
    await page.get_by_test_id("phase-to-paused").click()
    await expect(page.get_by_test_id("session")).to_have_attribute("data-phase", "paused")
    await page.get_by_test_id("phase-edit").click()
    dialog = page.get_by_test_id("phase-correct")
    await reason(dialog, "mistaken tap")
    await hold(dialog.get_by_test_id("phase-take-back"))
    for screen in (page, board):
        await expect(screen.get_by_test_id("session")).to_have_attribute("data-phase", "infusing")
    state = clinic.state(session)
    assert [span["phase"] for span in state["phases"]][-1] == "infusing"
    assert clinic.events(session, "phase.taken_back")[-1]["data"]["phase"] == "paused"


async def test_a_reason_to_stop_is_shown_beside_the_alarm_and_answered(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    other = await opened(open_page, clinic.page_of(session))
    clinic.read(session, sbp=206, dbp=104)
    prompt = page.locator("[data-testid=stop-prompt][data-vital=sbp]")
    await expect(prompt).to_contain_text("206")
    await expect(page.get_by_test_id("alarm").first).to_have_attribute("data-priority", "high")
    await expect(page.get_by_test_id("stop-prompt-stop")).to_be_visible()
    await expect(page.get_by_test_id("stop-prompt-pause")).to_be_visible()
    await expect(page.locator("[data-testid=stop-prompts][data-settling=true]")).to_have_count(0)
    await prompt.get_by_test_id("stop-prompt-continue").click()
    dialog = page.get_by_test_id("stop-continue-dialog")
    await reason(dialog, "known, doctor informed")
    await dialog.get_by_test_id("stop-continue-confirm").click()
    for screen in (page, other):
        await expect(screen.get_by_test_id("stop-prompt")).to_have_count(0)
    ended = clinic.events(session, "stop_prompt.ended")[-1]["data"]
    assert ended["ended_by"] == "answered"

    clinic.read(session, sbp=218, dbp=104)
    await expect(prompt).to_contain_text("218")
    stop = page.get_by_test_id("stop-prompt-stop")
    await expect(page.locator("[data-testid=stop-prompts][data-settling=true]")).to_have_count(0)
    await stop.click()  # a tap is not enough
    await expect(page.get_by_test_id("session")).to_have_attribute("data-phase", "infusing")
    await hold(stop)
    await expect(other.get_by_test_id("session")).to_have_attribute("data-phase", "stopped")
    await expect(other.get_by_test_id("stop-prompt")).to_have_count(0)


async def test_a_monitor_is_attached_with_both_patients_in_sight(
    clinic: Clinic, open_page: OpenPage
) -> None:
    with asking(clinic.url) as api:
        here, there = (
            api.post(
                "/api/patients",
                {"code": f"M-{year}", "initials": initials, "birth_date": f"{year}-03-01"},
            )
            for initials, year in (("K.T.", 1984), ("L.B.", 1971))
        )
        mine = api.infusing(clinic.room(), patient_id=here["id"])
        theirs = api.infusing(clinic.room(), patient_id=there["id"])
        api.put(f"/api/sessions/{theirs}/devices/mon-7", {})
        measured = {"device": "mon-7", "interval_s": 60, "values": {"hr": 77}}
        api.post(f"/api/sessions/{theirs}/readings", measured)
    page = await opened(open_page, clinic.page_of(mine))
    await page.get_by_test_id("more").click()
    await page.get_by_test_id("open-devices").click()
    dialog = page.get_by_test_id("devices-dialog")
    await dialog.get_by_test_id("device-add").click()
    await dialog.locator("[name=device]").fill("mon-7")
    for said in ("K.T.", "1984", "L.B.", "1971"):
        await expect(dialog).to_contain_text(said)
    confirm = dialog.get_by_test_id("attach-confirm")
    await expect(confirm).to_be_disabled()
    await dialog.get_by_test_id("attach-sure").click()
    await confirm.click()
    await expect(dialog.locator("[data-device=mon-7]")).to_have_attribute("data-attached", "true")
    assert clinic.state(theirs)["devices"]["mon-7"]["attached"] is not True


async def test_a_monitor_that_was_never_heard_is_not_taken_from_another_patient_unseen(
    clinic: Clinic, open_page: OpenPage
) -> None:
    mine, theirs = clinic.infusing(), clinic.infusing()
    with asking(clinic.url) as api:
        api.put(f"/api/sessions/{theirs}/devices/mon-9", {})
        whose = api.get(f"/api/sessions/{theirs}")["patient"]["code"]
    page = await opened(open_page, clinic.page_of(mine))
    await page.get_by_test_id("more").click()
    await page.get_by_test_id("open-devices").click()
    dialog = page.get_by_test_id("devices-dialog")
    await dialog.get_by_test_id("device-add").click()
    await dialog.locator("[name=device]").fill("mon-9")
    await dialog.get_by_test_id("attach-confirm").click()
    await expect(dialog.get_by_test_id("attached-elsewhere")).to_be_visible()
    await expect(dialog).to_contain_text(whose)
    await expect(dialog.get_by_test_id("attach-confirm")).to_be_disabled()
    assert clinic.state(theirs)["devices"]["mon-9"]["attached"] is True

    await dialog.get_by_test_id("attach-sure").click()
    await dialog.get_by_test_id("attach-confirm").click()
    await expect(dialog.locator("[data-device=mon-9]")).to_have_attribute("data-attached", "true")
    assert clinic.state(theirs)["devices"]["mon-9"]["attached"] is False


async def test_what_was_charted_from_the_monitor_is_struck_out_with_the_monitors_reading(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    place = f"/api/sessions/{session}"
    with asking(clinic.url) as api:
        api.put(f"{place}/devices/mon-11", {})
        sent = {"device": "mon-11", "interval_s": 60, "values": {"hr": 71}}
        measured = api.post(f"{place}/readings", sent)
        api.post(f"{place}/readings", {"values": {"rr": 15}, "charted": {"hr": measured["seq"]}})
    page = await opened(open_page, clinic.page_of(session))
    events = page.get_by_test_id("events")
    await expect(events).to_contain_text("HR 71, RR 15")
    with asking(clinic.url) as api:
        api.post(f"{place}/readings/{measured['id']}/void", {"reason": "probe was off"})
    await expect(events.get_by_test_id("charted-gone")).to_have_text("HR 71")
    await expect(events).to_contain_text("RR 15")


async def test_a_phase_that_a_colleague_changed_meanwhile_is_not_taken_back_in_its_place(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    await page.get_by_test_id("phase-edit").click()
    dialog = page.get_by_test_id("phase-correct")
    await reason(dialog, "mistaken tap")
    await expect(dialog.get_by_test_id("phase-take-back")).to_be_enabled()
    with asking(clinic.url) as api:
        api.post(f"/api/sessions/{session}/phase", {"to": "paused"})
    await expect(dialog.get_by_test_id("phases-changed")).to_be_visible()
    await expect(dialog.get_by_test_id("phase-take-back")).to_be_disabled()
    assert clinic.state(session)["phase"] == "paused"


async def test_a_nurse_makes_herself_responsible_by_one_press(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), role="nurse")
    await page.get_by_test_id("responsible").click()
    await page.get_by_test_id("responsible-me").click()
    await expect(page.get_by_test_id("responsible-dialog")).to_have_count(0)
    await expect(page.get_by_test_id("responsible")).to_contain_text("Nora Nurse")
    assert clinic.state(session)["responsible"]["name"] == "Nora Nurse"
