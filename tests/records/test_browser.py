"""The page that proves a copy and the console's screen of a record, in a real browser.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from clinic.accounts.models import User
from clinic.records.models import MedicalRecord
from clinic.records.services.addenda import add_addendum
from tests.cast import Member
from tests.console.test_browser import (  # noqa: F401 fixtures
    CHROMIUM,
    PICTURES,
    address,
    chromium,
)
from tests.doctors_cast import DoctorMember
from tests.records.conftest import Signed, make_code

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium on PATH: install it or set CHROMIUM",
    ),
]
LOCALES = [("zh-CN", "病历真实"), ("en-US", "This record is genuine")]


@pytest.fixture
def record(address: str, signed: Signed, lin: Member, shen: DoctorMember) -> MedicalRecord:  # noqa: F811
    """A signed record with a diagnosis and a correction."""
    make_code("icd10", "K30", "功能性消化不良")
    found = signed(lin, shen, diagnoses=[{"system": "icd10", "code": "K30"}])
    add_addendum(found.pk, reason="笔误", text="应为晨起反酸。", actor=shen.actor)
    return found


def opened(chromium: Browser, address: str, locale: str) -> Page:  # noqa: F811
    context = chromium.new_context(locale=locale, base_url=address)
    context.set_default_timeout(40_000)
    return context.new_page()


def picture(page: Page, name: str) -> None:
    if os.environ.get("CONSOLE_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("locale", "verdict"), LOCALES)
def test_anybody_reads_that_a_copy_is_genuine(
    chromium: Browser,  # noqa: F811
    address: str,  # noqa: F811
    record: MedicalRecord,
    locale: str,
    verdict: str,
) -> None:
    page = opened(chromium, address, locale)

    page.goto(f"/verify/{record.verify_token}")

    expect(page.get_by_role("status")).to_contain_text(verdict)
    assert Axe().run(page).violations_count == 0
    picture(page, f"verify-{locale}")
    page.context.close()


def test_staff_looks_at_a_record_and_its_proof(
    chromium: Browser,  # noqa: F811
    address: str,  # noqa: F811
    record: MedicalRecord,
) -> None:
    User.objects.create_superuser("+8613900000001", "Console-2026", name="总管")
    page = opened(chromium, address, "zh-CN")
    page.goto("/admin/")
    page.fill("input[name=username]", "13900000001")
    page.fill("input[name=password]", "Console-2026")
    page.get_by_role("button", name="登录").click()

    page.goto(f"/admin/records/medicalrecord/{record.pk}/change/")

    expect(page.get_by_text("真实", exact=True)).to_be_visible()
    expect(page.get_by_text("疏肝和胃", exact=True)).to_be_visible()
    expect(page.get_by_text("林小月")).to_have_count(0)
    picture(page, "record-zh-CN")
    page.context.close()
