"""The page behind a plain QR, in a real browser on a phone, Chinese and English.

With RELATIONS_PICTURES=1 pictures go to test-output/relations/.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from clinic.relations.services.invites import make_invite
from tests.axe import breaches
from tests.browsing import PHONE, needs_browser
from tests.doctors_cast import make_doctor
from tests.live import LiveServer
from tests.windows import Windows

pytestmark = needs_browser
PICTURES = Path(__file__).resolve().parents[2] / "test-output" / "relations"


@pytest.mark.timeout(200)
def test_who_scans_with_a_plain_camera_reads_who_invites(
    chromium: Windows, live_server_ws: LiveServer
) -> None:
    doctor = make_doctor("沈一鸣", hospital="香草一店")
    invite = make_invite(doctor_id=doctor.doctor.pk, label="", actor=doctor.actor)

    for locale, words in (("zh-CN", "沈一鸣医生邀请您"), ("en-US", "Doctor 沈一鸣 invites you")):
        page = chromium.take(live_server_ws.http_url, locale, width=PHONE, height=844)
        page.goto(f"/invites/{invite.scene}")

        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert breaches(page) == []
        if os.environ.get("RELATIONS_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"invite-{locale}.png")
