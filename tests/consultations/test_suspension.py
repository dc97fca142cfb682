"""A suspended doctor is out at once: refused by request and socket; others serve his patients."""

from collections.abc import Callable

import pytest

from clinic.accounts.services.accounts import suspend_account
from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.realtime.threads import in_thread
from consultations.models import Consultation
from consultations.services.assignment import assign_doctor
from consultations.services.timers import run_timers
from doctors.services.standing import restore, suspend
from tests.cast import Member
from tests.consultations.conftest import Desk, post, waiting_case
from tests.doctors_cast import DoctorMember, make_doctor
from tests.live import LiveServer, phone


@pytest.mark.django_db
def test_a_suspended_doctor_is_refused_and_his_patients_go_to_others(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, an: Member,
    breaches: Callable[[], list[str]],
) -> None:  # fmt: skip
    running, offered = desk.accepted(lin, shen), desk.paid(ge)
    other = make_doctor("吴清")

    suspend(doctor_id=shen.doctor.pk, reason="complaint", by=an.actor)
    refused = post(shen.member, f"consultations/{offered}/accept")
    desk.run_events()

    assert refused.status_code == 403
    assert shen.client.get("/api/v1/consultations").status_code == 403
    cases = Consultation.objects.filter(public_id__in=[running, offered])
    assert set(cases.values_list("doctor_id", flat=True)) == {other.doctor.pk}
    assert breaches() == []


@pytest.mark.django_db
def test_the_sweep_takes_patients_from_a_suspended_doctor_when_the_event_is_lost(
    desk: Desk, lin: Member, shen: DoctorMember, an: Member
) -> None:
    public_id = desk.accepted(lin, shen)
    suspend(doctor_id=shen.doctor.pk, reason="complaint", by=an.actor)
    OutboxEvent.objects.all().delete()

    assert run_timers()["suspended"] == 1

    assert (desk.state(public_id), desk.row(public_id).doctor_id) == ("waiting_assignment", None)


@pytest.mark.django_db
def test_the_sweep_takes_patients_from_a_doctor_whose_account_is_switched_off(
    desk: Desk, lin: Member, shen: DoctorMember, an: Member
) -> None:
    public_id = desk.accepted(lin, shen)
    suspend_account(user_id=shen.user.pk, by=an.actor, now=now(), reason="left")

    assert run_timers()["suspended"] == 1

    assert (desk.state(public_id), desk.row(public_id).doctor_id) == ("waiting_assignment", None)


@pytest.mark.django_db
def test_a_restored_doctor_works_again(desk: Desk, shen: DoctorMember, an: Member) -> None:
    suspend(doctor_id=shen.doctor.pk, reason="complaint", by=an.actor)
    restore(doctor_id=shen.doctor.pk, by=an.actor)

    assert post(shen.member, "doctor/presence", {"state": "online"}).status_code == 200


@pytest.mark.django_db(transaction=True)
async def test_the_open_socket_of_a_suspended_doctor_closes(
    live_server_ws: LiveServer, lin: Member, shen: DoctorMember, an: Member,
    run_events: Callable[[], int],
) -> None:  # fmt: skip
    case = await in_thread(waiting_case, lin)
    await in_thread(assign_doctor, case.pk)

    async with phone(live_server_ws, shen.member) as device:
        await in_thread(suspend, doctor_id=shen.doctor.pk, reason="complaint", by=an.actor)
        await in_thread(run_events)
        assert await device.closed() == 4401
