"""Endpoints of consultations."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.pagination import count_of
from clinic.core.api.views import ApiView, get_or_404, json_answer
from clinic.core.errors import IllegalTransitionError, NotFoundError
from clinic.files.errors import AttachmentUsedError, FileMissingError
from clinic.patients.errors import ConsentNeededError, RealNameNeededError
from clinic.records.errors import RecordIncompleteError
from clinic.relations.errors import BlockedError
from clinic.reviews.api.serializers import ReviewIn, ReviewOut
from clinic.reviews.errors import AlreadyReviewedError
from consultations import errors
from consultations.api.intake_serializers import OrderIn, RevisitIn, form_of
from consultations.api.permissions import CONSULTATION
from consultations.api.rendering import case_of, row_of
from consultations.api.serializers import (
    CompleteIn,
    InitiateInput,
    ListQuery,
    ReasonInput,
)
from consultations.api.shapes import (
    CancelOutput,
    CaseForDoctor,
    ConsultationRow,
    EventOutput,
    HistoryOutput,
    InitiateOutput,
    PatientDetail,
)
from consultations.selectors.consultations import assigned, history_of, own, visible_to
from consultations.selectors.reading import (
    count_rows,
    own_key,
    read_case,
    read_rows,
    states_asked,
)
from consultations.services import acceptance, cancelling, closing, ordering, reviewing
from consultations.services.initiation import Intake, initiate
from consultations.services.intake import give_intake
from doctors.errors import IdentityCheckNeededError, NotCertifiedError, SuspendedError
from payments.errors import PriceNotSetError

EITHER_SIDE = PolymorphicProxySerializer(
    component_name="ConsultationOfEitherSide",
    serializers=[PatientDetail, CaseForDoctor],
    resource_type_field_name=None,
)


class ConsultationView(ApiView):
    """Base of the endpoints of one case: look-up by side and the answer's shape."""

    resource = CONSULTATION

    def own_id(self, public_id: UUID) -> int:
        """Return the key of the patient's own case. Raises NotFoundError."""
        pk = own_key(self.actor, public_id)
        if pk is None:
            raise NotFoundError
        return pk

    def assigned_id(self, public_id: UUID) -> int:
        """Return the key of the doctor's case. Raises NotFoundError."""
        return get_or_404(assigned(self.actor), public_id=public_id).pk

    def detail(self, public_id: UUID) -> dict[str, Any]:
        """Return the case as the caller's side sees it. Raises NotFoundError."""
        values = read_case(self.actor, public_id)
        if values is None:
            raise NotFoundError
        return case_of(values, self.actor.user_id)


class ConsultationListView(ConsultationView):
    """Consultations of the caller."""

    verbs: ClassVar = {"GET": "list", "POST": "initiate"}
    query_serializer_class = ListQuery
    rate = "60/m"
    errors: ClassVar = (
        errors.ConsultationOpenError,
        errors.SelfConsultationError,
        errors.DoctorNotAvailableError,
        errors.NoChildrenHereError,
        errors.BirthdayNeededError,
        BlockedError,
    )

    @extend_schema(responses={200: ConsultationRow(many=True)})
    def get(self, _request: Request) -> HttpResponse:
        """List the own cases as patient and the assigned ones as doctor, newest first."""
        query = self.query()
        page, size = query["page"], query["page_size"]
        states = states_asked(state=query.get("state"), is_open=query.get("open"))
        rows = read_rows(self.actor, states, start=(page - 1) * size, size=size)
        count = count_of(page, size, len(rows), lambda: count_rows(self.actor, states))
        results = [row_of(values) for values in rows]
        return json_answer({"count": count, "page": page, "page_size": size, "results": results})

    @extend_schema(request=InitiateInput, responses={200: InitiateOutput, 201: InitiateOutput})
    def post(self, _request: Request) -> Response:
        """Start a consultation, or get the one of this sort that is open."""
        intake = Intake(**self.input(InitiateInput))
        consultation, created = initiate(actor=self.actor, intake=intake)
        body = {"created": created, "consultation": self.detail(consultation.public_id)}
        return Response(body, status=201 if created else 200)


class ConsultationDetailView(ConsultationView):
    """One consultation."""

    verbs: ClassVar = {"GET": "read"}
    rate = "300/m"

    @extend_schema(responses={200: EITHER_SIDE})
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:
        """Show a case; doctors see the visit person's data, patients their order and queue."""
        return json_answer(self.detail(public_id))


