"""What shows data of a patient: each opening by others than he is noted in the audit log."""

from typing import Any
from uuid import UUID

from appointments.models import Appointment
from chat.enums import MemberRole
from chat.models import Conversation, Member
from clinic.accounts.models import User
from clinic.complaints.models import Complaint
from clinic.core.openings import Opening, watch
from clinic.customer_service.models import LeftMessage, ServiceChat
from clinic.files.models import StoredFile
from clinic.patients.models import Consent, IdentityDocument, VisitPerson
from clinic.records.models import MedicalRecord
from clinic.relations.models import Relation
from consultations.models import Consultation
from payments.models import PaymentOrder


def _patient_in(conversation_id: Any) -> UUID | None:
    seats = Member.objects.filter(conversation_id=conversation_id, role=MemberRole.PATIENT)
    return seats.values_list("user__public_id", flat=True).first()


watch(
    Opening(
        kind="record",
        model=MedicalRecord,
        patient="patient__public_id",
        doors=(("record", "read"), ("record", "print"), ("record", "addenda")),
    )
)
watch(
    Opening(
        kind="consultation",
        model=Consultation,
        patient="patient__public_id",
        doors=(
            ("consultation", "read"),
            ("consultation", "history"),
            ("consultation", "read_record"),
            ("consultation", "read_intake"),
            ("consultation", "list_holds"),
            ("follow_up", "list"),
            ("phone_call", "list"),
        ),
    )
)
watch(
    Opening(
        kind="appointment",
        model=Appointment,
        patient="patient__public_id",
        doors=(("appointment", "read"), ("appointment", "log"), ("front_desk", "read")),
    )
)
watch(
    Opening(
        kind="visit_person",
        model=VisitPerson,
        patient="account__public_id",
        doors=(("visit_person", "read"),),
    )
)
watch(
    Opening(
        kind="identity_document",
        model=IdentityDocument,
        patient="person__account__public_id",
    )
)
watch(
    Opening(
        kind="relation",
        model=Relation,
        patient="patient__public_id",
        doors=(("own_patient", "read"),),
    )
)
watch(
    Opening(
        kind="order", model=PaymentOrder, patient="payer__public_id", doors=(("order", "read"),)
    )
)
watch(Opening(kind="file", model=StoredFile, patient="owner__public_id", doors=(("file", "read"),)))
watch(
    Opening(
        kind="complaint",
        model=Complaint,
        patient="patient__public_id",
        doors=(("concerning_complaint", "read"),),
    )
)
watch(Opening(kind="account", model=User, patient="public_id", doors=(("user", "read"),)))
watch(Opening(kind="consent", model=Consent, patient="account__public_id"))
watch(Opening(kind="conversation", model=Conversation, patient=_patient_in))
watch(Opening(kind="service_chat", model=ServiceChat, patient="customer__public_id"))
watch(Opening(kind="left_message", model=LeftMessage, patient="customer__public_id"))
