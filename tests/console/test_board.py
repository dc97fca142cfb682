"""The assignment board shows the queue as it is and assigns through the normal service."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from clinic.core.clock import now
from clinic.core.jobs import note_run
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from consultations.enums import State
from consultations.models import AssignmentAttempt, Consultation
from doctors.models import DoctorPresence
from tests.cast import Member, make_member
from tests.console.conftest import SmallClinic, browser, make_waiting

ASSIGN = "/admin/board/assignment/assign/"
STATE = "/admin/board/assignment/state/"


def _assign(client: Client, **wish: Any) -> Any:
    if "doctor" in wish:
        wish = {"reason": "he knows her"} | wish
    return client.post(ASSIGN, json.dumps(wish), content_type="application/json")


def test_the_board_shows_who_waits_and_who_could_take_him(
    desk: Client, small_clinic: SmallClinic
) -> None:
    state = desk.get(STATE).json()

    (row,) = state["waiting"]
    assert row["id"] == str(small_clinic.waiting.public_id)
    assert 355 <= row["waited"] <= 400
    assert row["level"] == 1
    assert row["reason"] == "Not tried yet"
    doctors = {doctor["name"]: doctor for doctor in state["doctors"]}
    assert doctors["沈一鸣"]["open"] is True
    assert doctors["吴静"]["open"] is False
    assert doctors["吴静"]["load"] == 1


def test_the_page_opens_with_the_first_state_in_it(desk: Client, small_clinic: SmallClinic) -> None:
    page = desk.get(reverse("assignment-board"))

    assert page.status_code == 200
    assert str(small_clinic.waiting.public_id) in page.content.decode()


def test_assign_now_gives_the_case_to_the_free_doctor(
    desk: Client, small_clinic: SmallClinic
) -> None:
    told = _assign(desk, consultation=str(small_clinic.waiting.public_id)).json()

    small_clinic.waiting.refresh_from_db()
    assert told["ok"] is True
    assert told["state"]["waiting"] == []
    assert small_clinic.waiting.state == State.WAITING_ACCEPT
    assert small_clinic.waiting.doctor == small_clinic.doctor
    assert AssignmentAttempt.objects.get().trigger == "staff"


def test_a_named_doctor_gets_the_case_also_when_offline(
    desk: Client, small_clinic: SmallClinic
) -> None:
    presence = small_clinic.doctor.presence
    presence.state = "offline"
    presence.save()
    there, away = desk.get(STATE).json()["doctors"]
    assert (there["name"], away["name"], away["presence"]) == ("吴静", "沈一鸣", "offline")
    wish = {"consultation": str(small_clinic.waiting.public_id), "doctor": away["id"]}

    unexplained = _assign(desk, **wish, reason=" ")
    told = _assign(desk, **wish).json()

    assert (unexplained.status_code, unexplained.json()["text"]) == (
        400,
        "Say why it is this doctor.",
    )

    small_clinic.waiting.refresh_from_db()
    assert told["ok"] is True
    assert small_clinic.waiting.doctor == small_clinic.doctor
    small_clinic.doctor.refresh_from_db()
    assert small_clinic.doctor.current_consultation_count == 1
    assert AuditEntry.objects.filter(verb="assign").exists()


def test_a_full_doctor_is_refused_with_a_sentence(desk: Client, small_clinic: SmallClinic) -> None:
    answer = _assign(
        desk,
        consultation=str(small_clinic.waiting.public_id),
        doctor=str(small_clinic.full_doctor.public_id),
    )

    assert answer.status_code == 409
    assert "cannot take the case" in answer.json()["text"]
    small_clinic.waiting.refresh_from_db()
    assert small_clinic.waiting.state == State.WAITING_ASSIGNMENT


def test_the_reason_of_the_last_try_is_told(desk: Client, small_clinic: SmallClinic) -> None:
    small_clinic.doctor.presence.delete()

    told = _assign(desk, consultation=str(small_clinic.waiting.public_id)).json()

    assert told["ok"] is False
    assert told["state"]["waiting"][0]["tries"] == 1
    assert told["state"]["waiting"][0]["reason"] == told["text"]


def test_the_auditor_watches_and_the_patient_does_not(
    small_clinic: SmallClinic, lin: Member
) -> None:
    auditor = browser(make_member("审计", Role.AUDITOR, is_staff=True).user)

    assert auditor.get(STATE).json()["mayAssign"] is False
    assert _assign(auditor, consultation=str(small_clinic.waiting.public_id)).status_code == 403
    assert browser(lin.user).get(STATE).status_code == 302
    finance = browser(make_member("财务", Role.FINANCE, is_staff=True).user)
    assert finance.get(STATE).status_code == 403
    assert finance.get(reverse("assignment-board")).status_code == 403


def test_hostile_wishes_are_refused(desk: Client, small_clinic: SmallClinic) -> None:
    for body in ("", "[]", "null", '{"consultation": 1}', '{"consultation": "x"}', "{"):
        answer = desk.post(ASSIGN, body, content_type="application/json")
        assert answer.status_code == 404, body


def test_the_board_asks_the_same_number_of_queries_for_more_rows(
    desk: Client, small_clinic: SmallClinic, django_assert_max_num_queries: Any
) -> None:
    for index in range(6):
        make_waiting(make_member(f"病人{index}", Role.PATIENT), small_clinic.person, minutes=index)

    with django_assert_max_num_queries(14):
        assert len(desk.get(STATE).json()["waiting"]) == 7


def test_of_two_who_take_a_case_in_hand_one_gets_it(
    desk: Client, small_clinic: SmallClinic, bao: Member
) -> None:
    wish, other = {"consultation": str(small_clinic.waiting.public_id)}, browser(bao.user)

    taken = _hands(desk, wish)
    late = _hands(other, wish)

    assert taken.json()["state"]["waiting"][0]["isMine"] is True
    assert (late.status_code, late.json()["text"]) == (409, "This case is not in your hands.")
    assert other.get(STATE).json()["waiting"][0]["inHand"] == "总管"
    assert _hands(other, wish | {"takes": False}).status_code == 409
    assert _hands(desk, wish | {"takes": False}).json()["state"]["waiting"][0]["inHand"] == ""
    assert _hands(other, wish).status_code == 200
    auditor = browser(make_member("审计", Role.AUDITOR, is_staff=True).user)
    assert _hands(auditor, wish).status_code == 403


def _hands(client: Client, wish: dict[str, Any]) -> Any:
    body = json.dumps(wish)
    return client.post("/admin/board/assignment/hands/", body, content_type="application/json")


def test_a_full_doctor_takes_one_more_for_a_reason_that_is_kept(
    desk: Client, small_clinic: SmallClinic
) -> None:
    wish = {
        "consultation": str(small_clinic.waiting.public_id),
        "doctor": str(small_clinic.full_doctor.public_id),
        "beyond": True,
    }

    assert _assign(desk, **wish, reason="").status_code == 400
    told = _assign(desk, **wish, reason="患者急，其他医生离线").json()

    small_clinic.waiting.refresh_from_db()
    small_clinic.full_doctor.refresh_from_db()
    assert told["ok"] is True
    assert small_clinic.waiting.doctor == small_clinic.full_doctor
    assert small_clinic.full_doctor.current_consultation_count == 2
    assert small_clinic.full_doctor.place_limit == 2
    notes = AuditEntry.objects.filter(verb__in=["assign", "doctor.make_room"])
    assert {entry.note["reason"] for entry in notes} == {"患者急，其他医生离线"}


def test_the_board_warns_of_full_doctors_and_jobs_that_did_not_run(
    desk: Client, small_clinic: SmallClinic
) -> None:
    small_clinic.doctor.presence.delete()
    note_run("consultations.run_timers", ms=3, error=None, moment=now())

    warnings = [one["text"] for one in desk.get(STATE).json()["warnings"]]

    assert warnings[0] == "Every doctor who is online is full."
    assert warnings[1] == "Near or at the limit (1): 吴静"
    assert warnings[2].startswith("Late jobs")
    assert "consultation-timers" not in warnings[2]


def test_a_patient_who_waits_long_is_shown_as_overdue_also_right_after_an_offer(
    desk: Client, small_clinic: SmallClinic
) -> None:
    _assign(desk, consultation=str(small_clinic.waiting.public_id))
    since = now() - timedelta(minutes=16)
    Consultation.objects.filter(pk=small_clinic.waiting.pk).update(paid_at=since)

    (row,) = desk.get(STATE).json()["overdue"]

    assert (row["what"], row["doctor"], row["level"]) == ("has not accepted", "沈一鸣", 2)


def test_waits_tries_and_jobs_are_counted_on_their_page(
    desk: Client, small_clinic: SmallClinic, django_assert_max_num_queries: Any
) -> None:
    presence = small_clinic.doctor.presence
    DoctorPresence.objects.filter(pk=presence.pk).update(state="offline")
    _assign(desk, consultation=str(small_clinic.waiting.public_id))
    DoctorPresence.objects.filter(pk=presence.pk).update(state="online")
    _assign(desk, consultation=str(small_clinic.waiting.public_id))
    note_run("doctors.expire_presence", ms=9, error=ValueError("x"), moment=now())

    with django_assert_max_num_queries(24):
        page = desk.get("/admin/board/assignment/figures/")

    text = page.content.decode()
    assert page.context["whole"]["cases"] == 1
    assert 360 <= _seconds(page.context["whole"]["median"]) <= 420
    assert page.context["success"].fruitless_percent == 50.0
    assert "ValueError" in text
    assert [one["row"].outcome for one in page.context["tries"]] == ["waiting"]


def _seconds(shown: str) -> int:
    minutes, seconds = shown.split(":")
    return 60 * int(minutes) + int(seconds)
