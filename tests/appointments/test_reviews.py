"""A finished visit is rated once, by its patient; doctor and branch get their averages."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from appointments.models import Appointment, AppointmentStep
from clinic.core.clock import now
from clinic.notifications.models import Notice
from clinic.reviews.models import Review
from clinic.reviews.services.visibility import hide_review
from clinic.settings import rules
from doctors.models import Branch
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
Events = Callable[[], int]
ENGLISH = {"accept-language": "en"}
OPINION = {"stars": 4, "tags": ["kind"], "text": "很耐心"}


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


def visit(member: Member, branch: Branch, doctor: DoctorMember, hours: float = 24) -> Appointment:
    """Book a visit and let it take place now."""
    body = wish(member, make_type(), branch, starts_at=in_hours(hours).isoformat())
    row = row_of(post(member, "appointments", body))
    start = now()
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=end, busy_from=start, busy_until=end
    )
    assert step(doctor.member, str(row.public_id), "start").status_code == 200
    assert step(doctor.member, str(row.public_id), "finish").status_code == 200
    row.refresh_from_db()
    return row


def rate(member: Member, row: Appointment, **said: Any) -> Any:
    """Rate a visit."""
    return step(member, str(row.public_id), "review", OPINION | said)


def test_doctor_and_branch_get_the_average(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    mine, hers = visit(lin, branch, doctor), visit(ge, branch, doctor, 30)

    answer = rate(lin, mine)
    rate(ge, hers, stars=1)
    run_events()

    assert answer.status_code == 201
    assert (answer.json()["target_kind"], answer.json()["stars"]) == ("appointment", 4)
    doctor.doctor.refresh_from_db()
    branch.refresh_from_db()
    assert (doctor.doctor.rating_average, doctor.doctor.rating_count) == (Decimal("2.50"), 2)
    assert (branch.rating_average, branch.review_count) == (Decimal("2.50"), 2)
    (listed,) = lin.client.get("/api/v1/branches").json()["results"]
    assert (listed["rating_average"], listed["review_count"]) == ("2.50", 2)
    hide_review(review_id=Review.objects.get(stars=1).pk, reason="insult", by=lin.actor)
    run_events()
    branch.refresh_from_db()
    assert (branch.rating_average, branch.review_count) == (Decimal("4.00"), 1)


def test_the_rating_is_in_the_log_and_the_doctor_is_told(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = visit(lin, branch, doctor)

    rate(lin, row)

    last = AppointmentStep.objects.filter(appointment=row).latest("id")
    assert (last.act, last.before, last.after) == ("rated", "completed", "completed")
    notice = Notice.objects.get(user=doctor.user, kind="review_received")
    assert notice.params == {"stars": 4}
    url = f"/api/v1/appointments/{row.public_id}/review"
    assert lin.client.get(url).json()["review"]["text"] == "很耐心"
    assert doctor.client.get(url).json()["review"]["author"] == "林**"


def test_a_second_opinion_is_refused(lin: Member, branch: Branch, doctor: DoctorMember) -> None:
    row = visit(lin, branch, doctor)
    rate(lin, row)

    again = rate(lin, row, stars=1)

    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")
    assert AppointmentStep.objects.filter(appointment=row, act="rated").count() == 1


def test_only_a_completed_visit_is_rated_and_not_for_ever(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    body = wish(lin, make_type(), branch, starts_at=in_hours(30).isoformat())
    early = row_of(post(lin, "appointments", body))
    row = visit(lin, branch, doctor)

    assert rate(lin, early).json()["code"] == "visit_not_completed"
    Appointment.objects.filter(pk=row.pk).update(
        ended_at=now() - rules.REVIEW_WITHIN - timedelta(minutes=1)
    )
    assert rate(lin, row).json()["code"] == "visit_review_too_late"
    assert not Review.objects.exists()


def test_strangers_and_the_doctor_do_not_rate(
    lin: Member, ge: Member, wu: DoctorMember, branch: Branch, doctor: DoctorMember
) -> None:
    row = visit(lin, branch, doctor)

    assert rate(ge, row).status_code == 404
    assert rate(wu.member, row).status_code in {403, 404}
    assert rate(doctor.member, row).status_code in {403, 404}
    assert ge.client.get(f"/api/v1/appointments/{row.public_id}/review").status_code == 404
    own = lin.client.get(f"/api/v1/appointments/{row.public_id}/review")
    assert own.json() == {"review": None}
    assert not Review.objects.exists()


@pytest.mark.parametrize("bad", [{"stars": 0}, {"stars": 6}, {"tags": ["nice"]}, {"stars": "x"}])
def test_bad_opinions_are_refused(
    lin: Member, branch: Branch, doctor: DoctorMember, bad: dict[str, Any]
) -> None:
    row = visit(lin, branch, doctor)

    assert rate(lin, row, **bad).status_code == 400
    assert not Review.objects.exists()
