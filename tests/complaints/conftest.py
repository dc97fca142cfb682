"""Complaints made through the doors, and staff who works on them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinic.complaints.models import Complaint
from clinic.core.roles import Role
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.consultations.conftest import Desk, breaches, desk, post
from tests.doctors_cast import DoctorMember
from tests.files import samples
from tests.files.conftest import unlimited

__all__ = ["breaches", "desk", "unlimited"]
TEXT = "等了很久才回复，回复只有两个字。"


def complain(patient: Member, subject_id: str, **told: Any) -> Any:
    """Ask for a complaint about a consultation."""
    body = {"subject": "consultation", "subject_id": subject_id, "kind": "late", "text": TEXT}
    return post(patient, "complaints", body | told)


def complained(patient: Member, subject_id: str, **told: Any) -> Complaint:
    """Return a new complaint."""
    answer = complain(patient, subject_id, **told)
    assert answer.status_code == 201, answer.json()
    return Complaint.objects.get(public_id=answer.json()["id"])


def seen(member: Member, complaint: Complaint) -> Any:
    """Return what the patient sees of his complaint."""
    answer = member.client.get(f"/api/v1/complaints/{complaint.public_id}")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def upload(patient: Member) -> str:
    """Upload a picture for a complaint; return its id."""
    form = {"file": SimpleUploadedFile("a.png", samples.image()), "purpose": "complaint"}
    answer = patient.client.post("/api/v1/files", form, format="multipart")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def notices(member: Member) -> list[str]:
    """Return the kinds of a person's notices, the newest first."""
    answer = member.client.get("/api/v1/notices")
    assert answer.status_code == 200, answer.json()
    return [notice["kind"] for notice in answer.json()["results"]]


@pytest.fixture
def case(desk: Desk, lin: Member, shen: DoctorMember) -> str:
    """A completed consultation of Lin's with Shen; it cost 39 yuan."""
    return desk.completed(lin, shen)


@pytest.fixture
def agent(bao: Member) -> Client:
    """The console of customer service."""
    return browser(bao.user)


@pytest.fixture
def chief(an: Member) -> Client:
    """The console of the administrator."""
    return browser(an.user)


@pytest.fixture
def other_agent(db: None) -> Member:
    """Another agent."""
    return make_member("鲍文", Role.CUSTOMER_SERVICE, is_staff=True)
