"""What a patient's own archive holds: one table a kind of thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from chat.models import Member, Message
from clinic.accounts.models import DeviceSession, User
from clinic.complaints.models import Complaint
from clinic.core.audit import READ
from clinic.core.models import AuditEntry
from clinic.customer_service.models import LeftMessage
from clinic.files.enums import Scan
from clinic.files.models import StoredFile
from clinic.notifications.models import Notice
from clinic.patients.models import Consent, IdentityDocument, VisitPerson
from clinic.privacy.models import DataExport, DeletionRequest, EmergencyAccess
from clinic.privacy.selectors.reads import pronoun_of
from clinic.privacy.selectors.tables import Column, Table
from clinic.records.models import MedicalRecord, RecordAddendum
from clinic.records.selectors.records import records_of_patient
from clinic.relations.models import Relation
from clinic.reviews.models import Review
from consultations.models import Consultation, FollowUp, IntakeSheet
from payments.models import PaymentOrder, Refund
from payments.selectors.ledger import statement

C = Column
Rows = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the archive and where its rows come from."""

    table: Table
    rows: Rows


def _part(name: str, title: str | Promise, rows: Rows, *columns: Column) -> Part:
    return Part(Table(name=name, title=title, columns=columns), rows)


def _id(path: str = "public_id", name: str = "id") -> Column:
    return C(name, path, "uuid")


def _at(name: str, path: str = "") -> Column:
    return C(name, path or name, "date-time")


def _reader(note: Mapping[str, Any]) -> str:
    return pronoun_of(str(note.get("role", ""))).value


def _why(note: Mapping[str, Any]) -> str:
    return str(note.get("why", ""))


def _talks_of(account: User) -> QuerySet[Member]:
    return Member.objects.filter(user=account)


def _messages_of(account: User) -> QuerySet[Message]:
    """Messages of the talks he takes part in; what was recalled is empty for everybody."""
    talks = _talks_of(account).filter(left_seq=None).values("conversation_id")
    return Message.objects.filter(conversation_id__in=talks)