class OrderView(ConsultationView):
    """Order of a consultation."""

    verbs: ClassVar = {"POST": "order"}
    idempotent = True
    errors: ClassVar = (
        errors.ComplaintMissingError,
        errors.BirthdayNeededError,
        errors.GuardianNeededError,
        errors.NoChildrenHereError,
        errors.DoctorNotAvailableError,
        errors.PhoneUnreachableError,
        errors.IntakeFrozenError,
        FileMissingError,
        AttachmentUsedError,
        BlockedError,
        RealNameNeededError,
        ConsentNeededError,
        PriceNotSetError,
        IllegalTransitionError,
    )

    @extend_schema(request=OrderIn, responses={200: PatientDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take the intake, freeze the price and make the order.

        Pay it through the order's own address. The intake may also come before or after.
        """
        pk = self.own_id(public_id)
        told = self.input(OrderIn)["intake"]
        if told is not None:
            give_intake(pk, actor=self.actor, form=form_of(told))
        ordering.create_order_for(pk, actor=self.actor)
        return Response(self.detail(public_id))


class AcceptView(ConsultationView):
    """Acceptance of a consultation."""

    verbs: ClassVar = {"POST": "accept"}
    errors: ClassVar = (
        errors.NotAcceptedInTimeError,
        IllegalTransitionError,
        IdentityCheckNeededError,
        NotCertifiedError,
        SuspendedError,
    )

    @extend_schema(request=RevisitIn, responses={200: CaseForDoctor})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take the case; the service time begins.

        ``fits_revisit`` true confirms that this is a re-visit, false sends the patient to a
        hospital instead; left out, the doctor says so later.
        """
        pk = self.assigned_id(public_id)
        fits = self.input(RevisitIn)["fits_revisit"]
        if fits is False:
            closing.refuse_revisit(pk, actor=self.actor)
        else:
            acceptance.accept(pk, actor=self.actor, fits_revisit=bool(fits))
        return Response(self.detail(public_id))


class DeclineView(ConsultationView):
    """Refusal of a consultation by its doctor."""

    verbs: ClassVar = {"POST": "decline"}
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=ReasonInput, responses={204: None})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Give a case that was not accepted yet to another doctor."""
        why = self.input(ReasonInput)["reason"]
        acceptance.decline(self.assigned_id(public_id), actor=self.actor, why=why)
        return Response(status=204)


class ReturnView(ConsultationView):
    """Return of a consultation to the queue."""

    verbs: ClassVar = {"POST": "return"}
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=ReasonInput, responses={204: None})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Give a case, also an accepted one, to another doctor."""
        why = self.input(ReasonInput)["reason"]
        acceptance.return_to_pool(self.assigned_id(public_id), actor=self.actor, why=why)
        return Response(status=204)


class CancelView(ConsultationView):
    """Cancellation of a consultation by its patient."""

    verbs: ClassVar = {"POST": "cancel"}
    idempotent = True
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=None, responses={200: CancelOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Cancel; before acceptance the money goes back by itself, later staff decide."""
        pk = self.own_id(public_id)
        _consultation, decision = cancelling.cancel(pk, actor=self.actor)
        refund = {"mode": decision.mode, "amount_fen": decision.amount_fen}
        return Response({"consultation": self.detail(public_id), "refund": refund})


class CompleteView(ConsultationView):
    """Completion of a consultation with its record."""

    verbs: ClassVar = {"POST": "complete"}
    errors: ClassVar = (
        IllegalTransitionError,
        RecordIncompleteError,
        errors.CallMissingError,
        errors.RevisitNotConfirmedError,
    )

    @extend_schema(request=CompleteIn, responses={200: CaseForDoctor})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Sign the record, its draft and what is told here, and end the service.

        Without a draft, ``diagnosis`` and ``advice`` are enough. The re-visit is confirmed
        before, or here.
        """
        pk = self.assigned_id(public_id)
        told = self.input(CompleteIn)
        fits = told.pop("fits_revisit")
        closing.complete(pk, actor=self.actor, told=told, fits_revisit=fits)
        shown = self.detail(public_id)
        # The relation hears of it by an event, a moment later.
        return Response(shown | {"latest_report_id": shown["record"]["id"]})


class EndView(ConsultationView):
    """End of a consultation by its patient."""

    verbs: ClassVar = {"POST": "end"}
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=None, responses={200: PatientDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End a running service that has given what was needed."""
        pk = self.own_id(public_id)
        closing.end_by_patient(pk, actor=self.actor)
        return Response(self.detail(public_id))


class ReferView(ConsultationView):
    """Referral of a patient to a hospital."""

    verbs: ClassVar = {"POST": "refer"}
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=None, responses={200: CaseForDoctor})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End an offered or running case because the patient must be seen in person."""
        pk = self.assigned_id(public_id)
        closing.refer_offline(pk, actor=self.actor)
        return Response(self.detail(public_id))


class ReviewView(ConsultationView):
    """Review of a consultation."""

    verbs: ClassVar = {"POST": "review"}
    rate = "30/m"
    errors: ClassVar = (
        errors.NotCompletedError,
        errors.ReviewTooLateError,
        AlreadyReviewedError,
    )

    @extend_schema(request=ReviewIn, responses={201: ReviewOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Rate a completed case, once."""
        consultation = get_or_404(own(self.actor), public_id=public_id)
        told = self.input(ReviewIn)
        stored = reviewing.review(consultation, actor=self.actor, **told)
        return Response(ReviewOut(stored).data, status=201)


class HistoryView(ConsultationView):
    """Moves of a consultation."""

    verbs: ClassVar = {"GET": "history"}

    @extend_schema(responses={200: HistoryOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the moves of a case, oldest first."""
        rows = visible_to(self.actor).select_related("patient")
        consultation = get_or_404(rows, public_id=public_id)
        context = {"patient_public_id": consultation.patient.public_id}
        moves = EventOutput(history_of(consultation), many=True, context=context)
        return Response({"results": moves.data})
