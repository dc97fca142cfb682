"""What the two people of a case see on their sockets."""

from collections.abc import Callable

import pytest

from clinic.realtime.threads import in_thread
from consultations.services import acceptance, closing
from consultations.services.assignment import assign_doctor
from tests.cast import Member
from tests.consultations.conftest import RECORD, waiting_case
from tests.doctors_cast import DoctorMember
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db(transaction=True)


async def test_both_see_assignment_acceptance_and_end(
    live_server_ws: LiveServer, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    case = await in_thread(waiting_case, lin)

    async with phone(live_server_ws, lin) as a, phone(live_server_ws, shen.member) as b:
        await in_thread(assign_doctor, case.pk)
        for device in (a, b):
            frame = await device.hear("assigned")
            assert frame["id"] == str(case.public_id)
            assert frame["doctor_id"] == str(shen.doctor.public_id)
            assert frame["conversation_id"]
        assert (await a.hear("consultation", state="waiting_accept"))["status"] == 0
        await in_thread(acceptance.accept, case.pk, actor=shen.actor)
        for device in (a, b):
            assert (await device.hear("consultation", state="in_progress"))["status"] == 1
        signed = {"told": RECORD, "fits_revisit": True}
        await in_thread(closing.complete, case.pk, actor=shen.actor, **signed)
        for device in (a, b):
            assert (await device.hear("consultation", state="completed"))["status"] == 2
        assert (await a.hear("notice", kind="consultation_completed"))["subject_id"]


async def test_a_doctor_who_returns_a_case_sees_it_leave(
    live_server_ws: LiveServer, lin: Member, shen: DoctorMember
) -> None:
    case = await in_thread(waiting_case, lin)
    await in_thread(assign_doctor, case.pk)

    async with phone(live_server_ws, lin) as a, phone(live_server_ws, shen.member) as b:
        await in_thread(acceptance.decline, case.pk, actor=shen.actor, why="busy")
        assert await b.hear("consultation", state="withdrawn")
        assert (await a.hear("consultation", state="waiting_assignment"))["doctor_id"] is None
