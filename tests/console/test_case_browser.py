"""Cases, complaints, consents and privacy in a real browser: both languages, desk and phone.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import pytest
from django.db.models import Model
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.complaints.models import Complaint
from clinic.patients.models import Consent, RealNameCheck, VisitPerson
from clinic.privacy.models import EmergencyAccess
from consultations.models import Consultation, RedFlag
from tests.browsing import PHONE, Walk, judge, needs_browser, open_console, read
from tests.windows import Windows
from tests.world import build_world, unlimited

__all__ = ["unlimited"]
pytestmark = [*needs_browser, pytest.mark.timeout(300)]


def _address(model: type[Model], last: str = "") -> str:
    return f"/admin/{model._meta.label_lower.replace('.', '/')}/{last}"


def _screen(row: Model | None) -> str:
    assert row is not None
    return _address(type(row), f"{row.pk}/change/")


def test_staff_reads_cases_complaints_and_privacy_without_a_fault(
    chromium: Windows, address: str, chief: User, unlimited: None, walk: Walk
) -> None:
    world = build_world()
    person = VisitPerson.objects.get(public_id=world.objects["visit-persons"])
    case = Consultation.objects.get(public_id=world.objects["consultations"])
    complaint = Complaint.objects.get()
    like_them = [_address(RealNameCheck), _screen(Consent.objects.first())]
    pages = [_address(Complaint), _screen(person), _screen(EmergencyAccess.objects.get())]
    small = ["/admin/privacy-pages/reads/", _screen(case), _screen(complaint)]
    desk, desk_faults = open_console(chromium, address, chief, "zh-CN")
    phone, phone_faults = open_console(chromium, address, chief, "en-US", width=PHONE)

    for page, paths in ((desk, [*pages, *small]), (phone, small)):
        for number, path in enumerate(paths):
            page.goto(path)
            width = "desk" if page is desk else "phone"
            judge(page, f"case-{number}-{width}")
            assert "林小月" not in page.locator("main").inner_text(), path

    for number, path in enumerate(like_them):
        walk.reads(desk, path, f"case-like-{number}")
        assert "林小月" not in read(desk, path).partition("<main")[2], path

    desk.goto(_address(RedFlag, "add/"))
    desk.locator("button[name=_save]").click()
    judge(desk, "warning-word-refused-zh")
    expect(desk.get_by_text("请填写此项。").first).to_be_visible()
    assert desk_faults == phone_faults == []