def _reads(account: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(patient=account.public_id, verb__endswith=READ)


def files_of(account: User) -> QuerySet[StoredFile]:
    """Return the files that the person gave, without those a scanner refused."""
    return StoredFile.objects.filter(owner=account).exclude(scan=Scan.REFUSED).order_by("pk")


def papers_of(account: User) -> QuerySet[MedicalRecord]:
    """Return the records that are printed into the archive."""
    return records_of_patient(account.pk)


PARTS: Final[tuple[Part, ...]] = (
    _part(
        "account", _("Account"), lambda account: User.objects.filter(pk=account.pk),
        _id(), C("phone", "phone"), C("name", "name"), C("language", "language"),
        _at("created_at"),
    ),
    _part(
        "devices", _("Devices"), lambda account: DeviceSession.objects.filter(user=account),
        _id(), C("device", "device"), _at("created_at"), _at("last_used_at"), _at("expires_at"),
        _at("revoked_at"),
    ),
    _part(
        "visit_persons", _("Visit persons"),
        lambda account: VisitPerson.objects.filter(account=account),
        _id(), C("name", "name"), C("gender", "gender"), C("birthday", "birthday", "date"),
        C("relation", "relation"), C("phone", "phone"), C("city", "city"),
        C("height_cm", "height_cm"), C("weight_kg", "weight_kg"),
        C("is_active", "is_active", "boolean"), _at("created_at"),
    ),
    _part(
        "identity_documents", _("Identity documents"),
        lambda account: IdentityDocument.objects.filter(person__account=account),
        _id(), _id("person__public_id", "visit_person"), C("kind", "kind"), C("state", "state"),
        C("reason", "reason"), C("valid_until", "valid_until", "date"),
        _id("front__public_id", "front_file"), _id("back__public_id", "back_file"),
        _at("created_at"), _at("reviewed_at"),
    ),
    _part(
        "consultations", _("Consultations"),
        lambda account: Consultation.objects.filter(patient=account),
        _id(), _id("person__public_id", "visit_person"), C("kind", "kind"), C("state", "state"),
        C("doctor", "doctor__name"), C("department", "department__name"),
        C("complaint", "complaint"), _id("conversation__public_id", "conversation"),
        _id("order__public_id", "order"), _at("created_at"), _at("paid_at"), _at("accepted_at"),
        _at("ended_at"),
    ),
    _part(
        "intakes", _("Intakes"),
        lambda account: IntakeSheet.objects.filter(consultation__patient=account),
        _id("consultation__public_id", "consultation"), C("version", "version", "integer"),
        C("complaint", "complaint"), C("duration", "duration_value", "integer"),
        C("duration_unit", "duration_unit"), C("allergy", "allergy"), C("allergies", "allergies"),
        C("pregnancy", "pregnancy"), C("drugs", "drugs"),
        C("ten_questions", "ten_questions", "object"), C("height_cm", "height_cm"),
        C("weight_kg", "weight_kg"), C("earlier_diagnosis", "earlier_diagnosis"),
        C("guardian", "guardian_name"), C("guardian_relation", "guardian_relation"),
        _at("given_at"),
    ),
    _part(
        "follow_ups", _("Follow-ups"),
        lambda account: FollowUp.objects.filter(consultation__patient=account),
        _id(), _id("consultation__public_id", "consultation"), C("text", "text"),
        C("state", "state"), _at("due_at"), _at("ended_at"),
    ),
    _part(
        "consents", _("Consents"), lambda account: Consent.objects.filter(account=account),
        _id(), _id("person__public_id", "visit_person"), C("kind", "text__kind"),
        C("version", "text__version", "integer"), C("title", "text__title_zh"),
        C("by_guardian", "is_by_guardian", "boolean"), C("guardian", "guardian_name"),
        C("guardian_relation", "guardian_relation"), _at("given_at", "created_at"),
        _at("revoked_at"),
    ),
    _part(
        "appointments", _("Appointments"),
        lambda account: Appointment.objects.filter(patient=account),
        _id(), C("code", "code"), _id("person__public_id", "visit_person"), C("state", "state"),
        C("type", "kind__name_zh"), C("branch", "branch__name"), C("doctor", "doctor__name"),
        C("requirements", "requirements"), _at("starts_at"), _at("ends_at"), _at("created_at"),
    ),
    _part(
        "records", _("Medical records"), papers_of,
        _id(), C("number", "number"), _id("person__public_id", "visit_person"),
        C("doctor", "doctor__name"), C("care", "subject_kind"),
        _id("subject_public_id", "care_id"), C("chief_complaint", "chief_complaint"),
        C("present_history", "present_history"), C("past_history", "past_history"),
        C("allergies", "allergies"), C("looking", "looking"), C("listening", "listening"),
        C("asking", "asking"), C("palpation", "palpation"), C("tongue", "tongue"),
        C("pulse", "pulse"), C("diagnosis", "diagnosis"), C("principle", "principle"),
        C("advice", "advice"), _at("signed_at"), C("sha256", "content_hash"),
    ),
    _part(
        "addenda", _("Addenda"),
        lambda account: RecordAddendum.objects.filter(record__patient=account),
        _id(), C("record", "record__number"), C("author", "author_name"), C("reason", "reason"),
        C("text", "text"), _at("signed_at"),
    ),
    _part(
        "conversations", _("Conversations"), _talks_of,
        _id("conversation__public_id"), C("kind", "conversation__kind"), C("role", "role"),
        _at("joined_at"),
    ),
    _part(
        "messages", _("Messages"), _messages_of,
        _id(), _id("conversation__public_id", "conversation"), C("number", "seq", "integer"),
        C("from", "role"), C("kind", "kind"), C("text", "body"),
        _id("attachment__public_id", "file"), _at("created_at"), _at("edited_at"),
        _at("recalled_at"),
    ),
    _part(
        "left_messages", _("Left messages"),
        lambda account: LeftMessage.objects.filter(customer=account),
        _id(), C("text", "body"), C("state", "state"), _at("created_at"), _at("answered_at"),
    ),
    _part(
        "orders", _("Orders"), lambda account: PaymentOrder.objects.filter(payer=account),
        _id(), C("number", "number"), C("title", "title"), C("status", "status"),
        C("amount_fen", "amount_fen", "integer"), C("paid_fen", "paid_fen", "integer"),
        C("refunded_fen", "refunded_fen", "integer"), _at("created_at"), _at("paid_at"),
        _at("closed_at"),
    ),
    _part(
        "refunds", _("Refunds"), lambda account: Refund.objects.filter(order__payer=account),
        _id(), C("order", "order__number"), C("amount_fen", "amount_fen", "integer"),
        C("reason", "reason"), C("status", "status"), C("to", "destination"), _at("created_at"),
        _at("completed_at"),
    ),
    _part(
        "balance", _("Movements of the balance"),
        lambda account: statement(account.public_id),
        C("number", "sequence", "integer"), C("what", "transaction__kind"),
        C("amount_fen", "amount_fen", "integer"),
        C("balance_after_fen", "balance_after_fen", "integer"),
        _at("at", "transaction__created_at"),
    ),
    _part(
        "reviews", _("Reviews"), lambda account: Review.objects.filter(author=account),
        _id(), C("of", "target_kind"), _id("target_public_id", "of_id"),
        C("stars", "stars", "integer"), C("tags", "tags", "array"), C("text", "text"),
        C("reply", "reply"), _at("created_at"), _at("edited_at"),
    ),
    _part(
        "complaints",
        _("Complaint tickets"),
        lambda account: Complaint.objects.filter(patient=account),
        _id(),
        C("about", "subject"),
        _id("subject_public_id", "about_id"),
        C("kind", "kind"),
        C("text", "text"),
        C("state", "state"),
        C("outcome", "outcome"),
        _at("created_at"),
        _at("answered_at"),
        _at("decided_at"),
    ),
    _part(
        "doctors", _("Doctors you know"), lambda account: Relation.objects.filter(patient=account),
        _id(), C("doctor", "doctor__name"), C("source", "source"),
        C("is_followed", "is_followed", "boolean"),
        C("is_blocked", "is_blocked_by_patient", "boolean"), _at("created_at"),
    ),
    _part(
        "notices", _("Notices"), lambda account: Notice.objects.filter(user=account),
        _id(), C("kind", "kind"), C("fields", "params", "object"), _at("created_at"),
        _at("read_at"),
    ),
    _part(
        "files", _("Files"), files_of,
        _id(), C("name", "name"), C("media_type", "mime"), C("bytes", "size", "integer"),
        C("sha256", "sha256"), C("for", "purpose"), _at("created_at"),
    ),
    _part(
        "reads", _("Who opened your data"), _reads,
        _at("at", "created_at"), C("who", "note", "string", _reader), C("what", "subject"),
        C("why", "note", "string", _why),
    ),
    _part(
        "emergency_reads", _("Emergency accesses"),
        lambda account: EmergencyAccess.objects.filter(patient=account, told_at__isnull=False),
        _id(), C("who", "role", "string", lambda role: pronoun_of(role).value),
        C("reason", "reason"), _at("at", "created_at"), _at("ends_at"),
    ),
    _part(
        "exports", _("Archives"), lambda account: DataExport.objects.filter(account=account),
        _id(), C("state", "state"), _at("created_at"), _at("ready_at"), _at("fetched_at"),
    ),
    _part(
        "deletion_requests", _("Deletion requests"),
        lambda account: DeletionRequest.objects.filter(account=account),
        _id(), C("state", "state"), _at("created_at"), _at("due_at"), _at("ended_at"),
    ),
)  # fmt: skip

# What is left out, by code, and why.
LEFT_OUT: Final[Mapping[str, str | Promise]] = {
    "passwords": _("Passwords, codes and keys: they are kept in a form nobody can read back."),
    "id_numbers": _(
        "ID numbers: they are stored encrypted; a copy that leaves the house does not carry them."
    ),
    "doctors_notes": _("What doctors note for themselves about patients: it is their own work."),
    "internal_notes": _("Notes of customer service among colleagues, and grades of their work."),
    "drafts": _("Records that are not signed yet: they are no records before."),
    "others": _("Names and accounts of staff who opened your data: they are told by role."),
    "technical": _("Log lines and caches: they hold no data of persons and are gone in days."),
}
