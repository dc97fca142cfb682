"""Endpoints of the intake of one case, and of the re-visit gate."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import IllegalTransitionError, NotFoundError
from clinic.files.api.views import AnyNegotiation
from clinic.files.contents.reading import MEDIA_TYPES
from clinic.files.errors import (
    AttachmentUsedError,
    FileBeingScannedError,
    FileMissingError,
    FileRefusedError,
)
from clinic.files.selectors import judged
from clinic.files.serving import answer_with
from clinic.settings import rules
from consultations import errors
from consultations.api.intake_serializers import (
    CheckIn,
    IntakeFormOut,
    IntakeIn,
    IntakeOut,
    VersionQuery,
    form_of,
    words_of,
)
from consultations.api.shapes import CaseForDoctor
from consultations.api.views import ConsultationView
from consultations.enums import INTAKE_OPEN
from consultations.models import Consultation
from consultations.rules.ten_questions import TEN_QUESTIONS
from consultations.selectors.consultations import visible_to
from consultations.selectors.intakes import file_of, sheet_with_all
from consultations.services import closing
from consultations.services.intake import give_intake, note_reading
from doctors.errors import IdentityCheckNeededError, NotCertifiedError, SuspendedError


class IntakeFormView(ApiView):
    """The form of the intake."""

    resource = "intake_form"
    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=IntakeFormOut)
    def get(self, _request: Request) -> Response:
        """Show the questions with their choices in the reader's language."""
        questions = [
            {
                "key": key,
                "title": str(question.title),
                "not_for_men": question.not_for_men,
                "choices": words_of(key, question.choices),
            }
            for key, question in TEN_QUESTIONS.items()
        ]
        body = {
            "ten_questions": questions,
            "files_most": rules.INTAKE_FILES_MOST,
            "guardian_below_years": rules.CHILD_UNDER_YEARS,
        }
        return Response(IntakeFormOut(body).data)


class IntakeView(ConsultationView):
    """Intake of a consultation."""

    verbs: ClassVar = {"GET": "read_intake", "PUT": "write_intake"}
    rate = "60/m"
    refuses_unknown_fields = True
    errors: ClassVar = (errors.IntakeFrozenError, FileMissingError, AttachmentUsedError)
    query_serializer_class = VersionQuery

    @extend_schema(responses=IntakeOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show the newest version, or an older one; a doctor's reading is noted."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        answer = self._shown(case, self.query().get("version"))
        note_reading(case, actor=self.actor, how="intake")
        return answer

    @extend_schema(request=IntakeIn, responses=IntakeOut)
    def put(self, _request: Request, public_id: UUID) -> Response:
        """Store the whole form as a new version, until the doctor accepts.

        ``red_flags`` of the answer say what to do at once.
        """
        pk = self.own_id(public_id)
        give_intake(pk, actor=self.actor, form=form_of(self.input(IntakeIn)))
        return self._shown(get_or_404(visible_to(self.actor), public_id=public_id), None)

    def _shown(self, case: Consultation, version: int | None) -> Response:
        sheet = sheet_with_all(case.pk, version)
        if sheet is None:
            raise NotFoundError
        context = {"is_frozen": case.state not in INTAKE_OPEN}
        return Response(IntakeOut(sheet, context=context).data)


class IntakeFileView(ConsultationView):
    """A photo or paper of an intake."""

    verbs: ClassVar = {"GET": "read_intake"}
    content_negotiation_class = AnyNegotiation
    errors: ClassVar = (FileBeingScannedError, FileRefusedError)

    @extend_schema(
        responses={
            **dict.fromkeys(((200, mime) for mime in MEDIA_TYPES), OpenApiTypes.BINARY),
            **dict.fromkeys(((206, mime) for mime in MEDIA_TYPES), OpenApiTypes.BINARY),
            304: None,
            416: None,
        }
    )
    def get(self, request: Request, public_id: UUID, file_id: UUID) -> HttpResponse:
        """Read a file of the intake; a doctor's reading is noted."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        file = file_of(case, file_id)
        if file is None:
            raise NotFoundError
        answer = answer_with(judged(file), request.headers)
        note_reading(case, actor=self.actor, how="file")
        return answer


class RevisitCheckView(ConsultationView):
    """The doctor's word on whether a case is a re-visit."""

    verbs: ClassVar = {"POST": "check_revisit"}
    errors: ClassVar = (
        IllegalTransitionError,
        errors.NotAcceptedInTimeError,
        IdentityCheckNeededError,
        NotCertifiedError,
        SuspendedError,
    )

    @extend_schema(request=CheckIn, responses={200: CaseForDoctor})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Confirm the re-visit, or end the case because the patient must be seen in person."""
        pk = self.assigned_id(public_id)
        fits: Any = self.input(CheckIn)["fits"]
        (closing.confirm_revisit if fits else closing.refuse_revisit)(pk, actor=self.actor)
        return Response(self.detail(public_id))
