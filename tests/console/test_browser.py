"""The console in a real browser, Chinese and English.

With CONSOLE_PICTURES=1 pictures of every page go to test-output/console/.
"""

import pytest
from playwright.sync_api import Page, expect

from clinic.accounts.models import User
from clinic.core.clock import clinic_time
from clinic.customer_service.models import QualityCheck
from doctors.enums import CredentialKind
from doctors.models import Leave
from payments.models import LedgerTransaction
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    wish,
)
from tests.browsing import (
    Walk,
    judge,
    needs_browser,
    open_console,
    open_page,
    picture,
    walked_in,
)
from tests.cast import Member
from tests.console.conftest import SmallClinic
from tests.customer_service.past import make_agent, make_team, two_weeks
from tests.doctors.papers import submitted
from tests.doctors_cast import make_doctor
from tests.payments.desk import make_desk
from tests.windows import Windows

WORDS = {
    "zh-CN": {
        "today": "今日",
        "login": "登录",
        "offline": "线下已付",
        "hours": "工作时间",
        "add_hours": "添加另一个",
        "grade": "评分",
        "confirm": "确认",
        "reject": "驳回",
        "rejected": "已驳回",
        "hits": "影响 1 个预约",
    },
    "en-US": {
        "today": "Today",
        "login": "Log in",
        "offline": "Paid outside",
        "hours": "Opening hours",
        "add_hours": "Add another",
        "grade": "Grade",
        "confirm": "Confirm",
        "reject": "Reject",
        "rejected": "Rejected",
        "hits": "hits 1 appointment.",
        "board": "Assignment board",
        "waiting": "Waiting for a doctor",
    },
}

pytestmark = needs_browser


