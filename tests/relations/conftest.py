"""Patients who know a doctor, made through the doors."""

from typing import Any

from django.contrib.auth.models import Group

from clinic.core.roles import Role
from clinic.relations.models import Relation
from tests.cast import Member
from tests.doctors_cast import DoctorMember


def follow(patient: Member, doctor: DoctorMember) -> str:
    """Let a patient follow a doctor; return the id under which the doctor sees him."""
    answer = patient.client.put(f"/api/v1/doctors/{doctor.doctor.public_id}/follow")
    assert answer.status_code == 200, answer.json()
    return str(Relation.objects.get(doctor=doctor.doctor, patient=patient.user).public_id)


def patients(doctor: DoctorMember, query: str = "") -> Any:
    """Return what the doctor's list of patients answers."""
    answer = doctor.client.get(f"/api/v1/doctor/patients{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def make_group(doctor: DoctorMember, name: str) -> Any:
    """Ask for a group."""
    return doctor.client.post("/api/v1/doctor/groups", {"name": name}, format="json")


def make_patient(doctor: DoctorMember) -> None:
    """Let a doctor's account be a patient's as well."""
    doctor.user.groups.add(Group.objects.get_or_create(name=Role.PATIENT.value)[0])
