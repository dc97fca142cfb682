"""Papers of doctors as they hand them in, with real pictures."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day, now
from doctors.enums import REQUIRED_CREDENTIALS, CredentialKind
from doctors.models import Credential
from doctors.services.credentials import approve
from tests.doctors_cast import DoctorMember

CREDENTIALS = "/api/v1/doctor/credentials"
ID_NUMBER = "110101199003072623"
REVIEWER = system_actor("test reviewer")
FIELDS: dict[str, dict[str, Any]] = {
    CredentialKind.QUALIFICATION: {"number": "200011110110101199003072623"},
    CredentialKind.PRACTICE_LICENCE: {
        "number": "110110000012345", "scope": "中医专业", "practising_since": "2015-07-01",
    },
    CredentialKind.ID_CARD: {"number": ID_NUMBER},
    CredentialKind.PORTRAIT: {},
    CredentialKind.TITLE: {"number": "T-1"},
    CredentialKind.MULTI_SITE: {"number": "F-1", "institution": "香草二店"},
}  # fmt: skip
WITH_END = (CredentialKind.PRACTICE_LICENCE, CredentialKind.MULTI_SITE)


def picture(turned: bool = False) -> bytes:
    """A picture with a slope of light, or its mirror image: two faces to the simulator."""
    slope = Image.linear_gradient("L").rotate(90)
    image = slope.rotate(180) if turned else slope
    out = BytesIO()
    image.convert("RGB").save(out, "PNG")
    return out.getvalue()


def upload(doctor: DoctorMember, data: bytes | None = None, purpose: str = "credential") -> str:
    """Upload a picture as the doctor; return its id."""
    form = {"file": SimpleUploadedFile("a.png", data or picture()), "purpose": purpose}
    answer = doctor.client.post("/api/v1/files", form, format="multipart")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def body_of(doctor: DoctorMember, kind: CredentialKind, **told: Any) -> dict[str, Any]:
    """Return a body that may be handed in; its pictures are uploaded."""
    body = {"kind": kind.value, "front": upload(doctor), **FIELDS[kind]}
    if kind == CredentialKind.ID_CARD:
        body["back"] = upload(doctor)
    if kind in WITH_END:
        today = clinic_day(now())
        body["valid_until"] = today.replace(year=today.year + 1, day=1).isoformat()
    return body | told


def hand_in(doctor: DoctorMember, kind: CredentialKind, **told: Any) -> Any:
    """Hand a paper in over HTTP; return the answer."""
    return doctor.client.post(CREDENTIALS, body_of(doctor, kind, **told), format="json")


def submitted(doctor: DoctorMember, kind: CredentialKind, **told: Any) -> Credential:
    """Hand a paper in and return its row."""
    answer = hand_in(doctor, kind, **told)
    assert answer.status_code == 201, answer.json()
    return Credential.objects.get(public_id=answer.json()["id"])


def approved(
    doctor: DoctorMember, kind: CredentialKind, *, by: Actor = REVIEWER, **told: Any
) -> Credential:
    """Hand a paper in and approve it."""
    return approve(submitted(doctor, kind, **told).pk, now=now(), by=by)


def prove_everything(doctor: DoctorMember, **licence: Any) -> dict[str, Credential]:
    """Hand in and approve all required papers; ``licence`` tells of the practising licence."""
    return {
        kind: approved(doctor, kind, **(licence if kind == CredentialKind.PRACTICE_LICENCE else {}))
        for kind in sorted(REQUIRED_CREDENTIALS)
    }