def _log_in(page: Page, locale: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=username]", "139 0000 0001")
    page.fill("input[name=password]", "Console-2026")
    page.get_by_role("button", name=WORDS[locale]["login"]).click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/")


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_staff_logs_in_and_opens_every_screen_without_a_fault(
    chromium: Windows,
    address: str,
    chief: User,
    small_clinic: SmallClinic,
    walk: Walk,
    locale: str,
) -> None:
    page, faults = open_page(chromium, address, locale)
    short = locale[:2]
    page.goto("/admin/")
    picture(page, f"login-{short}")
    _log_in(page, locale)
    expect(page.get_by_text(WORDS[locale]["today"]).first).to_be_visible()
    picture(page, f"dashboard-{short}")

    shown = {
        "consultations": "/admin/consultations/consultation/",
        "doctor": f"/admin/doctors/doctor/{small_clinic.doctor.pk}/change/",
        "consent-text-form": "/admin/patients/consenttext/add/?kind=service",
        "conversation": f"/admin/chat/conversation/{small_clinic.conversation.pk}/change/",
        "jobs": "/admin/django_celery_beat/periodictask/",
        "front": "/",
        "errors": "/api/docs/errors/",
        "swagger": "/api/docs/",
        "redoc": "/api/redoc/",
        "socket": "/ws/docs/",
    }
    like_them = {
        "consultation": f"/admin/consultations/consultation/{small_clinic.waiting.pk}/change/",
        "doctors": "/admin/doctors/doctor/",
        "orders": "/admin/payments/paymentorder/",
        "order": f"/admin/payments/paymentorder/{small_clinic.order.pk}/change/",
        "accounts": "/admin/accounts/user/",
        "account": f"/admin/accounts/user/{small_clinic.patient.user.pk}/change/",
        "persons": "/admin/patients/visitperson/",
        "person": f"/admin/patients/visitperson/{small_clinic.person.pk}/change/",
        "checks-of-names": "/admin/patients/realnamecheck/",
        "consent-texts": "/admin/patients/consenttext/",
        "consents": "/admin/patients/consent/",
        "reviews": "/admin/reviews/review/",
        "audit": "/admin/core/auditentry/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"{name}-{short}")

    assert faults == []


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_finance_opens_every_page_of_money_without_a_fault(
    chromium: Windows, address: str, chief: User, walk: Walk, locale: str
) -> None:
    desk = make_desk()
    booking = LedgerTransaction.objects.filter(order=desk.order).latest("pk")
    page, faults = open_console(chromium, address, chief, locale)
    money, short = "/admin/payments", locale[:2]
    shown = {
        "statistics": "/admin/money/statistics/",
        "settlement": "/admin/money/settlement/",
        "attempts": f"{money}/paymentattempt/?odd=yes",
        "price-form": f"{money}/pricerule/add/",
        "refund-waits": f"{money}/refund/{desk.waiting_refund.pk}/change/",
        "claim": f"{money}/offlineclaim/{desk.claim.pk}/change/",
        "day": f"{money}/reconciliationrun/{desk.run.pk}/change/",
    }
    like_them = {
        "orders": f"{money}/paymentorder/",
        "attempt": f"{money}/paymentattempt/{desk.attempt.pk}/change/",
        "messages": f"{money}/gatewayevent/",
        "message": f"{money}/gatewayevent/{desk.message.pk}/change/",
        "bookings": f"{money}/ledgertransaction/",
        "booking": f"{money}/ledgertransaction/{booking.pk}/change/",
        "books": f"{money}/ledgeraccount/",
        "book": f"{money}/ledgeraccount/{booking.postings.all()[0].account_id}/change/",
        "incomes": f"{money}/recognisedincome/",
        "prices": f"{money}/pricerule/",
        "merchants": f"{money}/merchantconfig/",
        "merchant": f"{money}/merchantconfig/{desk.run.merchant_id}/change/",
        "certificates": f"{money}/platformcertificate/",
        "refunds": f"{money}/refund/?waits=staff",
        "refund-stuck": f"{money}/refund/{desk.stuck_refund.pk}/change/",
        "requests": f"{money}/refundrequest/",
        "request": f"{money}/refundrequest/{desk.request.pk}/change/",
        "offer": f"{money}/balanceoffer/",
        "claims": f"{money}/offlineclaim/",
        "proofs": f"{money}/offlineproof/",
        "days": f"{money}/reconciliationrun/",
        "differences": f"{money}/reconciliationitem/",
        "difference": f"{money}/reconciliationitem/{desk.item.pk}/change/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"money-{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"money-{name}-{short}")

    walk.shows(page, f"{money}/paymentorder/{desk.order.pk}/change/", f"money-order-paid-{short}")
    for number, tab in enumerate(page.locator("a[href^='#']").all()[1:4]):
        tab.click()
        picture(page, f"money-order-tab{number}-{short}")
    walk.shows(
        page, f"{money}/paymentorder/{desk.unpaid.pk}/change/", f"money-order-unpaid-{short}"
    )
    page.get_by_text(WORDS[locale]["offline"]).first.click()
    expect(page.locator("select[name=kind]").first).to_be_visible()
    picture(page, f"money-offline-form-{short}")
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_who_leads_the_desk_opens_every_page_of_it_without_a_fault(
    chromium: Windows, address: str, chief: User, walk: Walk, locale: str
) -> None:
    team = make_team()
    billing = make_team("billing", name_zh="账单与退款", name_en="Billing")
    agents = [make_agent(name, team, billing) for name in ("小青", "小蓝", "小满")]
    chat = two_weeks(team, billing, agents)
    check = QualityCheck.objects.create(chat=chat, picked_by="system:quality sampling")
    page, faults = open_console(chromium, address, chief, locale)
    room, short = "/admin/customer_service", locale[:2]
    shown = {
        "reports": "/admin/chat/reports/",
        "holidays": "/admin/chat/holidays/",
        "agent": f"{room}/agent/{agents[0].pk}/change/",
        "chat": f"{room}/servicechat/{chat.pk}/change/",
        "macro": f"{room}/macro/add/",
        "checks": f"{room}/qualitycheck/",
    }
    like_them = {
        "teams": f"{room}/team/",
        "days": f"{room}/teamday/",
        "agents": f"{room}/agent/",
        "agent-add": f"{room}/agent/add/",
        "chats": f"{room}/servicechat/",
        "left": f"{room}/leftmessage/",
        "canned": f"{room}/cannedreply/add/",
        "tags": f"{room}/tag/",
        "log": f"{room}/agentstatuschange/",
        "promises": f"{room}/slatimer/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"desk-{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"desk-{name}-{short}")

    walk.shows(page, f"{room}/team/{team.pk}/change/", f"desk-team-{short}")
    page.get_by_text(WORDS[locale]["hours"]).first.click()
    page.get_by_role("link", name=WORDS[locale]["add_hours"]).click()
    expect(page.locator("#id_hours-0-opens")).to_be_visible()
    picture(page, f"desk-team-hours-{short}")

    walk.shows(page, f"{room}/qualitycheck/{check.pk}/change/", f"desk-check-{short}")
    page.get_by_text(WORDS[locale]["grade"]).first.click()
    page.locator("input[name=remark]").fill("态度好")
    picture(page, f"desk-check-form-{short}")
    page.get_by_role("button", name=WORDS[locale]["confirm"]).click()
    expect(page.get_by_text("态度好").first).to_be_visible()
    check.refresh_from_db()
    assert (check.attitude, check.remark) == (5, "态度好")
    assert faults == []


def test_the_board_assigns_while_staff_watches(
    chromium: Windows, address: str, chief: User, small_clinic: SmallClinic
) -> None:
    page, faults = open_console(chromium, address, chief, "zh-CN")
    page.goto("/admin/board/assignment/")
    expect(page.locator("#board-waiting tr")).to_have_count(1)
    expect(page.locator("#board-doctors")).to_contain_text("沈一鸣")
    picture(page, "board-zh")

    page.locator("#board-waiting button.primary").click()

    expect(page.locator("#board-waiting .empty")).to_be_visible()
    small_clinic.waiting.refresh_from_db()
    assert small_clinic.waiting.doctor == small_clinic.doctor
    picture(page, "board-empty-zh")
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_leave_is_entered_after_a_look_at_what_it_hits(
    chromium: Windows, address: str, chief: User, lin: Member, locale: str
) -> None:
    doctor, branch = make_doctor("沈一鸣"), make_branch()
    give_hours(doctor, branch)
    post(lin, "appointments", wish(lin, make_type(), branch))
    first, last = clinic_time(in_hours(20)), clinic_time(in_hours(40))
    page, faults = open_console(chromium, address, chief, locale)
    page.goto(f"/admin/doctors/leave/add/?doctor={doctor.doctor.pk}")
    for name, moment in (("starts_at", first), ("ends_at", last)):
        page.fill(f"input[name={name}_0]", f"{moment:%Y-%m-%d}")
        page.fill(f"input[name={name}_1]", f"{moment:%H:%M}")
        page.keyboard.press("Escape")
    page.locator("button[name=_save]").click()
    expect(page.get_by_text(WORDS[locale]["hits"]).first).to_be_visible()
    judge(page, f"leave-asks-{locale[:2]}")
    assert not Leave.objects.exists()

    page.locator("button[name=_save]").click()

    expect(page.locator("#result_list")).to_contain_text("沈一鸣")
    assert Leave.objects.count() == 1
    judge(page, f"leave-list-{locale[:2]}")
    page.goto(f"/admin/doctors/leave/{Leave.objects.get().pk}/change/")
    judge(page, f"leave-{locale[:2]}")
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_a_paper_is_reviewed_beside_its_pictures(
    chromium: Windows, address: str, chief: User, unlimited: None, locale: str
) -> None:
    doctor = make_doctor("沈一鸣")
    card = submitted(doctor, CredentialKind.ID_CARD)
    submitted(doctor, CredentialKind.PRACTICE_LICENCE)
    page, faults = open_console(chromium, address, chief, locale)

    page.goto("/admin/doctors/credential/")
    judge(page, f"credentials-{locale[:2]}")
    page.goto(f"/admin/doctors/credential/{card.pk}/change/")
    expect(page.locator(".console-pictures img")).to_have_count(2)
    for image in page.locator(".console-pictures img").all():
        assert image.evaluate("image => image.naturalWidth") > 0
    judge(page, f"credential-{locale[:2]}")
    page.locator("summary", has_text=WORDS[locale]["reject"]).click()
    judge(page, f"credential-reject-{locale[:2]}")
    page.locator("details[open] button[type=submit]").click()

    expect(page.locator(".console-pill", has_text=WORDS[locale]["rejected"])).to_be_visible()
    card.refresh_from_db()
    assert card.state == "rejected"
    assert faults == []


def test_the_language_is_switched_in_the_menu_and_stays(
    chromium: Windows, address: str, chief: User
) -> None:
    page, _faults = open_console(chromium, address, chief, "zh-CN")
    page.goto("/admin/")
    page.locator("#nav-sidebar-inner div[role=button]").last.press("Enter")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Today").first).to_be_visible()

    page.goto("/admin/doctors/doctor/")

    expect(page.get_by_text("Departments").first).to_be_visible()


def test_the_board_fits_a_phone(
    chromium: Windows, address: str, chief: User, small_clinic: SmallClinic
) -> None:
    page, _faults = open_console(chromium, address, chief, "en-US")
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto("/admin/board/assignment/")

    expect(page.locator("#board-waiting button.primary")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "board-phone-en")
