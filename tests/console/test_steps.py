"""Things with states move by steps that call the services, and only for the right roles."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from clinic.core.actor import Actor
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from consultations.enums import HoldReason, State
from consultations.models import Transfer
from consultations.services.acceptance import accept
from consultations.services.holds import hold
from doctors.enums import DoctorStatus
from tests.cast import Member, make_member
from tests.console.conftest import SmallClinic, browser
from tests.doctors_cast import make_doctor

HOUR = timedelta(hours=1)


def page_of(client: Client, row: Model) -> Any:
    """Open the page of a row."""
    name = f"{row._meta.app_label}_{row._meta.model_name}"
    return client.get(reverse(f"admin:{name}_change", args=[row.pk]))


def take(client: Client, row: Model, step: str, **answers: Any) -> Any:
    """Press the button of a step and follow to the page with the message."""
    name = f"{row._meta.app_label}_{row._meta.model_name}"
    address = reverse(f"admin:{name}_step", args=[row.pk, step])
    return client.post(address, answers, follow=True)


def press(client: Client, row: Model, step: str, **answers: Any) -> Any:
    """Press the button of a step and do not look at the page that follows: it takes long."""
    name = f"{row._meta.app_label}_{row._meta.model_name}"
    answer = client.post(reverse(f"admin:{name}_step", args=[row.pk, step]), answers)
    client.cookies.pop("messages", None)  # the next page tells of its own step only
    return answer


def test_every_page_of_a_thing_opens(desk: Client, small_clinic: SmallClinic) -> None:
    for row in (
        small_clinic.waiting,
        small_clinic.order,
        small_clinic.doctor,
        small_clinic.doctor.department,
        small_clinic.person,
        small_clinic.conversation,
        small_clinic.review,
        small_clinic.patient.user,
    ):
        assert page_of(desk, row).status_code == 200, row


def test_the_page_of_a_case_ends_with_the_way_back(desk: Client, small_clinic: SmallClinic) -> None:
    for language, way_back, act in (
        ("en", "Back to the list", "Close"),
        ("zh-hans", "返回列表", "关闭"),
    ):
        desk.cookies["django_language"] = language
        page = page_of(desk, small_clinic.waiting).content.decode()
        row = page[page.index('id="submit-row"') :]
        assert way_back in row
        assert act not in row.split("</form>")[0]


def test_states_cannot_be_edited_by_form(desk: Client, small_clinic: SmallClinic) -> None:
    address = reverse("admin:consultations_consultation_change", args=[small_clinic.waiting.pk])

    answer = desk.post(address, {"state": State.COMPLETED})

    assert answer.status_code == 403
    small_clinic.waiting.refresh_from_db()
    assert small_clinic.waiting.state == State.WAITING_ASSIGNMENT


def test_a_step_is_not_taken_by_following_a_link(desk: Client, small_clinic: SmallClinic) -> None:
    address = reverse(
        "admin:consultations_consultation_step", args=[small_clinic.waiting.pk, "close"]
    )

    assert desk.get(address).status_code == 405


def test_a_case_is_assigned_returned_and_closed(desk: Client, small_clinic: SmallClinic) -> None:
    case = small_clinic.waiting

    take(desk, case, "assign")
    case.refresh_from_db()
    assert case.state == State.WAITING_ACCEPT

    take(desk, case, "return")
    case.refresh_from_db()
    assert case.state == State.WAITING_ASSIGNMENT
    assert case.doctor is None

    page = take(desk, case, "close")
    case.refresh_from_db()
    assert case.state == State.REFUNDED_CLOSED
    assert "Done: Refund and close" in page.content.decode()


def test_a_step_that_is_not_possible_tells_why(desk: Client, small_clinic: SmallClinic) -> None:
    page = take(desk, small_clinic.waiting, "return")

    assert "this step is not possible" in page.content.decode()


def test_finance_reads_cases_but_neither_moves_them_nor_sees_medical_text(
    small_clinic: SmallClinic,
) -> None:
    client = browser(make_member("财务", Role.FINANCE, is_staff=True).user)

    page = page_of(client, small_clinic.waiting)

    assert page.status_code == 200
    assert small_clinic.waiting.complaint not in page.content.decode()
    assert take(client, small_clinic.waiting, "close").status_code == 403


def test_reading_medical_text_and_conversations_is_noted(
    small_clinic: SmallClinic, bao: Member
) -> None:
    client = browser(bao.user)

    page = page_of(client, small_clinic.waiting)
    page_of(client, small_clinic.conversation)

    assert small_clinic.waiting.complaint in page.content.decode()
    verbs = set(AuditEntry.objects.filter(actor=bao.actor.label).values_list("verb", flat=True))
    assert {"consultation.read", "conversation.read"} <= verbs


def test_doctors_are_suspended_and_restored(desk: Client, small_clinic: SmallClinic) -> None:
    doctor = small_clinic.doctor
    told = "The doctor has no appointments ahead"
    assert told in page_of(desk, doctor).content.decode()

    take(desk, doctor, "suspend", reason="absence")
    doctor.refresh_from_db()
    assert doctor.status == DoctorStatus.SUSPENDED

    take(desk, doctor, "restore")
    doctor.refresh_from_db()
    assert doctor.status == DoctorStatus.ACTIVE


def test_what_the_database_refuses_is_told_not_thrown(
    desk: Client, small_clinic: SmallClinic
) -> None:
    doctor = small_clinic.doctor
    answer = desk.post(
        reverse("admin:doctors_doctor_change", args=[doctor.pk]),
        {
            "name": doctor.name,
            "gender": doctor.gender,
            "department": doctor.department_id,
            "level": doctor.level,
            "max_consultations": "3",
            "hours-TOTAL_FORMS": "2",
            "hours-INITIAL_FORMS": "0",
            "hours-0-weekday": "0",
            "hours-0-start": "09:00",
            "hours-0-end": "12:00",
            "hours-1-weekday": "0",
            "hours-1-start": "11:00",
            "hours-1-end": "13:00",
            "work_rules-TOTAL_FORMS": "0",
            "work_rules-INITIAL_FORMS": "0",
        },
        follow=True,
    )

    assert answer.status_code == 200
    assert "overlap" in answer.content.decode()
    doctor.refresh_from_db()
    assert doctor.max_consultations is None


def test_roles_are_granted_by_the_service(desk: Client, lin: Member) -> None:
    take(desk, lin.user, "grant", role=Role.FINANCE)

    lin.user.refresh_from_db()
    assert lin.user.is_staff
    assert AuditEntry.objects.filter(verb="grant_role").exists()


def test_nobody_grants_himself_a_role(an: Member) -> None:
    page = take(browser(an.user), an.user, "grant", role=Role.FINANCE)

    assert "cannot change your own roles" in page.content.decode()


def test_reviews_are_hidden_and_shown(desk: Client, small_clinic: SmallClinic) -> None:
    review = small_clinic.review

    take(desk, review, "hide", reason="insult")
    review.refresh_from_db()
    assert review.visibility == "hidden"

    take(desk, review, "show")
    review.refresh_from_db()
    assert review.visibility == "visible"


def test_former_texts_are_shown_to_whom_may_read_and_to_nobody_else(
    small_clinic: SmallClinic, bao: Member
) -> None:
    talk, patient = small_clinic.conversation, small_clinic.patient
    base = f"/api/v1/conversations/{talk.public_id}/messages"
    body = {"cid": "1", "body": "原来的话"}
    sent = patient.client.post(base, body, format="json").json()
    patient.client.delete(f"{base}/{sent['message_id']}")
    finance = make_member("财务", Role.FINANCE, is_staff=True)

    assert "原来的话" in page_of(browser(bao.user), talk).content.decode()
    assert "原来的话" not in page_of(browser(finance.user), talk).content.decode()


def test_a_case_is_offered_to_a_colleague_and_its_hold_is_ended(
    desk: Client, small_clinic: SmallClinic
) -> None:
    case, colleague = small_clinic.waiting, make_doctor("罗成")
    take(desk, case, "assign-to", doctor=small_clinic.doctor.pk, reason="he knows her")
    accept(case.pk, actor=Actor(kind="user", user_id=small_clinic.doctor.user_id))
    hold(case.pk, actor=small_clinic.patient.actor, reason=HoldReason.EXAMINATION, wanted=HOUR)

    offered = take(desk, case, "transfer", doctor=colleague.doctor.pk)
    resumed = take(desk, case, "resume")

    case.refresh_from_db()
    assert case.held_since is None
    offer = Transfer.objects.get()
    assert (offer.state, offer.to_doctor_id) == ("offered", colleague.doctor.pk)
    assert "Done: Offer to a colleague" in offered.content.decode()
    assert "Done: End the hold" in resumed.content.decode()
    assert {"transfer", "resume"} <= set(AuditEntry.objects.values_list("verb", flat=True))
    assert "罗成" in page_of(desk, case).content.decode()
