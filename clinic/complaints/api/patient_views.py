"""Endpoints of a patient who complains."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.complaints import errors
from clinic.complaints.api import permissions
from clinic.complaints.api.serializers import (
    ComplaintDetailOut,
    ComplaintIn,
    ComplaintOut,
    ComplaintQuery,
    NoteIn,
    TextIn,
)
from clinic.complaints.enums import Kind, Subject
from clinic.complaints.models import Complaint
from clinic.complaints.selectors.complaints import own, with_talk
from clinic.complaints.services import ending, noting, opening
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.core.errors import IllegalTransitionError
from clinic.settings import rules


class _ComplaintBase(ApiView):
    """An endpoint about the caller's own complaints."""

    resource = permissions.COMPLAINT

    def complaint(self, public_id: UUID) -> Complaint:
        """Return a complaint of the caller's. Raises NotFoundError."""
        return get_or_404(own(self.actor), public_id=public_id)

    def shown(self, complaint: Complaint, status: int = 200) -> Response:
        """Answer with a complaint as it is now."""
        row = get_or_404(with_talk(own(self.actor)), pk=complaint.pk)
        return Response(ComplaintDetailOut(row).data, status=status)


class ComplaintListView(_ComplaintBase):
    """The caller's complaints."""

    verbs: ClassVar = {"GET": "list", "POST": "open"}
    query_serializer_class = ComplaintQuery
    idempotent = True
    rate = "60/m"
    errors: ClassVar = (errors.ComplaintOpenError,)

    @extend_schema(responses=ComplaintOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your complaints, the newest first."""
        rows, state = own(self.actor), self.query().get("state")
        return self.page(rows.filter(state=state) if state else rows, ComplaintOut)

    @extend_schema(request=ComplaintIn, responses={201: ComplaintDetailOut})
    def post(self, _request: Request) -> Response:
        """Complain about a consultation, an appointment, a service chat or a doctor of yours."""
        told = self.input(ComplaintIn)
        grievance = opening.Grievance(
            subject=Subject(told["subject"]),
            subject_id=told["subject_id"],
            kind=Kind(told["kind"]),
            text=told["text"],
            files=told.get("files", ()),
        )
        made = opening.open_complaint(told=grievance, actor=self.actor, now=now())
        return self.shown(made, status=201)


class ComplaintView(_ComplaintBase):
    """One complaint."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=ComplaintDetailOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show a complaint with its answers and deadlines."""
        return self.shown(self.complaint(public_id))


class NoteView(_ComplaintBase):
    """Adding to a complaint."""

    verbs: ClassVar = {"POST": "note"}
    idempotent = True
    errors: ClassVar = (errors.ComplaintClosedError, errors.ComplaintFullError)

    @extend_schema(request=NoteIn, responses={201: ComplaintDetailOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Add a note to your complaint while it is not decided."""
        complaint, told = self.complaint(public_id), self.input(NoteIn)
        noting.add_note(
            complaint.pk,
            text=told["text"],
            files=told.get("files", ()),
            actor=self.actor,
            now=now(),
        )
        return self.shown(complaint, status=201)


class WithdrawView(_ComplaintBase):
    """Taking a complaint back."""

    verbs: ClassVar = {"POST": "withdraw"}
    errors: ClassVar = (IllegalTransitionError, errors.AppealUsedError)

    @extend_schema(request=None, responses=ComplaintDetailOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Withdraw your complaint while it is not decided."""
        complaint = self.complaint(public_id)
        ending.withdraw(complaint.pk, actor=self.actor, now=now())
        return self.shown(complaint)


class AcceptView(_ComplaintBase):
    """Agreeing to an outcome."""

    verbs: ClassVar = {"POST": "accept"}
    errors: ClassVar = (errors.OutcomeAcceptedError,)

    @extend_schema(request=None, responses=ComplaintDetailOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Accept the outcome of your complaint; then it is final."""
        complaint = self.complaint(public_id)
        ending.accept(complaint.pk, actor=self.actor, now=now())
        return self.shown(complaint)


class AppealView(_ComplaintBase):
    """Asking for another look."""

    verbs: ClassVar = {"POST": "appeal"}
    rate = rules.COMPLAINT_RATE
    errors: ClassVar = (
        errors.NotDecidedError,
        errors.AppealUsedError,
        errors.ComplaintOpenError,
    )

    @extend_schema(request=TextIn, responses=ComplaintDetailOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Appeal once against the outcome, within seven days; somebody else looks at it."""
        complaint, text = self.complaint(public_id), self.input(TextIn)["text"]
        ending.appeal(complaint.pk, text=text, actor=self.actor, now=now())
        return self.shown(complaint)
