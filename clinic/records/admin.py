"""Console screens of records: to look at; who opened a record is in the audit log."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.columns import pill, state_column
from clinic.core.console import actor_of, holds
from clinic.core.masking import mask_name
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.records.enums import TEXTS, State
from clinic.records.errors import NoFontError
from clinic.records.models import DiagnosisCode, MedicalRecord, RecordAddendum, RecordDiagnosis
from clinic.records.selectors.contents import is_untouched
from clinic.records.selectors.records import with_all
from clinic.records.services.printing import print_record
from clinic.records.services.reading import note_reading

# Who may read what doctors wrote; others see that a record is there.
MEDICAL = frozenset({Role.ADMIN, Role.PHARMACIST})
TONES = {State.DRAFT: "warning", State.SIGNED: "success"}


class DiagnosisInline(ReadOnlyInline):
    """Coded diagnoses."""

    model = RecordDiagnosis
    fields = ("position", "system", "code", "name", "edition")
    ordering = ("position",)


class AddendumInline(ReadOnlyInline):
    """Corrections."""

    model = RecordAddendum
    fields = ("position", "signed_at", "author_name", "reason", "text")
    ordering = ("position",)


@admin.register(MedicalRecord)
class MedicalRecordAdmin(ReadOnlyAdmin):
    """Signed records and drafts."""

    icon, place = "clinical_notes", 10
    readers = MEDICAL
    list_display = ("number", "shown_state", "doctor", "shown_person", "subject_kind", "signed_at")
    list_filter = ("state", "subject_kind")
    list_select_related = ("doctor", "person")
    search_fields = ("number", "public_id", "subject_public_id")
    ordering = ("-id",)
    shown_state = state_column("state", _("state"), TONES)
    facts: ClassVar = (
        "number", "shown_state", "doctor", "shown_person", "subject_kind", "subject_public_id",
        "created_at", "signed_at", "shown_proof",
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """Add the paper."""
        view = self.admin_site.admin_view(self.paper)
        name = "records_medicalrecord_paper"
        return [path("<path:object_id>/paper.pdf", view, name=name), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 Django's form
        """Show the medical text to those who may read it."""
        shown: list[Any] = [(None, {"fields": self.facts})]
        if holds(request, MEDICAL):
            shown.append((_("Medical text"), {"fields": ("shown_paper", *TEXTS)}))
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 Django's form
        """All is read-only."""
        return (*self.facts, "shown_paper", *TEXTS)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:  # noqa: ARG002 Django's form
        """Diagnoses and corrections are medical text too."""
        return [DiagnosisInline, AddendumInline] if holds(request, MEDICAL) else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the people along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("doctor", "person")

    def paper(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the PDF of a signed record, and note who took it."""
        rows = with_all(MedicalRecord.objects.filter(state=State.SIGNED))
        record = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        if record is None or not holds(request, MEDICAL):
            raise PermissionDenied
        note_reading(record, actor=actor_of(request), how="console_pdf")
        try:
            paper = print_record(record)
        except NoFontError as error:
            return HttpResponse(error.detail, status=error.status, content_type="text/plain")
        answer = HttpResponse(paper, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{record.number}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer

    @display(description=_("visit person"))
    def shown_person(self, record: MedicalRecord) -> str:
        """The name, masked."""
        return mask_name(record.person.name)

    @display(description=_("proof"))
    def shown_proof(self, record: MedicalRecord) -> str:
        """Whether the record is what was signed."""
        if not record.signature:
            return pill(_("not signed electronically"))
        whole = with_all(MedicalRecord.objects.filter(pk=record.pk)).get()
        return (
            pill(_("genuine"), "success") if is_untouched(whole) else pill(_("touched"), "danger")
        )

    @display(description=_("paper"))
    def shown_paper(self, record: MedicalRecord) -> str:
        """Where the PDF is."""
        if record.state != State.SIGNED:
            return "-"
        address = reverse("admin:records_medicalrecord_paper", args=[record.pk])
        return format_html('<a href="{}" target="_blank">{}.pdf</a>', address, record.number)


@admin.register(DiagnosisCode)
class DiagnosisCodeAdmin(ReadOnlyAdmin):
    """The tables of diagnoses; they come by ``manage.py import_diagnosis_codes``."""

    icon, place = "list_alt", 20
    list_display = ("system", "code", "name", "edition", "is_category", "is_active")
    list_filter = ("system", "edition", "is_category", "is_active")
    search_fields = ("code", "name")
    ordering = ("system", "code")
