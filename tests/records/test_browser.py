"""The page that proves a copy and the console's screen of a record, in a real browser.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import pytest
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.records.models import MedicalRecord
from clinic.records.services.addenda import add_addendum
from tests.axe import breaches
from tests.browsing import needs_browser, open_console, open_page, picture
from tests.cast import Member
from tests.console.conftest import chief  # noqa: F401 a fixture
from tests.doctors_cast import DoctorMember
from tests.records.conftest import Signed, make_code
from tests.windows import Windows

pytestmark = needs_browser
LOCALES = [("zh-CN", "病历真实"), ("en-US", "This record is genuine")]


@pytest.fixture
def record(address: str, signed: Signed, lin: Member, shen: DoctorMember) -> MedicalRecord:
    """A signed record with a diagnosis and a correction."""
    make_code("icd10", "K30", "功能性消化不良")
    found = signed(lin, shen, diagnoses=[{"system": "icd10", "code": "K30"}])
    add_addendum(found.pk, reason="笔误", text="应为晨起反酸。", actor=shen.actor)
    return found


@pytest.mark.parametrize(("locale", "verdict"), LOCALES)
def test_anybody_reads_that_a_copy_is_genuine(
    chromium: Windows,
    address: str,
    record: MedicalRecord,
    locale: str,
    verdict: str,
) -> None:
    page, _faults = open_page(chromium, address, locale)

    page.goto(f"/verify/{record.verify_token}")

    expect(page.get_by_role("status")).to_contain_text(verdict)
    assert breaches(page) == []
    picture(page, f"verify-{locale}")


def test_staff_looks_at_a_record_and_its_proof(
    chromium: Windows,
    address: str,
    chief: User,  # noqa: F811
    record: MedicalRecord,
) -> None:
    page, _faults = open_console(chromium, address, chief, "zh-CN")

    page.goto(f"/admin/records/medicalrecord/{record.pk}/change/")

    expect(page.get_by_text("真实", exact=True)).to_be_visible()
    expect(page.get_by_text("疏肝和胃", exact=True)).to_be_visible()
    expect(page.get_by_text("林小月")).to_have_count(0)
    picture(page, "record-zh-CN")
