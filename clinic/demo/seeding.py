"""Demo data: a small clinic with staff, doctors, prices and two patients. Safe to run again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from clinic import records
from clinic.accounts.models import User
from clinic.accounts.services.roles import grant_role
from clinic.core.actor import system_actor
from clinic.core.roles import Role
from clinic.demo.case_seeding import seed_cases
from clinic.demo.complaint_seeding import seed_complaints
from clinic.demo.credential_seeding import seed_credentials
from clinic.demo.desk_people import AGENTS
from clinic.demo.desk_seeding import seed_desk
from clinic.demo.document_seeding import seed_documents
from clinic.demo.people import (
    BRANCHES,
    CHILDREN,
    DEPARTMENTS,
    DOCTORS,
    PRICES_FEN,
    DemoDoctor,
)
from clinic.demo.person_seeding import make_ready
from clinic.demo.phrase_seeding import seed_phrases
from clinic.demo.privacy_seeding import seed_wishes
from clinic.demo.visit_seeding import seed_visits
from clinic.patients.enums import RealName, Relation
from clinic.patients.models import VisitPerson
from clinic.patients.rules import check_digit
from clinic.patients.services.persons import NewPerson, add_person_for
from clinic.records.enums import CodeSystem
from clinic.records.models import DiagnosisCode
from clinic.records.services.importing import import_codes
from doctors.models import Branch, Department, Doctor, DoctorPresence
from payments.models import PriceRule
from payments.services.merchants import ensure_embedded_merchant

SEEDER = system_actor("demo data")
PASSWORD = "Xiangcao-2026"  # noqa: S105 printed at start; seed_demo runs in the sandbox alone
STAFF = (
    (Role.ADMIN, "安宁", "13800000001"),
    (Role.PHARMACIST, "姚本草", "13800000003"),
    (Role.FINANCE, "钱进", "13800000004"),
    (Role.AUDITOR, "严明", "13800000005"),
)
PATIENTS = (("林小月", "13700000001"), ("葛明", "13700000002"))
CASHIER = "13800000004"
FIRST_DOCTOR_PHONE = 13600000001
CODE_FILES = Path(records.__file__).parent / "data"
DEMO_CODES = {
    CodeSystem.TCM_DISEASE: "demo",
    CodeSystem.TCM_PATTERN: "demo",
    CodeSystem.ICD10: "ICD-10 (demo)",
}
TEXT_SERVICE, PHONE_SERVICE = "text_consultation", "phone_consultation"
PHONE_PRICE_FEN = 6900


@dataclass(frozen=True, slots=True)
class Login:
    """One line of the list that ``up`` prints."""

    role: str
    name: str
    phone: str
    password: str


def seed(now: datetime) -> list[Login]:
    """Store whatever of the demo data is missing, and return the logins."""
    with transaction.atomic():
        departments = _departments()
        branches = [_branch(*place) for place in BRANCHES]
        _prices(now)
        logins = [_staff(role, name, phone) for role, name, phone in STAFF]
        logins += _desk()
        for number, profile in enumerate(DOCTORS):
            phone = str(FIRST_DOCTOR_PHONE + number)
            department = departments[profile.department]
            logins.append(_doctor(profile, phone, department, branches[number % 2]))
        logins += [_patient(name, phone, now) for name, phone in PATIENTS]
        _credentials(now)
        seed_visits(now, by=SEEDER)
        _ready(now)
        _diagnosis_codes()
        seed_phrases()
        staff = _staff_accounts()
        seed_cases(now, cashier=staff[CASHIER])
        seed_complaints(staff, now=now)
        seed_documents(now)
        seed_wishes(now)
    ensure_embedded_merchant()
    return logins


def write_logins(logins: list[Login], data_dir: Path) -> None:
    """Leave the logins where ``up`` finds them."""
    document = json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1)
    (data_dir / "demo_logins.json").write_text(document, encoding="utf-8")


def is_sandbox() -> bool:
    """Say whether demo accounts with a known password may exist here."""
    return bool(getattr(settings, "IS_SANDBOX", False))


def _departments() -> dict[str, Department]:
    return {
        code: Department.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "position": position,
                "sees_children": code == CHILDREN,
            },
        )[0]
        for position, (code, name) in enumerate(DEPARTMENTS)
    }


def _branch(code: str, name: str, address: str, phone: str) -> Branch:
    values = {"code": code, "address": address, "phone": phone}
    return Branch.objects.get_or_create(name=name, defaults=values)[0]


def _prices(now: datetime) -> None:
    priced = [(TEXT_SERVICE, *price) for price in PRICES_FEN]
    priced.append((PHONE_SERVICE, "global", "", PHONE_PRICE_FEN))
    for service, scope, level, amount_fen in priced:
        target = {"service": service, "scope": scope, "level": level}
        if not PriceRule.objects.filter(**target).exists():  # staff may have replaced it since
            PriceRule.objects.create(
                **target, amount_fen=amount_fen, valid_from=now - timedelta(days=1)
            )


def _account(phone: str, name: str, role: Role) -> tuple[User, bool]:
    user = User.objects.filter(phone=f"+86{phone}").first()
    if user is not None:
        return user, False
    user = User.objects.create_user(phone=f"+86{phone}", password=PASSWORD, name=name)
    grant_role(user=user, role=role, by=SEEDER)
    return user, True


def _staff(role: Role, name: str, phone: str) -> Login:
    user, _created = _account(phone, name, role)
    if role == Role.ADMIN and not user.is_superuser:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    return Login(role.value, name, phone, PASSWORD)


def _staff_accounts() -> dict[str, User]:
    phones = [phone for _role, _name, phone in STAFF] + [one.phone for one in AGENTS]
    rows = User.objects.filter(phone__in=[f"+86{phone}" for phone in phones])
    return {str(user.phone).removeprefix("+86"): user for user in rows}


def _desk() -> list[Login]:
    """Agents and what they work with; the first one is the supervisor."""
    role = Role.CUSTOMER_SERVICE
    accounts = [(one, _account(one.phone, one.name, role)[0]) for one in AGENTS]
    seed_desk(accounts, by=SEEDER)
    return [Login(role.value, one.name, one.phone, PASSWORD) for one in AGENTS]


def _doctor(profile: DemoDoctor, phone: str, department: Department, branch: Branch) -> Login:
    user, created = _account(phone, profile.name, Role.DOCTOR)
    if created:
        doctor = Doctor.objects.create(
            user=user,
            name=profile.name,
            gender=profile.gender,
            hospital=profile.hospital,
            department=department,
            branch=branch,
            level=profile.level,
            description=profile.description,
            is_service_open=True,
            text_price_fen=profile.text_price_fen,
            is_phone_open=True,
        )
        DoctorPresence.objects.create(doctor=doctor)
    return Login(Role.DOCTOR.value, profile.name, phone, PASSWORD)


def _diagnosis_codes() -> None:
    """A few codes per table to try things with; those of TCM are numbered for the demo alone."""
    for system, edition in DEMO_CODES.items():
        if DiagnosisCode.objects.filter(system=system).exists():
            continue
        with (CODE_FILES / f"{system}.csv").open(encoding="utf-8") as lines:
            import_codes(lines, system=system, edition=edition)


def _credentials(now: datetime) -> None:
    """Certify the doctors; what they hand in goes through the services of everybody."""
    phones = [f"+86{FIRST_DOCTOR_PHONE + number}" for number in range(len(DOCTORS))]
    doctors = Doctor.objects.select_related("user").filter(user__phone__in=phones)
    for number, doctor in enumerate(doctors.order_by("pk")):
        seed_credentials(doctor, number, by=SEEDER, now=now)


def _patient(name: str, phone: str, now: datetime) -> Login:
    user, created = _account(phone, name, Role.PATIENT)
    if created:
        told = NewPerson(name=name, relation=Relation.SELF, id_number=_id_number(phone))
        add_person_for(user.pk, actor=SEEDER, told=told, now=now)
    return Login(Role.PATIENT.value, name, phone, PASSWORD)


def _id_number(phone: str) -> str:
    """Return a number of nobody: a woman born in 1990, told apart by the end of her phone."""
    head = f"11010119900520{int(phone[-2:]):02d}2"
    return head + check_digit(head)


def _ready(now: datetime) -> None:
    """Let everybody of the demo order at once; what they revoked since stays revoked."""
    make_ready(list(VisitPerson.objects.filter(real_name_state=RealName.NONE)), now)
