"""The doctors of the cast: Shen and Wu, certified, licensed, open and online."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from doctors.enums import Certification, IdentityMethod, Level, PresenceState
from doctors.models import Department, Doctor, DoctorPresence, IdentityCheck
from tests.cast import Member, make_member


@dataclass(frozen=True)
class DoctorMember:
    """A doctor of the cast: the account with its client, and the doctor's row."""

    member: Member
    doctor: Doctor

    @property
    def client(self) -> APIClient:
        """A client logged in as the doctor."""
        return self.member.client

    @property
    def actor(self) -> Actor:
        """The actor for services."""
        return self.member.actor

    @property
    def user(self) -> User:
        """The account."""
        return self.member.user


def make_department(code: str = "tcm-internal", name: str = "中医内科") -> Department:
    """Return the department with this code; made when missing."""
    return Department.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_doctor(
    name: str = "沈一鸣",
    *,
    department: Department | None = None,
    level: str = Level.ATTENDING,
    online: bool = True,
    proved: bool = True,
    **profile: Any,
) -> DoctorMember:
    """Store a doctor who may work, log him in and let him prove who he is.

    ``profile`` sets any field of his row.
    """
    member = make_member(name, Role.DOCTOR)
    moment = now()
    fields: dict[str, Any] = {
        "certification": Certification.CERTIFIED,
        "licence_valid_until": clinic_day(moment) + timedelta(days=365),
        "is_service_open": True,
        "is_on_duty": online,
        **profile,
    }
    doctor = Doctor.objects.create(
        user=member.user,
        name=name,
        level=level,
        department=department or make_department(),
        **fields,
    )
    state = PresenceState.ONLINE if online else PresenceState.OFFLINE
    DoctorPresence.objects.create(
        doctor=doctor, state=state, heartbeat_at=moment, changed_at=moment
    )
    if proved:
        # As the service would, without its six statements: half of all tests have a doctor.
        IdentityCheck.objects.create(
            doctor=doctor, method=IdentityMethod.PASSWORD, passed_at=moment
        )
    return DoctorMember(member, doctor)


@pytest.fixture
def shen(db: None) -> DoctorMember:
    """The doctor."""
    return make_doctor("沈一鸣")


@pytest.fixture
def wu(db: None) -> DoctorMember:
    """Another doctor of the same department and level."""
    return make_doctor("吴静")
